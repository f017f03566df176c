/** Extents, types and domains read as they would be written by hand, and mean what they print. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  asFactor,
  extentAt,
  printDomain,
  printExtent,
  printType,
  sameType,
  symbolExtent,
  type TensorType,
} from "../../src/shapes/index.js";
import { chains, domainOf, extentOf, upsample, window } from "./chains.js";

describe("printExtent", () => {
  test.each([
    [[], "H"],
    [[window(2, 2, 0)], "floor(H / 2)"],
    [[window(3, 2, 1)], "ceil(H / 2)"],
    [[window(7, 2, 3), window(3, 2, 1)], "ceil(H / 4)"],
    [[window(3, 1, 0)], "H - 2"],
    [[window(2, 1, 1)], "H + 1"],
    [[window(3, 2, 0)], "floor((H - 1) / 2)"],
    [[window(5, 3, 2), window(1, 1, 1)], "floor((H + 8) / 3)"],
    [[upsample(2)], "2 * H"],
    [[upsample(2), window(3, 1, 0)], "2 * H - 2"],
    [[upsample(2), window(1, 3, 0)], "ceil(2 * H / 3)"],
    [[upsample(2), window(3, 3, 0)], "floor(2 * H / 3)"],
    [[window(2, 2, 0), upsample(2)], "2 * floor(H / 2)"],
    [[window(2, 2, 0), upsample(2), window(2, 3, 0)], "floor((2 * floor(H / 2) + 1) / 3)"],
  ])("case %#: %o", (chain, text) => {
    expect(printExtent(extentOf(chain))).toBe(text);
  });

  test("prints a number as it is", () => {
    expect(printExtent(56)).toBe("56");
  });

  test("prints what has the extent's value", () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: 1, max: 300 }), (chain, size) => {
        const extent = extentOf(chain);
        const script = printExtent(extent).replaceAll(/floor|ceil/g, "Math.$&");
        const evaluate = new Function("H", `return ${script};`) as (size: number) => number;
        expect(evaluate(size) + 0).toBe(extentAt(extent, size) + 0);
      }),
      { seed: 10, numRuns: 2000 },
    );
  });
});

function map(height: TensorType["spatial"][0] & {}, width: typeof height, channels: number) {
  return { spatial: [height, width], channels, dtype: "float32" } as const;
}

const half = extentOf([window(3, 2, 1)]);
const halfWidth = extentOf([window(3, 2, 1)], symbolExtent("W"));
const vector: TensorType = { spatial: [], channels: 1000, dtype: "float32" };

test.each([
  ["56", "56"],
  ["H", "H"],
  ["ceil(H / 2)", "ceil(H / 2)"],
  ["floor((2 * floor(H / 2) + 1) / 3)", "floor((2 * floor(H / 2) + 1) / 3)"],
  ["H - 2", "(H - 2)"],
  ["4 * ceil(H / 32)", "(4 * ceil(H / 32))"],
  ["ceil(H / 2) - ceil(W / 2)", "(ceil(H / 2) - ceil(W / 2))"],
])("%s stands beside others as %s", (text, factor) => {
  expect(asFactor(text)).toBe(factor);
});

test("printType spaces its axes as soon as one of them is symbolic", () => {
  expect(printType(map(56, 56, 64))).toBe("56x56x64");
  expect(printType(map(half, halfWidth, 64))).toBe("ceil(H / 2) x ceil(W / 2) x 64");
  expect(printType(map(symbolExtent("H"), symbolExtent("W"), 3))).toBe("H x W x 3");
  expect(printType(map(symbolExtent("H"), 7, 3))).toBe("H x 7 x 3");
  const less = extentOf([window(2, 1, 0)]);
  expect(printType(map(less, symbolExtent("W"), 3))).toBe("(H - 1) x W x 3");
  expect(printType(vector)).toBe("1000");
});

test("sameType compares rank, extents and channels", () => {
  expect(sameType(map(half, 7, 64), map(half, 7, 64))).toBe(true);
  expect(sameType(map(half, 7, 64), map(7, half, 64))).toBe(false);
  expect(sameType(map(half, 7, 64), map(half, 7, 65))).toBe(false);
  expect(sameType(vector, map(1, 1, 1000))).toBe(false);
  expect(sameType(map(1, 1, 1000), vector)).toBe(false);
  expect(sameType(vector, { ...vector })).toBe(true);
});

test("printDomain lists the conditions as written", () => {
  expect(printDomain(domainOf("H", ["%", 32, "==", 0], [">=", 64]))).toBe("H % 32 == 0, H >= 64");
  expect(printDomain(domainOf("W", ["%", 3, "!=", 1]))).toBe("W % 3 != 1");
  expect(printDomain(domainOf("H"))).toBe("H >= 1");
});
