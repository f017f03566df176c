import { describe, expect, test } from "vitest";
import { averageDecay } from "../../src/recipe/average.js";
import { fallsAfter, hasPlateaued, rateAfterFalls } from "../../src/recipe/plateau.js";

describe("a plateau", () => {
  const stop = { kind: "plateau", patience: 3, least: 0 } as const;

  test("is so many values in a row that are no better than the best", () => {
    expect(hasPlateaued(stop, [])).toBe(false);
    expect(hasPlateaued(stop, [0.5, 0.4, 0.5])).toBe(false);
    expect(hasPlateaued(stop, [0.5, 0.4, 0.5, 0.3])).toBe(true);
    expect(hasPlateaued(stop, [0.5, 0.4, 0.5, 0.51])).toBe(false);
    expect(hasPlateaued(stop, [0.5, 0.4, 0.51, 0.5, 0.5, 0.5])).toBe(true);
    expect(hasPlateaued(stop, [NaN, NaN, NaN])).toBe(true);
  });

  test("counts what is better by too little, against the best that was better by enough", () => {
    const strict = { ...stop, least: 0.1 };
    expect(hasPlateaued(strict, [0.5, 0.55, 0.59, 0.6])).toBe(true);
    expect(hasPlateaued(strict, [0.5, 0.55, 0.59, 0.61])).toBe(false);
  });

  test("is never where nothing is asked", () => {
    expect(hasPlateaued({ kind: "never" }, [1, 0, 0, 0, 0, 0])).toBe(false);
  });
});

describe("a rate that falls on a plateau", () => {
  const schedule = { kind: "onplateau", warmup: 0, patience: 2, factor: 0.1, least: 0 } as const;

  test("falls after so many values in a row that are no better, which then count anew", () => {
    expect(fallsAfter(schedule, [])).toBe(0);
    expect(fallsAfter(schedule, [0.5, 0.4])).toBe(0);
    expect(fallsAfter(schedule, [0.5, 0.4, 0.5])).toBe(1);
    expect(fallsAfter(schedule, [0.5, 0.4, 0.5, 0.4])).toBe(1);
    expect(fallsAfter(schedule, [0.5, 0.4, 0.5, 0.4, 0.3])).toBe(2);
    expect(fallsAfter(schedule, [0.5, 0.4, 0.5, 0.4, 0.6, 0.5])).toBe(1);
    expect(fallsAfter({ ...schedule, least: 0.2 }, [0.5, 0.6, 0.65])).toBe(1);
    expect(rateAfterFalls(0.5, { ...schedule, factor: 0.5 }, 2)).toBe(0.125);
  });

  test("never falls by another schedule", () => {
    expect(fallsAfter({ kind: "constant", warmup: 0 }, [1, 0, 0, 0, 0])).toBe(0);
    expect(rateAfterFalls(0.5, { kind: "constant", warmup: 0 }, 3)).toBe(0.5);
  });
});

test("an average forgets its random start before it keeps what it is told to", () => {
  expect(averageDecay(0.999, 0)).toBe(0.1);
  expect(averageDecay(0.999, 90)).toBe(0.91);
  expect(averageDecay(0.999, 1e6)).toBe(0.999);
});
