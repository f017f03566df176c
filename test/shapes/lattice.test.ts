/** Where two lines, rounded down, first differ: as brute force finds it, and far beyond its reach. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideEqual, symbolExtent, type Equality } from "../../src/shapes/index.js";
import { firstParting, type Line } from "../../src/shapes/lattice.js";
import { domainOf } from "./chains.js";

const lines: fc.Arbitrary<Line> = fc
  .record({
    rise: fc.integer({ min: 0, max: 30 }),
    offset: fc.integer({ min: -40, max: 40 }),
    run: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ rise, offset, run }) => ({
    rise: BigInt(rise),
    offset: BigInt(offset),
    run: BigInt(run),
  }));

/** Unrelated lines, and lines close to each other. */
const pairs = fc.oneof(
  fc.tuple(lines, lines),
  fc
    .tuple(lines, fc.integer({ min: 1, max: 4 }), fc.integer({ min: -3, max: 3 }))
    .map(([line, times, more]) => {
      const factor = BigInt(times);
      const { rise, offset, run } = line;
      const other = {
        rise: rise * factor,
        offset: offset * factor + BigInt(more),
        run: run * factor,
      };
      return [line, other] as const;
    }),
  fc.tuple(lines, fc.integer({ min: 1, max: 9 })).map(([line, more]) => {
    const { rise, offset, run } = line;
    return [
      line,
      { rise: rise * 10n + BigInt(more), offset: offset * 10n, run: run * 10n },
    ] as const;
  }),
);

function rounded({ rise, offset, run }: Line, x: number): number {
  return Math.floor((Number(rise) * x + Number(offset)) / Number(run));
}

describe("two lines, rounded down", () => {
  test("first differ where brute force over 2000 numbers finds it, in 20,000 pairs", () => {
    let late = 0;
    fc.assert(
      fc.property(pairs, fc.integer({ min: 0, max: 50 }), ([left, right], from) => {
        const found = firstParting(left, right, BigInt(from));
        let x = from;
        while (x < from + 2000 && rounded(left, x) === rounded(right, x)) x += 1;
        if (x > from + 20 && x < from + 2000) late += 1;
        if (x < from + 2000) expect(found).toBe(BigInt(x));
        else expect(found === undefined || found >= BigInt(x)).toBe(true);
      }),
      { seed: 31, numRuns: 20_000 },
    );
    expect(late).toBeGreaterThan(200);
  });

  test("differ as far away as their coefficients say", () => {
    const n = 10n ** 12n;
    const left = { rise: n + 1n, offset: 0n, run: n };
    const right = { rise: n, offset: 0n, run: n - 1n };
    // (x + x / n) and (x + x / (n - 1)): the second gains a whole first.
    expect(firstParting(left, right, 0n)).toBe(n - 1n);
    expect(firstParting(left, { ...left, offset: n - 1n }, 1n)).toBe(1n);
    expect(firstParting(left, { ...left, offset: 1n }, 0n)).toBe(n - 1n);
    expect(firstParting(left, left, 0n)).toBeUndefined();
  });
});

test("extents that part late are decided at once", () => {
  const extent = (multiplier: number, divisor: number, offset = 0) => ({
    ...symbolExtent("H"),
    steps: [{ multiplier, offset, divisor }],
  });
  const domain = domainOf("H", ["%", 1009, "!=", 5], ["%", 1013, "!=", 5]);
  const decide = (left: ReturnType<typeof extent>, right: ReturnType<typeof extent>): Equality =>
    decideEqual(left, right, () => domain);
  expect(decide(extent(1_000_000, 999_999), extent(999_999, 999_998))).toEqual({
    kind: "differ",
    sizes: new Map([["H", 999_998]]),
    left: 999_998,
    right: 999_999,
  });
});
