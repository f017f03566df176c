import { describe, expect, test } from "vitest";
import { averageDecay } from "../../src/recipe/average.js";
import {
  fallsAfter,
  hasPlateaued,
  rateAfterFalls,
  type ComparedEpoch,
} from "../../src/recipe/plateau.js";

/** Epochs of these values, whose losses say nothing. */
function epochs(values: readonly number[]): readonly ComparedEpoch[] {
  return values.map((value) => ({ value, loss: 0 }));
}

describe("a plateau", () => {
  const stop = { kind: "plateau", patience: 3, least: 0 } as const;

  test("of equal values is no plateau where the loss falls, unless more is asked for", () => {
    const falling = [0.5, 0.4, 0.3, 0.2, 0.1].map((loss) => ({ value: 0.5, loss }));
    expect(hasPlateaued(stop, falling)).toBe(false);
    expect(hasPlateaued({ ...stop, least: 0.01 }, falling)).toBe(true);
    expect(hasPlateaued(stop, falling.toReversed())).toBe(true);
  });

  test("is so many values in a row that are no better than the best", () => {
    expect(hasPlateaued(stop, epochs([]))).toBe(false);
    expect(hasPlateaued(stop, epochs([0.5, 0.4, 0.5]))).toBe(false);
    expect(hasPlateaued(stop, epochs([0.5, 0.4, 0.5, 0.3]))).toBe(true);
    expect(hasPlateaued(stop, epochs([0.5, 0.4, 0.5, 0.51]))).toBe(false);
    expect(hasPlateaued(stop, epochs([0.5, 0.4, 0.51, 0.5, 0.5, 0.5]))).toBe(true);
    expect(hasPlateaued(stop, epochs([NaN, NaN, NaN]))).toBe(true);
  });

  test("counts what is better by too little, against the best that was better by enough", () => {
    const strict = { ...stop, least: 0.1 };
    expect(hasPlateaued(strict, epochs([0.5, 0.55, 0.59, 0.6]))).toBe(true);
    expect(hasPlateaued(strict, epochs([0.5, 0.55, 0.59, 0.61]))).toBe(false);
  });

  test("is never where nothing is asked", () => {
    expect(hasPlateaued({ kind: "never" }, epochs([1, 0, 0, 0, 0, 0]))).toBe(false);
  });
});

describe("a rate that falls on a plateau", () => {
  const schedule = { kind: "onplateau", warmup: 0, patience: 2, factor: 0.1, least: 0 } as const;

  test("falls after so many values in a row that are no better, which then count anew", () => {
    expect(fallsAfter(schedule, epochs([]))).toBe(0);
    expect(fallsAfter(schedule, epochs([0.5, 0.4]))).toBe(0);
    expect(fallsAfter(schedule, epochs([0.5, 0.4, 0.5]))).toBe(1);
    expect(fallsAfter(schedule, epochs([0.5, 0.4, 0.5, 0.4]))).toBe(1);
    expect(fallsAfter(schedule, epochs([0.5, 0.4, 0.5, 0.4, 0.3]))).toBe(2);
    expect(fallsAfter(schedule, epochs([0.5, 0.4, 0.5, 0.4, 0.6, 0.5]))).toBe(1);
    expect(fallsAfter({ ...schedule, least: 0.2 }, epochs([0.5, 0.6, 0.65]))).toBe(1);
    expect(rateAfterFalls(0.5, { ...schedule, factor: 0.5 }, 2)).toBe(0.125);
  });

  test("never falls by another schedule", () => {
    expect(fallsAfter({ kind: "constant", warmup: 0 }, epochs([1, 0, 0, 0, 0]))).toBe(0);
    expect(rateAfterFalls(0.5, { kind: "constant", warmup: 0 }, 3)).toBe(0.5);
  });
});

test("an average forgets its random start before it keeps what it is told to", () => {
  expect(averageDecay(0.999, 0)).toBe(0.1);
  expect(averageDecay(0.999, 90)).toBe(0.91);
  expect(averageDecay(0.999, 1e6)).toBe(0.999);
});
