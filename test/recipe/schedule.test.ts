import { describe, expect, it } from "vitest";
import { rateFactor } from "../../src/recipe/schedule.js";

describe("rateFactor", () => {
  it("rises linearly in the warm-up and reaches 1 with its last step", () => {
    const schedule = { kind: "constant", warmup: 2 } as const;
    const factors = Array.from({ length: 10 }, (_, step) => rateFactor(schedule, step, 4, 5));
    expect(factors).toEqual([1 / 8, 2 / 8, 3 / 8, 4 / 8, 5 / 8, 6 / 8, 7 / 8, 1, 1, 1]);
  });

  it("falls by the factor at the start of each epoch of `at`", () => {
    const schedule = { kind: "step", warmup: 0, at: [1, 3], factor: 0.1 } as const;
    const perEpoch = [0, 1, 2, 3].map((epoch) => rateFactor(schedule, epoch * 5, 5, 4));
    expect(perEpoch[0]).toBe(1);
    expect(perEpoch[1]).toBeCloseTo(0.1, 12);
    expect(perEpoch[2]).toBeCloseTo(0.1, 12);
    expect(perEpoch[3]).toBeCloseTo(0.01, 12);
    expect(rateFactor(schedule, 4, 5, 4)).toBe(1);
  });

  it("follows half a cosine from the end of the warm-up to the floor", () => {
    const schedule = { kind: "cosine", warmup: 1, floor: 0.2 } as const;
    expect(rateFactor(schedule, 10, 10, 5)).toBe(1);
    expect(rateFactor(schedule, 30, 10, 5)).toBeCloseTo(0.6, 12);
    expect(rateFactor(schedule, 50, 10, 5)).toBeCloseTo(0.2, 12);
    expect(rateFactor(schedule, 60, 10, 5)).toBeCloseTo(0.2, 12);
  });

  it("falls along a line, or a power of what is left, from the end of the warm-up to the floor", () => {
    const line = { kind: "polynomial", warmup: 1, power: 1, floor: 0.2 } as const;
    const along = [10, 20, 30, 50, 60].map((step) => rateFactor(line, step, 10, 5));
    [1, 0.8, 0.6, 0.2, 0.2].forEach((factor, i) => expect(along[i]).toBeCloseTo(factor, 12));
    const square = { ...line, power: 2, floor: 0 };
    expect(rateFactor(square, 20, 10, 5)).toBeCloseTo(0.75 ** 2, 12);
    expect(rateFactor(square, 50, 10, 5)).toBe(0);
  });
});
