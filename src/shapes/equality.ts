/**
 * Whether two extents are equal at every admissible size: decided, never sampled, with the smallest
 * failing size where they are not.
 *
 * A composition f of steps is monotone and quasi-linear: f(x + P) = f(x) + P s, for its slope s and a
 * whole period P. Two extents of equal slope therefore differ somewhere within one common period of
 * both and of the domain's remainders, or nowhere; of unequal slope, they part at some size. In
 * between the search hops from one size where either extent changes to the next, so that its length
 * is the number of values taken, not the number of sizes.
 */
import { isFree, solveDomain, type Progression } from "./admissible.js";
import type { Domain } from "./domain.js";
import { evaluateSteps, firstReaching } from "./evaluation.js";
import { appendStep, sameExtent, type Extent, type Step } from "./extent.js";
import { lcm, lowestTerms } from "./integers.js";

export type Equality =
  | { readonly kind: "equal" }
  | {
      readonly kind: "differ";
      /** The smallest failing size of each symbol; of two symbols, the larger one first, then left. */
      readonly sizes: ReadonlyMap<string, number>;
      readonly left: number;
      readonly right: number;
    }
  | { readonly kind: "undecided"; readonly why: string };

const EQUAL = { kind: "equal" } as const;

/** How many sizes are looked at before the answer is "undecided". */
const LARGEST_SEARCH = 2 ** 22;

/**
 * Decides whether two extents are equal at every admissible size. Over an empty domain they are.
 * "undecided" is the answer only for a domain that has a `domainFault`, a number beyond 2^53 - 1, or
 * a search beyond 2^22 sizes, which takes coefficients far from those of any network.
 */
export function decideEqual(
  left: Extent,
  right: Extent,
  domainOf: (symbol: string) => Domain,
): Equality {
  if (typeof left === "number" && typeof right === "number") return decideNumbers(left, right);
  if (sameExtent(left, right)) return EQUAL;
  const symbols = [left, right].flatMap((side) => (typeof side === "number" ? [] : [side.symbol]));
  const [first, second] = [...new Set(symbols)].map((symbol) => ({
    symbol,
    sizes: solveDomain(domainOf(symbol)),
  }));
  for (const solved of [first, second]) {
    if (solved?.sizes.kind === "unclear") return { kind: "undecided", why: solved.sizes.why };
  }
  if (first?.sizes.kind !== "progression") return EQUAL;
  if (second === undefined) return decideOne(left, right, first.symbol, first.sizes);
  if (second.sizes.kind !== "progression") return EQUAL;
  return decideTwo(
    { symbol: first.symbol, sizes: first.sizes, curve: curveOf(left, first.sizes) },
    { symbol: second.symbol, sizes: second.sizes, curve: curveOf(right, second.sizes) },
  );
}

function decideNumbers(left: number, right: number): Equality {
  if (left !== right) return { kind: "differ", sizes: new Map(), left, right };
  if (Number.isSafeInteger(left)) return EQUAL;
  return { kind: "undecided", why: "the extents exceed 2^53 - 1" };
}

/** Both sides depend on one symbol at most. */
function decideOne(left: Extent, right: Extent, symbol: string, sizes: Progression): Equality {
  const curves = [curveOf(left, sizes), curveOf(right, sizes)] as const;
  const found = firstDifference(...curves, sizes);
  if (found === undefined) return EQUAL;
  if (typeof found === "string") return { kind: "undecided", why: found };
  const [leftValue, rightValue] = curves.map((curve) => valueAt(curve, found)) as [number, number];
  return {
    kind: "differ",
    sizes: new Map([[symbol, sizes.start + sizes.stride * found]]),
    left: leftValue,
    right: rightValue,
  };
}

interface Side {
  readonly symbol: string;
  readonly sizes: Progression;
  readonly curve: Curve;
}

/**
 * The sides depend on independent symbols, so they are equal only where both are constant. Let c be
 * the left value at its smallest size. A failing pair takes either side off c; the smallest does so
 * at that side's first such size and leaves the other symbol at its smallest.
 */
