/** Exact sets of sizes are what brute force over the sizes 1 to 300 finds, and have one form each. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  conditionsOf,
  hasSize,
  intersectAll,
  listSizes,
  printSizeSet,
  sizeFrom,
  sizesAgreeing,
  sizesOfDomain,
  sizesReaching,
  sizeUpTo,
  symbolExtent,
  type SizeSet,
} from "../../src/shapes/index.js";
import {
  admissibleUpTo,
  chainPairs,
  chains,
  domainOf,
  domains,
  extentOf,
  upsample,
  walk,
  window,
  type Operation,
} from "./chains.js";

const last = 300;
const sizes = Array.from({ length: last }, (_, index) => index + 1);

function membersOf(set: SizeSet | undefined): readonly number[] {
  expect(set).toBeDefined();
  return set ? listSizes(set, last + 1).filter((size) => size <= last) : [];
}

/** The extents on the way through a chain. */
function extentsOf(chain: readonly Operation[]): ReturnType<typeof extentOf>[] {
  return chain.map((_, index) => extentOf(chain.slice(0, index + 1)));
}

describe("against brute force over the sizes 1 to 300", () => {
  test("where two chains agree, in 5000 pairs", () => {
    const kinds = { all: 0, none: 0, some: 0 };
    fc.assert(
      fc.property(chainPairs, ([left, right]) => {
        const members = membersOf(sizesAgreeing(extentOf(left), extentOf(right)));
        const found = sizes.filter((size) => walk(left, size) === walk(right, size));
        expect(members).toEqual(found);
        kinds[found.length === 0 ? "none" : found.length === last ? "all" : "some"] += 1;
      }),
      { seed: 11, numRuns: 5000 },
    );
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(300);
  });

  test("where both chains leave something, agree, and the domain admits, in 4000 pairs", () => {
    fc.assert(
      fc.property(chainPairs, domains, ([left, right], domain) => {
        const set = intersectAll([
          sizesOfDomain(domain) as SizeSet,
          ...[...extentsOf(left), ...extentsOf(right)].map((extent) => sizesReaching(extent, 1)),
          sizesAgreeing(extentOf(left), extentOf(right)) as SizeSet,
        ]);
        const fits = (chain: readonly Operation[], size: number): boolean =>
          chain.every((_, index) => walk(chain.slice(0, index + 1), size) >= 1);
        const found = admissibleUpTo(domain, last).filter(
          (size) => fits(left, size) && fits(right, size) && walk(left, size) === walk(right, size),
        );
        expect(membersOf(set)).toEqual(found);
      }),
      { seed: 12, numRuns: 4000 },
    );
  });

  test("a chain against a number", () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: 0, max: 40 }), (chain, number) => {
        const found = sizes.filter((size) => walk(chain, size) === number);
        expect(membersOf(sizesAgreeing(extentOf(chain), number))).toEqual(found);
        expect(membersOf(sizesAgreeing(number, extentOf(chain)))).toEqual(found);
      }),
      { seed: 13, numRuns: 2000 },
    );
  });

  test("the nearest sizes below and above", () => {
    fc.assert(
      fc.property(domains, fc.integer({ min: 1, max: 200 }), (domain, size) => {
        const set = sizesOfDomain(domain) as SizeSet;
        const admitted = admissibleUpTo(domain, last);
        expect(sizeUpTo(set, size)).toBe(admitted.findLast((each) => each <= size));
        expect(hasSize(set, size)).toBe(admitted.includes(size));
        const above = sizeFrom(set, size);
        if ((above ?? Infinity) <= last) {
          expect(above).toBe(admitted.find((each) => each >= size));
        } else expect(admitted.some((each) => each >= size)).toBe(false);
      }),
      { seed: 14, numRuns: 3000 },
    );
  });
});

