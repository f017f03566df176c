import { expect, test } from "vitest";
import type { Batch } from "../../../src/engines/engine.js";
import { batches, epochOrder } from "../../../src/train/data/batches.js";
import { mixingKey } from "../../../src/train/data/mixing.js";
import { mixBatch } from "../../../src/train/data/mixup.js";
import { openShapes } from "../../../src/train/data/shapes.js";
import { dataError } from "./folders.js";

/** Image i is i + 1 everywhere, with label i. */
function plainBatch(count: number): Batch {
  return {
    images: Float32Array.from({ length: count * 4 }, (_, i) => Math.floor(i / 4) + 1),
    shape: [count, 2, 2, 1],
    labels: Int32Array.from({ length: count }, (_, i) => i),
  };
}

test("every image is mixed with its partner, and every image is once a partner", () => {
  for (let key = 0; key < 50; key++) {
    const { images, labels, mix } = mixBatch(plainBatch(9), 1, key);
    if (mix === undefined) throw new Error("the batch was not mixed");
    expect(mix.share).toBeGreaterThanOrEqual(0.5);
    expect(mix.share).toBeLessThanOrEqual(1);
    expect([...mix.labels].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    images.forEach((value, i) => {
      const image = Math.floor(i / 4);
      const partner = mix.labels[image] ?? -1;
      expect(value).toBe(Math.fround(mix.share * (image + 1) + (1 - mix.share) * (partner + 1)));
    });
  }
});

test("a lone image is left as it is; other keys mix otherwise", () => {
  expect(mixBatch(plainBatch(1), 1, 3)).toEqual(plainBatch(1));
  expect(mixBatch(plainBatch(9), 1, 3)).toEqual(mixBatch(plainBatch(9), 1, 3));
  expect(mixBatch(plainBatch(9), 1, 3)).not.toEqual(mixBatch(plainBatch(9), 1, 4));
  expect(
    new Set([mixingKey(1, 1, 1), mixingKey(2, 1, 1), mixingKey(1, 2, 1), mixingKey(1, 1, 2)]).size,
  ).toBe(4);
});

test("an epoch's batches are those without mixup, mixed, wherever mixup stands; resumed they are the same", async () => {
  const { train } = openShapes({ size: 16, train: 26, validation: 0, seed: 3 });
  const gather = async (augment: Parameters<typeof batches>[1]["augment"], from = 0) => {
    const order = epochOrder(7, 2, train.size, true);
    const options = { order, from, batch: 5, preprocess: [], augment, seed: 7, epoch: 2 };
    const found: Batch[] = [];
    for await (const batch of batches(train, options)) found.push(batch);
    return found;
  };
  const mixup = { kind: "mixup", alpha: 0.4 } as const;
  const bare = await gather([{ kind: "flip" }]);
  const mixed = await gather([{ kind: "flip" }, mixup]);
  expect(mixed).toEqual(bare.map((batch, number) => mixBatch(batch, 0.4, mixingKey(7, 2, number))));
  expect(mixed.map(({ mix }) => mix !== undefined)).toEqual([true, true, true, true, true, false]);
  expect(await gather([{ kind: "flip" }, mixup], 3)).toEqual(mixed.slice(3));
  const first = await gather([mixup, { kind: "flip" }]);
  expect(first.map(({ mix }) => mix?.share)).toEqual(mixed.map(({ mix }) => mix?.share));
  expect((await dataError(() => gather([mixup, mixup]))).message).toContain("more than once");
});
