/** A domain's sizes, smallest size and emptiness are those that trying every size would give. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admits,
  domainFault,
  smallestBelow,
  smallestSize,
  smallestSizeReaching,
  symbolExtent,
} from "../../src/shapes/index.js";
import { admissibleUpTo, chains, domainOf, domains, extentOf, walk, window } from "./chains.js";

describe("the smallest size", () => {
  test("is that of brute force over a whole period of the conditions", () => {
    // Beyond 60, the largest number compared with, the period is lcm(1 … 12, 16, 32) = 110,880.
    let empty = 0;
    fc.assert(
      fc.property(domains, (domain) => {
        let size = 1;
        while (size <= 60 + 110_880 && !admits(domain, size)) size += 1;
        const expected = size <= 60 + 110_880 ? size : undefined;
        if (expected === undefined) empty += 1;
        expect(smallestSize(domain)).toBe(expected);
        expect(domainFault(domain)).toBeUndefined();
      }),
      { seed: 8, numRuns: 500 },
    );
    expect(empty).toBeGreaterThan(50);
  });

  test.each([
    [domainOf("H"), 1],
    [domainOf("H", ["%", 32, "==", 0], [">=", 64]), 64],
    [domainOf("H", ["%", 32, "==", 0], [">", 64]), 96],
    [domainOf("H", ["%", 3, "==", 2], ["%", 5, "==", 3], ["%", 7, "==", 2]), 23],
    [domainOf("H", ["%", 4, "==", 4]), undefined],
    [domainOf("H", ["%", 4, "!=", 4], ["!=", 1]), 2],
    [domainOf("H", ["%", 6, "==", 1], ["%", 4, "==", 0]), undefined],
    [domainOf("H", [">=", 10], ["<", 10]), undefined],
    [domainOf("H", ["==", 7], ["!=", 7]), undefined],
    [domainOf("H", [">=", Number.MAX_SAFE_INTEGER]), Number.MAX_SAFE_INTEGER],
    [domainOf("H", [">", Number.MAX_SAFE_INTEGER]), undefined],
  ])("case %#", (domain, size) => {
    expect(smallestSize(domain)).toBe(size);
  });

  test("of Erdős's covering of the whole numbers is none", () => {
    const classes = [
      [2, 0],
      [3, 0],
      [4, 1],
      [6, 5],
      [12, 7],
    ] as const;
    const not = classes.map(([modulus, remainder]) => ["%", modulus, "!=", remainder] as const);
    expect(smallestSize(domainOf("H", ...not))).toBeUndefined();
    expect(smallestSize(domainOf("H", ...not.slice(1)))).toBe(2);
    expect(smallestSize(domainOf("H", ...not.slice(0, 4)))).toBe(7);
  });

  test("may lie as far as 2^k for k excluded residues", () => {
    const not = Array.from({ length: 16 }, (_, k) => ["%", 2 ** (k + 1), "!=", 2 ** k] as const);
    expect(smallestSize(domainOf("H", ...not))).toBe(2 ** 16);
  });
});

describe("a fault", () => {
  test.each([
    [domainOf("H", ["%", 0, "==", 0]), "no size can be divided by 0"],
    [domainOf("H", ["%", -2, "!=", 0]), "no size can be divided by -2"],
    [domainOf("H", [">=", 2.5]), "2.5 is not a whole number below 2^53"],
    [domainOf("H", ["<", 2 ** 60]), `${2 ** 60} is not a whole number below 2^53`],
  ])("is told: case %#", (domain, why) => {
    expect(domainFault(domain)).toBe(why);
    expect(() => smallestSize(domain)).toThrow(new RangeError(why));
  });

  test("is told for a contrived list of != conditions, and for no ordinary one", () => {
    const contrived = Array.from(
      { length: 24 },
      (_, k) => ["%", 2 ** (k + 1), "!=", 2 ** k] as const,
    );
    expect(domainFault(domainOf("H", ...contrived))).toBe("H has too many != conditions");
    const finite = domainOf("H", ...contrived, ["<=", 1000]);
    expect(domainFault(finite)).toBeUndefined();
    expect(smallestSize(finite)).toBeUndefined();
    const ordinary = Array.from({ length: 31 }, (_, k) => ["%", 32, "!=", k] as const);
    expect(smallestSize(domainOf("H", ...ordinary))).toBe(31);
    const singles = Array.from({ length: 1000 }, (_, k) => ["!=", k + 1] as const);
    expect(smallestSize(domainOf("H", ...singles))).toBe(1001);
  });
});

test("admits nothing but whole sizes from 1", () => {
  expect(admissibleUpTo(domainOf("H", ["%", 3, "!=", 0], ["<", 6]), 20)).toEqual([1, 2, 4, 5]);
  expect([0, -3, 1.5, NaN].some((size) => admits(domainOf("H"), size))).toBe(false);
});

describe("bounds", () => {
  test("are those of brute force", () => {
    fc.assert(
      fc.property(chains, domains, fc.integer({ min: -3, max: 30 }), (chain, domain, bound) => {
        const sizes = admissibleUpTo(domain, 300);
        const extent = extentOf(chain);
        const below = sizes.find((size) => walk(chain, size) < bound);
        const reaching = sizes.find((size) => walk(chain, size) >= bound);
        const found = smallestBelow(extent, bound, domain);
        if (below !== undefined || sizes.length > 0) expect(found).toBe(below);
        const reached = smallestSizeReaching(extent, bound, domain);
        if (reaching !== undefined) expect(reached).toBe(reaching);
        else if (reached !== undefined) expect(reached).toBeGreaterThan(300);
      }),
      { seed: 9, numRuns: 4000 },
    );
  });

  test("of numbers hold at the smallest size or nowhere", () => {
    const domain = domainOf("H", [">=", 5]);
    expect(smallestBelow(0, 1, domain)).toBe(5);
    expect(smallestBelow(1, 1, domain)).toBeUndefined();
    expect(smallestSizeReaching(1, 1, domain)).toBe(5);
    expect(smallestSizeReaching(0, 1, domain)).toBeUndefined();
  });

  test("say from which size a valid 7x7 window of a quarter fits", () => {
    const extent = extentOf([window(3, 2, 1), window(3, 2, 1), window(7, 1, 0)]);
    expect(smallestBelow(extent, 1, domainOf("H"))).toBe(1);
    expect(smallestSizeReaching(extent, 1, domainOf("H"))).toBe(25);
    expect(smallestSizeReaching(extent, 1, domainOf("H", ["%", 16, "==", 0]))).toBe(32);
    expect(smallestSizeReaching(extent, 1, domainOf("H", ["<", 25]))).toBeUndefined();
    expect(smallestSizeReaching(symbolExtent("H"), 1, domainOf("H", ["<", 1]))).toBeUndefined();
    expect(smallestBelow(extent, 1, domainOf("H", ["<", 1]))).toBeUndefined();
  });
});
