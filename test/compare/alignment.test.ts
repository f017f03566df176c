/** Sequences are paired in their order, as alike as can be, and what is inserted shifts nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { align, type Pair } from "../../src/compare/alignment.js";

const like = (before: string, after: string): number =>
  before === after ? 4 : before[0] === after[0] ? 1 : 0;
const same = (before: string, after: string): boolean => before === after;

function aligned(before: string, after: string): string {
  const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");
  return align(words(before), words(after), like, same)
    .map(({ before: one, after: other }) => (one === other ? one : `${one ?? ""}>${other ?? ""}`))
    .join(" ");
}

describe("align", () => {
  it.each([
    ["a b c", "a b c", "a b c"],
    ["a c", "a b c", "a >b c"],
    ["a b c", "a c", "a b> c"],
    ["a b b", "a b b b", "a b b >b"],
    ["a1 b c", "a2 b c", "a1>a2 b c"],
    ["a1 b1 c1", "a2 c1", "a1>a2 b1> c1"],
    ["x y", "p q", "x> y> >p >q"],
    ["", "a", ">a"],
    ["a", "", "a>"],
    ["a1 a2 a3", "b a1 a2 a4 a3", ">b a1 a2 >a4 a3"],
  ])("%j and %j", (before, after, expected) => {
    expect(aligned(before, after)).toBe(expected);
  });

  it("keeps every item of both, in order, and loses no more likeness than it must", () => {
    const words = fc.array(fc.constantFrom("a1", "a2", "b1", "b2", "c1"), { maxLength: 7 });
    fc.assert(
      fc.property(words, words, (before, after) => {
        const pairs = align(before, after, like, same);
        expect(pairs.flatMap((pair) => (pair.before ? [pair.before] : []))).toEqual(before);
        expect(pairs.flatMap((pair) => (pair.after ? [pair.after] : []))).toEqual(after);
        expect(worth(pairs)).toBe(best(before, after));
      }),
      { numRuns: 300 },
    );
  });

  it("pairs sequences that are too long for every comparison by their place", () => {
    const long = Array.from({ length: 3000 }, (_, index) => `a${index}`);
    const pairs = align(long, [...long].reverse(), like, same);
    expect(pairs).toHaveLength(3000);
  });
});

function worth(pairs: readonly Pair<string>[]): number {
  return pairs.reduce(
    (sum, { before, after }) => sum + (before && after ? like(before, after) : 0),
    0,
  );
}

/** The largest likeness of all pairings, by trying all. */
function best(before: readonly string[], after: readonly string[]): number {
  const [first, ...more] = before;
  if (first === undefined) return 0;
  const without = best(more, after);
  return after.reduce((most, other, index) => {
    const worthwhile = like(first, other);
    if (worthwhile === 0) return most;
    return Math.max(most, worthwhile + best(more, after.slice(index + 1)));
  }, without);
}
