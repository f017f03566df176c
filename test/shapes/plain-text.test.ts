/** Extents printed under conditions have their value at every admissible size, and are no longer than before. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admits,
  applyStep,
  extentAt,
  printExtent,
  printExtentWhere,
  printTypeWhere,
  symbolExtent,
  type Condition,
  type Domain,
  type Extent,
} from "../../src/shapes/index.js";

function extentOf(steps: readonly (readonly [number, number, number])[]): Extent {
  return steps.reduce<Extent>(
    (extent, [multiplier, offset, divisor]) => applyStep(extent, { multiplier, offset, divisor }),
    symbolExtent("H"),
  );
}

const multipleOf = (modulus: number, remainder = 0): Condition => ({
  ...{ kind: "remainder", modulus, equal: true, remainder },
});
const where = (...conditions: Condition[]): Domain => ({ symbol: "H", conditions });

/** The value of a printed extent, as a reader computes it at a size. */
function valueOf(text: string): (size: number) => number {
  const code = text.replace(/\b(floor|ceil)\b/g, "Math.$1");
  return new Function("H", `return ${code};`) as (size: number) => number;
}

describe("under conditions", () => {
  test.each([
    ["8 * ceil(H / 8)", [[1, 7, 8], [8, 0, 1]], [multipleOf(8)], "H"],
    ["ceil(H / 8)", [[1, 7, 8]], [multipleOf(32)], "H / 8"],
    ["2 * floor(H / 4)", [[1, 0, 4], [2, 0, 1]], [multipleOf(4)], "H / 2"],
    ["floor((H + 5) / 16)", [[1, 5, 16]], [multipleOf(16, 11)], "(H + 5) / 16"],
    ["3 * ceil(H / 2)", [[1, 1, 2], [3, 0, 1]], [multipleOf(2)], "3 * H / 2"],
    ["ceil(H / 8)", [[1, 7, 8]], [multipleOf(4)], "ceil(H / 8)"],
    ["ceil(H / 8)", [[1, 7, 8]], [], "ceil(H / 8)"],
  ] as const)("%s is %s", (text, steps, conditions, plain) => {
    expect(printExtent(extentOf(steps))).toBe(text);
    expect(printExtentWhere(extentOf(steps), [where(...conditions)])).toBe(plain);
  }); // prettier-ignore

  test("a map has each of its sizes so", () => {
    const type = { spatial: [extentOf([[1, 1, 2]]), 7], channels: 3, dtype: "float32" } as const;
    expect(printTypeWhere(type, [where(multipleOf(2))])).toBe("(H / 2) x 7 x 3");
    expect(printTypeWhere({ ...type, spatial: [8, 7] }, [])).toBe("8x7x3");
  });
});

test("random extents print what they are at every admissible size", () => {
  const step = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 8 })); // prettier-ignore
  const condition = fc.oneof(
    fc.integer({ min: 1, max: 48 }).map((modulus) => multipleOf(modulus)),
    fc.tuple(fc.integer({ min: 2, max: 24 }), fc.nat(23)).map(([m, r]) => multipleOf(m, r % m)),
    fc.integer({ min: 1, max: 40 }).map((value): Condition => ({ kind: "compare", relation: ">=", value })), // prettier-ignore
    fc.integer({ min: 2, max: 6 }).map((modulus): Condition => ({ kind: "remainder", modulus, equal: false, remainder: 1 })), // prettier-ignore
  );
  let shortened = 0;
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.array(condition, { maxLength: 3 }),
      (steps, conditions) => {
        const [extent, domain] = [extentOf(steps), where(...conditions)];
        const text = printExtentWhere(extent, [domain]);
        expect(text.length).toBeLessThanOrEqual(printExtent(extent).length);
        if (text !== printExtent(extent)) shortened++;
        const value = valueOf(text);
        for (let size = 1; size <= 600; size++) {
          if (!admits(domain, size) || value(size) === extentAt(extent, size)) continue;
          expect.fail(`${text} is not ${extentAt(extent, size)} at ${size}`);
        }
      },
    ),
    { seed: 20151210, numRuns: 2000 },
  );
  expect(shortened).toBeGreaterThan(100);
});