function decideTwo(left: Side, right: Side): Equality {
  const lowest = [firstIndex(left.sizes), firstIndex(right.sizes)];
  const [leftLowest, rightLowest] = lowest;
  if (leftLowest === undefined || rightLowest === undefined) return EQUAL;
  const common = valueAt(left.curve, leftLowest);
  const candidates = [
    [leftLowest, firstDifference(right.curve, common, right.sizes)],
    [firstDifference(left.curve, common, left.sizes), rightLowest],
  ] as const;
  let smallest: Extract<Equality, { kind: "differ" }> | undefined;
  for (const [leftIndex, rightIndex] of candidates) {
    if (leftIndex === undefined || rightIndex === undefined) continue;
    if (typeof leftIndex === "string") return { kind: "undecided", why: leftIndex };
    if (typeof rightIndex === "string") return { kind: "undecided", why: rightIndex };
    const pair = differingPair(left, leftIndex, right, rightIndex);
    if (smallest === undefined || largest(pair.sizes) < largest(smallest.sizes)) smallest = pair;
  }
  return smallest ?? EQUAL;
}

function differingPair(left: Side, leftIndex: number, right: Side, rightIndex: number) {
  return {
    kind: "differ",
    sizes: new Map([
      [left.symbol, left.sizes.start + left.sizes.stride * leftIndex],
      [right.symbol, right.sizes.start + right.sizes.stride * rightIndex],
    ]),
    left: valueAt(left.curve, leftIndex),
    right: valueAt(right.curve, rightIndex),
  } as const;
}

function largest(sizes: ReadonlyMap<string, number>): number {
  return Math.max(...sizes.values());
}

function firstIndex(sizes: Progression): number | undefined {
  const end = Math.min(sizes.count, sizes.reach);
  for (let index = 0; index < end; index++) if (isFree(sizes, index)) return index;
  return undefined;
}

/** An extent as a function of a progression's index: a constant, or steps in normal form. */
type Curve = number | readonly Step[];

function curveOf(extent: Extent, sizes: Progression): Curve {
  if (typeof extent === "number") return extent;
  const substitution = { multiplier: sizes.stride, offset: sizes.start, divisor: 1 };
  return [substitution, ...extent.steps].reduce<readonly Step[]>(appendStep, []);
}

function valueAt(curve: Curve, index: number): number {
  return typeof curve === "number" ? curve : evaluateSteps(curve, index);
}

/** The smallest index above `index` at which the curve, `value` there, takes another value. */
function nextChange(curve: Curve, value: number): number {
  return typeof curve === "number" ? Infinity : firstReaching(curve, value + 1);
}

/**
 * The smallest admissible index at which two curves differ; undefined where there is none, and a
 * sentence where the search was given up.
 */
function firstDifference(
  left: Curve,
  right: Curve,
  sizes: Progression,
): number | string | undefined {
  if (typeof left !== "number" && typeof right !== "number") {
    const symbol = "";
    if (sameExtent({ symbol, steps: left }, { symbol, steps: right })) return undefined;
  }
  const end = Math.min(sizes.count, searchEnd(left, right, sizes));
  let looks = 0;
  for (let index = 0; index < end; looks++) {
    if (looks === LARGEST_SEARCH) return `no difference was found in ${looks} sizes`;
    if (!isFree(sizes, index)) {
      index += 1;
      continue;
    }
    const value = valueAt(left, index);
    if (value !== valueAt(right, index)) return index;
    if (!Number.isSafeInteger(value)) return "the extents exceed 2^53 - 1";
    index = Math.min(nextChange(left, value), nextChange(right, value));
  }
  return undefined;
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

/** The slope of a curve in lowest terms, and the period after which it has grown by a whole number. */
function growthOf(curve: Curve): { readonly slope: string; readonly period: bigint } {
  if (typeof curve === "number") return { slope: "0/1", period: 1n };
  let [rise, run, period] = [1n, 1n, 1n];
  for (const { multiplier, divisor } of curve) {
    [rise, run] = lowestTerms(rise * BigInt(multiplier), run * BigInt(divisor));
    period = lcm(period, run);
  }
  return { slope: `${rise}/${run}`, period };
}
