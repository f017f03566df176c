/** Extents in normal form keep their value, and a chain of windows is one step. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyStep,
  extentAt,
  sameExtent,
  smallestSizeReaching,
  symbolExtent,
  type Extent,
  type SymbolicExtent,
} from "../../src/shapes/index.js";
import { chains, extentOf, upsample, walk, window, windowChains } from "./chains.js";

function stepsOf(extent: Extent): SymbolicExtent["steps"] {
  if (typeof extent === "number") throw new TypeError(`${extent} has no steps`);
  return extent.steps;
}

describe("the value of an extent", () => {
  test("is that of its operations one after the other, for numbers and symbols", () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const extent = extentOf(chain);
        const sizes = Array.from({ length: 300 }, (_, index) => index + 1);
        const values = sizes.map((size) => extentAt(extent, size));
        expect(values).toEqual(sizes.map((size) => walk(chain, size)));
        expect(extentOf(chain, 224)).toBe(walk(chain, 224));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("is found by symbol, and a missing symbol is an error", () => {
    const extent = extentOf([window(3, 2, 1)]);
    expect(extentAt(extent, new Map([["H", 33]]))).toBe(17);
    expect(extentAt(56, new Map())).toBe(56);
    expect(() => extentAt(extent, new Map([["W", 33]]))).toThrow("No size is given for H.");
  });

  test("is exact beyond 2^53 in between, and so is where it reaches a bound", () => {
    const steps = [
      { multiplier: 2 ** 40, offset: -(2 ** 44), divisor: 1 },
      { multiplier: 2 ** 40, offset: 1, divisor: 3 ** 25 },
      { multiplier: 1, offset: -1, divisor: 3 ** 25 },
    ];
    const extent = steps.reduce<Extent>(applyStep, symbolExtent("H"));
    expect(stepsOf(extent).length).toBe(3);
    const big = 3n ** 25n;
    // Adding a multiple of each divisor keeps the quotients, which are rounded to zero, above it.
    const floor = (a: bigint): bigint => (a + (big << 80n)) / big - (1n << 80n);
    const valueAt = (size: number): number => {
      const scaled = (((BigInt(size) << 40n) - (1n << 44n)) << 40n) + 1n;
      return Number(floor(floor(scaled) - 1n));
    };
    const sizes = Array.from({ length: 50 }, (_, index) => index + 1);
    expect(sizes.map((size) => extentAt(extent, size))).toEqual(sizes.map(valueAt));
    const everySize = { symbol: "H", conditions: [] };
    for (const bound of [-100, -9, -2, 0, 1, 5, 8, 40, 57]) {
      const reaching = sizes.find((size) => valueAt(size) >= bound);
      expect(smallestSizeReaching(extent, bound, everySize)).toBe(reaching);
    }
  });

  test("is rounded, never thrown, when it leaves the safe integers", () => {
    let extent: Extent = 224;
    for (let turn = 0; turn < 2000; turn++) {
      extent = applyStep(extent, { multiplier: 2, offset: 0, divisor: 1 });
    }
    expect(extent).toBe(Infinity);
  });
});

describe("the normal form", () => {
  test("of a chain of windows is a single step with multiplier 1", () => {
    fc.assert(
      fc.property(windowChains, (chain) => {
        const steps = stepsOf(extentOf(chain));
        expect(steps.length).toBeLessThanOrEqual(1);
        for (const step of steps) expect(step.multiplier).toBe(1);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  test("is the same however the operations are grouped", () => {
    const joined = applyStep(symbolExtent("H"), { multiplier: 1, offset: 3, divisor: 4 });
    const oneByOne = [window(3, 2, 1), window(3, 2, 1)];
    expect(sameExtent(extentOf(oneByOne), joined)).toBe(true);
  });

  test.each([
    ["a window that keeps the size", [window(3, 1, 1)], []],
    ["enlarging, then a stride of the same factor", [upsample(4), window(1, 4, 0)], []],
    [
      "a factor and a stride in part common",
      [upsample(4), window(1, 6, 0)],
      [{ multiplier: 2, offset: 2, divisor: 3 }],
    ],
    [
      "halving, then doubling, which is not the identity",
      [window(2, 2, 0), upsample(2)],
      [
        { multiplier: 1, offset: 0, divisor: 2 },
        { multiplier: 2, offset: 0, divisor: 1 },
      ],
    ],
    [
      "whole turns moved out of an inner floor",
      [window(2, 2, 1), upsample(2), window(3, 1, 0)],
      [
        { multiplier: 1, offset: 0, divisor: 2 },
        { multiplier: 2, offset: 0, divisor: 1 },
      ],
    ],
  ])("of %s", (_, chain, steps) => {
    expect(stepsOf(extentOf(chain))).toEqual(steps);
  });

  test("keeps steps apart whose joined divisor would leave the safe integers", () => {
    const chain = Array.from({ length: 60 }, () => window(2, 2, 0));
    const extent = extentOf(chain);
    expect(stepsOf(extent).map(({ divisor }) => divisor)).toEqual([2 ** 52, 2 ** 8]);
    expect(extentAt(extent, Number.MAX_SAFE_INTEGER)).toBe(0);
  });
});

test("sameExtent tells apart symbols, numbers and steps", () => {
  const half = extentOf([window(2, 2, 0)]);
  expect(sameExtent(half, extentOf([window(2, 2, 0)]))).toBe(true);
  expect(sameExtent(half, extentOf([window(2, 2, 0)], symbolExtent("W")))).toBe(false);
  expect(sameExtent(half, extentOf([window(3, 2, 1)]))).toBe(false);
  expect(sameExtent(half, symbolExtent("H"))).toBe(false);
  expect(sameExtent(half, 28)).toBe(false);
  expect(sameExtent(28, 28)).toBe(true);
});
