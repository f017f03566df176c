/**
 * Curves: extents as functions of the index of a solved domain, and the smallest index at which two
 * of them differ.
 *
 * A composition f of steps is monotone and quasi-linear: f(x + P) = f(x) + P s, for its slope s and
 * a whole period P. Two curves of equal slope therefore differ somewhere within one common period
 * of both and of the domain's remainders, or nowhere; of unequal slope, they part at some size. In
 * between the search hops from one index where either curve changes to the next, so that its length
 * is the number of values taken, not the number of sizes. Curves of a single step take no search.
 */
import { firstIndexFrom, isFree, sizeAt, type Progression } from "./admissible.js";
import type { Extent } from "./extent.js";
import { floorDivide, lcm, lowestTerms } from "./integers.js";
import { firstParting, type Line } from "./lattice.js";
import { appendStep, sameSteps } from "./normal-form.js";
import { evaluateSteps, firstReaching, type Step } from "./step.js";

/** An extent as a function of a progression's index: a constant, or steps in normal form. */
export type Curve = number | readonly Step[];

/** The extent with start + stride * index in its symbol's place. */
export function curveOf(extent: Extent, sizes: Progression): Curve {
  if (typeof extent === "number") return extent;
  const substitution = { multiplier: sizes.stride, offset: sizes.start, divisor: 1 };
  return [substitution, ...extent.steps].reduce<readonly Step[]>(appendStep, []);
}

/** The curve's value at an index. */
export function valueAt(curve: Curve, index: number): number {
  return typeof curve === "number" ? curve : evaluateSteps(curve, index);
}

function lengthOf(curve: Curve): number {
  return typeof curve === "number" ? 0 : curve.length;
}

/** The smallest index above `index` at which the curve, `value` there, takes another value. */
export function nextChange(curve: Curve, value: number): number {
  return typeof curve === "number" ? Infinity : firstReaching(curve, value + 1);
}

/** The outcome of a search for a difference. */
export type Difference =
  | { readonly kind: "none" }
  | { readonly kind: "at"; readonly index: number }
  | { readonly kind: "unknown"; readonly why: string };

/** Counts the hops of searches, which shows what they cost. */
export interface SearchCount {
  hops: number;
}

/** How many steps and conditions a search may evaluate before its answer is "unknown". */
const LARGEST_SEARCH = 2 ** 22;

/** Why values that have been rounded are not compared. */
export const TOO_LARGE = "the extents exceed 2^53 - 1";

const NONE = { kind: "none" } as const;

/** The smallest admissible index at which two curves differ. */
export function firstDifference(
  one: Curve,
  other: Curve,
  sizes: Progression,
  count: SearchCount,
): Difference {
  const [left, right] = withoutCommonEnd(one, other);
  if (typeof left !== "number" && typeof right !== "number" && sameSteps(left, right)) return NONE;
  const end = Math.min(sizes.count, searchEnd(left, right, sizes));
  const lines = [lineOf(left), lineOf(right)] as const;
  const found = lines[0] && lines[1] && firstOfLines(lines[0], lines[1], sizes, end);
  return found ?? firstByHops(left, right, sizes, { end, count });
}

/**
 * Two curves without the steps that both end with, as far as these take different numbers to different
 * numbers (m >= b): the rest differs at the same indices.
 */
function withoutCommonEnd(left: Curve, right: Curve): readonly [Curve, Curve] {
  if (typeof left === "number" || typeof right === "number") return [left, right];
  const [one, other] = [left.at(-1), right.at(-1)];
  if (one === undefined || other === undefined || !sameSteps([one], [other])) return [left, right];
  if (one.multiplier < one.divisor) return [left, right];
  return withoutCommonEnd(left.slice(0, -1), right.slice(0, -1));
}

/** A curve of one step at most is a line, rounded down. */
function lineOf(curve: Curve): Line | undefined {
  if (typeof curve === "number") {
    return Number.isSafeInteger(curve) ? { rise: 0n, offset: BigInt(curve), run: 1n } : undefined;
  }
  const [step, second] = curve;
  if (second !== undefined) return undefined;
  const { multiplier, offset, divisor } = step ?? { multiplier: 1, offset: 0, divisor: 1 };
  return { rise: BigInt(multiplier), offset: BigInt(offset), run: BigInt(divisor) };
}

/** How many differences that fall on sizes left out are passed over before the search goes by hops. */
const mostPassed = 2 ** 10;

/** The answer for lines, which takes no search; undefined where too many differences are left out. */
function firstOfLines(
  left: Line,
  right: Line,
  sizes: Progression,
  end: number,
): Difference | undefined {
  let from = 0n;
  for (let passed = 0; passed <= mostPassed; passed++) {
    const found = firstParting(left, right, from);
    if (found === undefined || found >= end) return NONE;
    const index = Number(found);
    if (isFree(sizes, index)) return atSafeValues(left, right, index);
    from = found + 1n;
  }
  return undefined;
}

function atSafeValues(left: Line, right: Line, index: number): Difference {
  const isSafe = [left, right].every(({ rise, offset, run }) => {
    const value = floorDivide(rise * BigInt(index) + offset, run);
    return Number.isSafeInteger(Number(value));
  });
  return isSafe ? { kind: "at", index } : { kind: "unknown", why: TOO_LARGE };
}

function firstByHops(
  left: Curve,
  right: Curve,
  sizes: Progression,
  { end, count }: { readonly end: number; readonly count: SearchCount },
): Difference {
  let index = firstIndexFrom(sizes, 0) ?? end;
  const cost = 1 + lengthOf(left) + lengthOf(right) + sizes.forbidden.length;
  for (let spent = 0; index < end; spent += cost) {
    count.hops += 1;
    if (spent > LARGEST_SEARCH) {
      const reached = sizeAt(sizes, index - 1);
      return { kind: "unknown", why: `the extents agree at every size up to ${reached}` };
    }
    if (!isFree(sizes, index)) {
      index += 1;
      continue;
    }
    const value = valueAt(left, index);
    if (value !== valueAt(right, index)) return { kind: "at", index };
    if (!Number.isSafeInteger(value)) return { kind: "unknown", why: TOO_LARGE };
    index = Math.min(nextChange(left, value), nextChange(right, value));
  }
  return NONE;
}

/**
 * Where a search may end. A residue class of the common period in which the curves differ has an
 * admissible index in one of its first e + 1 periods, if e single indices are excluded.
 */
function searchEnd(left: Curve, right: Curve, sizes: Progression): number {
  const [leftGrowth, rightGrowth] = [growthOf(left), growthOf(right)];
  if (leftGrowth.slope !== rightGrowth.slope) return Infinity;
  const moduli = sizes.forbidden.map(({ modulus }) => BigInt(modulus));
  const period = [leftGrowth.period, rightGrowth.period, ...moduli].reduce(lcm);
  return Number(period) * (sizes.excluded.size + 1);
}

/** How a curve f grows: f(x + period) = f(x) + period * slope. */
export interface Growth {
  /** In lowest terms, as text: `2/3`. */
  readonly slope: string;
  readonly period: bigint;
}

/** The slope of a curve, and the period after which it has grown by a whole number. */
export function growthOf(curve: Curve): Growth {
  if (typeof curve === "number") return { slope: "0/1", period: 1n };
  let [rise, run, period] = [1n, 1n, 1n];
  for (const { multiplier, divisor } of curve) {
    [rise, run] = lowestTerms(rise * BigInt(multiplier), run * BigInt(divisor));
    period = lcm(period, run);
  }
  return { slope: `${rise}/${run}`, period };
}
