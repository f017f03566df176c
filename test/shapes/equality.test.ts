/**
 * Equality is decided as brute force over all sizes would, and fails at the smallest size first.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admits,
  applyStep,
  decideEqual,
  symbolExtent,
  type Domain,
  type Equality,
  type Extent,
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

const ANY = domainOf("H");

function decide(left: Extent, right: Extent, domain: Domain = ANY): Equality {
  return decideEqual(left, right, () => domain);
}

function differAt(size: number, left: number, right: number): Equality {
  return { kind: "differ", sizes: new Map([["H", size]]), left, right };
}

/** Holds one answer against all sizes up to `last`. Returns the failing size, if there is one. */
function compareWithBruteForce(
  [left, right]: readonly [readonly Operation[], readonly Operation[]],
  domain: Domain,
  last: number,
): number | undefined {
  const failing = admissibleUpTo(domain, last).find(
    (size) => walk(left, size) !== walk(right, size),
  );
  const answer = decide(extentOf(left), extentOf(right), domain);
  if (answer.kind === "undecided") throw new Error(answer.why);
  if (answer.kind === "equal") {
    expect(failing).toBeUndefined();
    return undefined;
  }
  const size = answer.sizes.get("H") ?? NaN;
  if (failing === undefined) expect(size).toBeGreaterThan(last);
  else expect(size).toBe(failing);
  expect(admits(domain, size)).toBe(true);
  expect([answer.left, answer.right]).toEqual([walk(left, size), walk(right, size)]);
  expect(answer.left).not.toBe(answer.right);
  return size;
}