describe("the canonical form", () => {
  test("is one for domains that admit the same sizes, if these have no end", () => {
    const forms = new Map<string, SizeSet>();
    let met = 0;
    fc.assert(
      fc.property(domains, (domain) => {
        const set = sizesOfDomain(domain) as SizeSet;
        // Moduli are at most 32, and bounds below 61: these sizes tell every two of them apart.
        const key = admissibleUpTo(domain, 4000).join();
        const known = forms.get(key);
        if (known) {
          met += 1;
          expect(set).toEqual(known);
        } else forms.set(key, set);
      }),
      { seed: 15, numRuns: 3000 },
    );
    expect(met).toBeGreaterThan(300);
  });

  test("can be written as conditions that admit the same sizes", () => {
    let written = 0;
    fc.assert(
      fc.property(domains, (domain) => {
        const set = sizesOfDomain(domain) as SizeSet;
        const conditions = conditionsOf(set);
        if (conditions === undefined) return;
        written += 1;
        expect(sizesOfDomain({ symbol: "H", conditions })).toEqual(set);
      }),
      { seed: 16, numRuns: 2000 },
    );
    expect(written).toBeGreaterThan(500);
  });

  test.each([
    [domainOf("H"), "any H"],
    [domainOf("H", [">", 32]), "any H >= 33"],
    [domainOf("H", ["%", 32, "==", 0]), "H ≡ 0 (mod 32)"],
    [domainOf("H", ["%", 4, "==", 2], ["%", 6, "==", 0], [">=", 7]), "H ≡ 6 (mod 12), H >= 18"],
    [domainOf("H", ["%", 2, "==", 0], [">=", 2]), "H ≡ 0 (mod 2)"],
    [domainOf("H", ["%", 3, "!=", 1]), "H ≢ 1 (mod 3)"],
    [domainOf("H", ["%", 2, "!=", 1]), "H ≡ 0 (mod 2)"],
    [domainOf("H", ["%", 8, "!=", 1], ["%", 8, "!=", 3]), "H ≢ 1 or 3 (mod 8)"],
    [domainOf("H", [">=", 17], ["!=", 20]), "any H >= 17 but 20"],
    [domainOf("H", ["<=", 224]), "H from 1 to 224"],
    [domainOf("H", ["==", 7]), "H = 7"],
    [domainOf("H", ["%", 32, "==", 0], ["<=", 96]), "H = 32, 64 or 96"],
    [domainOf("H", ["%", 32, "==", 0], ["<", 8193]), "H ≡ 0 (mod 32), H <= 8192"],
    [domainOf("H", ["<", 1]), "no H"],
    [domainOf("H", ["%", 2, "==", 0], ["%", 4, "==", 1]), "no H"],
  ])("in words: %o is %s", (domain, text) => {
    expect(printSizeSet("H", sizesOfDomain(domain) as SizeSet)).toBe(text);
  });
});

describe("where the branches of known networks agree", () => {
  const skip: readonly Operation[] = [];
  test.each<readonly [string, readonly Operation[], readonly Operation[], string]>([
    ["3x3 /2 pad 1 and 1x1 /2", [window(3, 2, 1)], [window(1, 2, 0)], "any H"],
    ["two 3x3 /2 and a 7x7 /4", [window(3, 2, 1), window(3, 2, 1)], [window(7, 4, 3)], "any H"],
    ["avgpool 2x2 /2 and 3x3 /2", [window(2, 2, 0)], [window(3, 2, 1)], "H ≡ 0 (mod 2)"],
    ["down and up, and its skip", [window(3, 2, 1), upsample(2)], skip, "H ≡ 0 (mod 2)"],
    ["down 32, up 32", [window(1, 32, 0), upsample(32)], skip, "H ≡ 0 (mod 32)"],
    ["pooled and up, and its skip", [window(3, 3, 0), upsample(3)], skip, "H ≡ 0 (mod 3)"],
    ["3x3 /2 pad 0 up, and 3x3 pad 1", [window(3, 2, 0), upsample(2)], [window(2, 1, 0)], "H ≡ 1 (mod 2)"],
    ["3x3 without padding and its skip", [window(3, 1, 0)], skip, "no H"],
    ["/2 and its skip", [window(3, 2, 1)], skip, "H = 1"],
    ["/2 with padding and its skip", [window(3, 2, 3)], skip, "H = 4 or 5"],
  ])("%s: %#", (_title, left, right, text) => {
    const set = sizesAgreeing(extentOf(left), extentOf(right, symbolExtent("H"))) as SizeSet;
    expect(printSizeSet("H", set)).toBe(text);
  }); // prettier-ignore
});
