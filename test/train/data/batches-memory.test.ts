// In a file, and so a process, of its own: what other tests have left to be swept is not counted here.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { batches, epochOrder } from "../../../src/train/data/batches.js";
import { openShapes } from "../../../src/train/data/shapes.js";

test("memory stays flat over many batches", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const split = openShapes({ size: 64, train: 6400, validation: 0, seed: 1 }).train;
  const order = epochOrder(5, 1, split.size, true);
  const preprocess = [{ kind: "normalize", mean: [0.5], std: [0.25] }] as const;
  const options = { order, from: 0, batch: 32, preprocess, augment: [], seed: 5, epoch: 1 };
  const held: number[] = [];
  let count = 0;
  for await (const batch of batches(split, options)) {
    // One batch is 1.5 MiB of floats; 200 of them would be 300 MiB.
    expect(batch.images.byteLength).toBe(32 * 64 * 64 * 3 * 4);
    if (++count % 40 !== 0) continue;
    collectGarbage();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    held.push(arrayBuffers + heapUsed);
  }
  expect(count).toBe(200);
  // What was freed is swept a moment later: some batches are still counted.
  expect(Math.max(...held) - Math.min(...held)).toBeLessThan(64 * 2 ** 20);
});
