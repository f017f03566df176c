import { describe, expect, test } from "vitest";
import { averageDecay } from "../../src/recipe/average.js";
import { hasPlateaued } from "../../src/recipe/plateau.js";

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

test("an average forgets its random start before it keeps what it is told to", () => {
  expect(averageDecay(0.999, 0)).toBe(0.1);
  expect(averageDecay(0.999, 90)).toBe(0.91);
  expect(averageDecay(0.999, 1e6)).toBe(0.999);
});
