/** Plain float64 arrays for the slow references, seeded random ones, and finite differences. */
import { randomKey, randomNormal } from "../../src/random/random.js";

export interface Reference {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

export function zeros(shape: readonly number[]): Reference {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

/** Standard normal numbers that a float32 holds exactly. */
export function normal(shape: readonly number[], ...key: (number | string)[]): Reference {
  const k = randomKey(...key);
  return {
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.fround(randomNormal(k, i))),
  };
}

export function map(a: Reference, f: (value: number, index: number) => number): Reference {
  return { shape: a.shape, data: a.data.map(f) };
}

/** The sum of the elementwise product. */
export function inner(a: Reference, b: Reference): number {
  return a.data.reduce((sum, value, i) => sum + value * (b.data[i] ?? 0), 0);
}

/** The gradient of `f` at `at` by central differences. */
export function finiteDifferences(
  f: (at: Reference) => number,
  at: Reference,
  step = 1e-5,
): Reference {
  const data = at.data.map((value, i) => {
    const moved = (to: number): number => {
      const copy = Float64Array.from(at.data);
      copy[i] = to;
      return f({ shape: at.shape, data: copy });
    };
    return (moved(value + step) - moved(value - step)) / (2 * step);
  });
  return { shape: at.shape, data };
}

/** The largest difference, as a share of the larger of 1 and the largest value. */
export function disagreement(found: ArrayLike<number>, expected: Reference): number {
  if (found.length !== expected.data.length) return Infinity;
  let scale = 1;
  let worst = 0;
  expected.data.forEach((value, i) => {
    scale = Math.max(scale, Math.abs(value));
    const difference = Math.abs((found[i] ?? NaN) - value);
    worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
  });
  return worst / scale;
}
