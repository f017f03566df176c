/** Batches for the small network, and how far two states of it are apart. */
import { expect } from "vitest";
import type { Batch, State } from "../../src/engines/engine.js";
import { randomBelow, randomKey } from "../../src/random/random.js";
import { normal } from "../reference/array.js";

/** Random images of 12 by 12 pixels with random labels, the same for a seed. */
export function batch(seed: number, count = 8, classes = 3): Batch {
  const key = randomKey("labels", seed);
  return {
    images: Float32Array.from(normal([count, 12, 12, 3], "images", seed).data),
    shape: [count, 12, 12, 3],
    labels: Int32Array.from({ length: count }, (_, i) => randomBelow(key, i, classes)),
  };
}

/** The largest difference of a number in two states of the same tensors. */
export function difference(a: State, b: State): number {
  expect([...a.tensors.keys()]).toEqual([...b.tensors.keys()]);
  let worst = 0;
  for (const [name, { data }] of a.tensors) {
    const other = b.tensors.get(name)?.data ?? [];
    data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (other[i] ?? NaN)))));
  }
  return worst;
}
