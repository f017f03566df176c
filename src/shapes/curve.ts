/**
 * Curves: extents as functions of the index of a solved domain, and the smallest index at which two
 * of them differ.
 *
 * A composition f of steps is monotone and quasi-linear: f(x + P) = f(x) + P s, for its slope s and
 * a whole period P. Two curves of equal slope therefore differ somewhere within one common period
 * of both and of the domain's remainders, or nowhere; of unequal slope, they part at some size. In
 * between the search hops from one index where either curve changes to the next, so that its length
 * is the number of values taken, not the number of sizes.
 */
import { firstIndexFrom, isFree, sizeAt, type Progression } from "./admissible.js";
import type { Extent } from "./extent.js";
import { lcm, lowestTerms } from "./integers.js";
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

/** How many steps and conditions a search may evaluate before its answer is "unknown". */
const LARGEST_SEARCH = 2 ** 22;

/** Why values that have been rounded are not compared. */
export const TOO_LARGE = "the extents exceed 2^53 - 1";

const NONE = { kind: "none" } as const;

/** The smallest admissible index at which two curves differ. */
export function firstDifference(left: Curve, right: Curve, sizes: Progression): Difference {
  if (typeof left !== "number" && typeof right !== "number" && sameSteps(left, right)) return NONE;
  const end = Math.min(sizes.count, searchEnd(left, right, sizes));
  let index = firstIndexFrom(sizes, 0) ?? end;
  const cost = 1 + lengthOf(left) + lengthOf(right) + sizes.forbidden.length;
  for (let spent = 0; index < end; spent += cost) {
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