describe("against brute force", () => {
  test("over the sizes 1 to 300, without conditions", () => {
    fc.assert(
      fc.property(chainPairs, (pair) => void compareWithBruteForce(pair, ANY, 300)),
      { seed: 3, numRuns: 4000 },
    );
  });

  test("over the sizes 1 to 300, in random domains, with all kinds of answers", () => {
    const seen = { equal: 0, first: 0, later: 0 };
    fc.assert(
      fc.property(chainPairs, domains, (pair, domain) => {
        const failing = compareWithBruteForce(pair, domain, 300);
        const [smallest] = admissibleUpTo(domain, 300);
        if (failing === undefined) seen.equal += 1;
        else if (failing === smallest) seen.first += 1;
        else seen.later += 1;
      }),
      { seed: 4, numRuns: 8000 },
    );
    expect(Math.min(seen.equal, seen.first, seen.later)).toBeGreaterThan(300);
  });

  test("over several whole periods of chains and domains", () => {
    fc.assert(
      fc.property(chainPairs, domains, (pair, domain) => {
        compareWithBruteForce(pair, domain, 30_000);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  test("a chain against a number", () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: 0, max: 40 }), domains, (chain, number, domain) => {
        const failing = admissibleUpTo(domain, 300).find((size) => walk(chain, size) !== number);
        const answers = [
          decide(extentOf(chain), number, domain),
          decide(number, extentOf(chain), domain),
        ];
        const sizes = answers.map((each) => (each.kind === "differ" ? each.sizes.get("H") : 0));
        if (failing !== undefined) expect(sizes).toEqual([failing, failing]);
        else for (const size of sizes) expect(size === 0 || (size ?? 0) > 300).toBe(true);
      }),
      { seed: 6, numRuns: 3000 },
    );
  });

  test("two chains of independent symbols: the largest size first, then the left one", () => {
    const last = 40;
    fc.assert(
      fc.property(chains, chains, domains, domains, (left, right, ofH, ofW) => {
        const bounded = [ofH, ofW].map(({ conditions }) => [
          ...conditions,
          { kind: "compare" as const, relation: "<=" as const, value: last },
        ]);
        const domainH = { symbol: "H", conditions: bounded[0] ?? [] };
        const domainW = { symbol: "W", conditions: bounded[1] ?? [] };
        const failing = admissibleUpTo(domainH, last)
          .flatMap((h) => admissibleUpTo(domainW, last).map((w) => [h, w] as const))
          .filter(([h, w]) => walk(left, h) !== walk(right, w))
          .sort(([h, w], [i, x]) => Math.max(h, w) - Math.max(i, x) || h - i || w - x)[0];
        const answer = decideEqual(extentOf(left), extentOf(right, symbolExtent("W")), (symbol) =>
          symbol === "H" ? domainH : domainW,
        );
        const [h, w] = failing ?? [0, 0];
        const sizes = new Map([
          ["H", h],
          ["W", w],
        ]);
        const differ = { kind: "differ", sizes, left: walk(left, h), right: walk(right, w) };
        expect(answer).toEqual(failing === undefined ? { kind: "equal" } : differ);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

describe("shortcuts of residual networks", () => {
  test("3x3 /2 with padding 1 meets 1x1 /2 at every size", () => {
    const answer = decide(extentOf([window(3, 2, 1)]), extentOf([window(1, 2, 0)]));
    expect(answer).toEqual({ kind: "equal" });
  });

  test("two 3x3 /2 meet one 7x7 /4 with padding 3, or 5x5 /4 with padding 2, at every size", () => {
    const twice = extentOf([window(3, 2, 1), window(3, 2, 1)]);
    expect(decide(twice, extentOf([window(7, 4, 3)]))).toEqual({ kind: "equal" });
    expect(decide(twice, extentOf([window(5, 4, 2)]))).toEqual({ kind: "equal" });
    expect(decide(twice, extentOf([window(4, 4, 0)]))).toEqual(differAt(1, 1, 0));
  });

  test("a 2x2 average pool without padding misses 3x3 /2 at odd sizes", () => {
    const pool = extentOf([window(2, 2, 0)]);
    const conv = extentOf([window(3, 2, 1)]);
    expect(decide(pool, conv)).toEqual(differAt(1, 0, 1));
    expect(decide(pool, conv, domainOf("H", [">=", 2]))).toEqual(differAt(3, 1, 2));
    expect(decide(pool, conv, domainOf("H", ["%", 2, "==", 0]))).toEqual({ kind: "equal" });
    expect(decide(pool, conv, domainOf("H", ["%", 2, "!=", 1]))).toEqual({ kind: "equal" });
    const rounded = extentOf([window(2, 2, 0, true)]);
    expect(decide(rounded, conv)).toEqual({ kind: "equal" });
  });

  test("a branch down and up again meets its skip on multiples only", () => {
    const skip = symbolExtent("H");
    const down = Array.from({ length: 5 }, () => window(3, 2, 1));
    const branch = extentOf([...down, upsample(32)]);
    expect(decide(branch, skip)).toEqual(differAt(1, 32, 1));
    expect(decide(branch, skip, domainOf("H", ["%", 32, "==", 0]))).toEqual({ kind: "equal" });
    expect(decide(branch, skip, domainOf("H", ["%", 16, "==", 0]))).toEqual(differAt(16, 32, 16));
    const odd = domainOf("H", ["%", 16, "==", 0], ["!=", 16], ["!=", 48]);
    expect(decide(branch, skip, odd)).toEqual(differAt(80, 96, 80));
  });

  test("a merge at a stage's own resolution meets after half of the network", () => {
    const eighth = [window(7, 2, 3), window(3, 2, 1), window(3, 2, 1)];
    const deeper = [...eighth, window(3, 2, 1), upsample(2)];
    const [left, right] = [extentOf(deeper), extentOf(eighth)];
    expect(decide(left, right)).toEqual(differAt(1, 2, 1));
    expect(decide(left, right, domainOf("H", [">=", 9]))).toEqual(differAt(17, 4, 3));
    expect(decide(left, right, domainOf("H", ["%", 16, "==", 0]))).toEqual({ kind: "equal" });
  });
});

describe("domains", () => {
  const pool = extentOf([window(2, 2, 0)]);
  const conv = extentOf([window(3, 2, 1)]);

  test("over an empty domain every equality holds", () => {
    for (const empty of [
      domainOf("H", ["<", 1]),
      domainOf("H", ["%", 4, "==", 1], ["%", 2, "==", 0]),
      domainOf("H", ["%", 2, "!=", 0], ["%", 2, "!=", 1]),
    ]) {
      expect(decide(pool, conv, empty)).toEqual({ kind: "equal" });
      expect(decide(pool, 7, empty)).toEqual({ kind: "equal" });
    }
  });

  test("a size that is fixed by its domain equals its number", () => {
    expect(decide(pool, 112, domainOf("H", ["==", 224]))).toEqual({ kind: "equal" });
    expect(decide(pool, 112, domainOf("H", [">=", 224], ["<=", 226]))).toEqual(
      differAt(226, 113, 112),
    );
  });

  test("far sizes take no search", () => {
    const far = domainOf("H", [">=", 10 ** 15], ["%", 2, "!=", 1]);
    expect(decide(pool, conv, far)).toEqual({ kind: "equal" });
    const odd = domainOf("H", [">=", 10 ** 15], ["<", 10 ** 15 + 10]);
    expect(decide(pool, conv, odd)).toEqual(differAt(10 ** 15 + 1, 5 * 10 ** 14, 5 * 10 ** 14 + 1));
  });

  test("moduli whose product leaves the safe integers leave one size", () => {
    const p = 94_906_249;
    const domain = domainOf("H", ["%", p, "==", 3], ["%", p + 2, "==", 3], ["%", p + 4, "==", 3]);
    expect(decide(pool, conv, domain)).toEqual(differAt(3, 1, 2));
    expect(decide(pool, 1, domain)).toEqual({ kind: "equal" });
  });
});

describe("limits", () => {
  const halvings = (count: number, kernel: number, padding: number): Extent =>
    extentOf(Array.from({ length: count }, () => window(kernel, 2, padding)));

  test("forty halvings are decided as fast as one", () => {
    expect(decide(halvings(40, 3, 1), halvings(40, 1, 0))).toEqual({ kind: "equal" });
    const later = domainOf("H", [">", 2 ** 40]);
    expect(decide(halvings(40, 3, 1), halvings(40, 2, 0), later)).toEqual(
      differAt(2 ** 40 + 1, 2, 1),
    );
  });

  test("numbers: equal, different, and too large to tell", () => {
    expect(decide(56, 56)).toEqual({ kind: "equal" });
    expect(decide(56, 28)).toEqual({ kind: "differ", sizes: new Map(), left: 56, right: 28 });
    expect(decide(2 ** 60, 2 ** 60)).toEqual({
      kind: "undecided",
      why: "the extents exceed 2^53 - 1",
    });
  });

  test("a search that would not end says where it stopped", () => {
    const nearly = (number: number): Extent =>
      [
        { multiplier: number + 1, offset: 0, divisor: number },
        { multiplier: 2, offset: 0, divisor: 3 },
      ].reduce<Extent>(applyStep, symbolExtent("H"));
    const answer = decide(nearly(2 ** 30), nearly(2 ** 30 + 2));
    expect(answer.kind).toBe("undecided");
    expect(answer.kind === "undecided" && answer.why).toMatch(
      /^the extents agree at every size up to \d+$/,
    );
  });

  test("what both end with does not matter, if it tells its numbers apart", () => {
    const nearly = (number: number): Extent =>
      [
        { multiplier: number + 1, offset: 0, divisor: number },
        { multiplier: 3, offset: 1, divisor: 2 },
      ].reduce<Extent>(applyStep, symbolExtent("H"));
    const size = 2 ** 30;
    expect(decide(nearly(size), nearly(size + 2))).toMatchObject({ sizes: new Map([["H", size]]) });
  });

  test("a domain that cannot be solved leaves the question open", () => {
    const broken = domainOf("H", ["%", 0, "==", 0]);
    expect(decide(symbolExtent("H"), 3, broken)).toEqual({
      kind: "undecided",
      why: "no size can be divided by 0",
    });
  });
});
