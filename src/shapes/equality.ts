/**
 * Whether two extents are equal at every admissible size: decided, never sampled, with the smallest
 * failing size where they are not.
 */
import { firstIndexFrom, sizeAt, solveDomain, type Progression } from "./admissible.js";
import {
  curveOf,
  firstDifference,
  TOO_LARGE,
  valueAt,
  type Curve,
  type SearchCount,
} from "./curve.js";
import type { Domain } from "./domain.js";
import { sameExtent, type Extent } from "./extent.js";

export type Equality =
  | { readonly kind: "equal" }
  | {
      readonly kind: "differ";
      /**
       * The smallest failing size; of two symbols, the pair least in its maximum, then in the left.
       */
      readonly sizes: ReadonlyMap<string, number>;
      readonly left: number;
      readonly right: number;
    }
  | { readonly kind: "undecided"; readonly why: string };

const EQUAL = { kind: "equal" } as const;

/**
 * Decides whether two extents are equal at every admissible size. Over an empty domain they are.
 * "undecided" is the answer only for a domain that has a `domainFault`, a number beyond 2^53 - 1,
 * or a search beyond 2^22 evaluations, which takes coefficients far from those of any network.
 *
 * @param count has the hops of the search added to it.
 */
export function decideEqual(
  left: Extent,
  right: Extent,
  domainOf: (symbol: string) => Domain,
  count: SearchCount = { hops: 0 },
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
  if (second === undefined) return decideOne({ left, right, ...first, sizes: first.sizes }, count);
  if (second.sizes.kind !== "progression") return EQUAL;
  return decideTwo(
    { symbol: first.symbol, sizes: first.sizes, curve: curveOf(left, first.sizes) },
    { symbol: second.symbol, sizes: second.sizes, curve: curveOf(right, second.sizes) },
    count,
  );
}

function decideNumbers(left: number, right: number): Equality {
  if (left !== right) return { kind: "differ", sizes: new Map(), left, right };
  if (Number.isSafeInteger(left)) return EQUAL;
  return { kind: "undecided", why: TOO_LARGE };
}

interface Pair {
  readonly left: Extent;
  readonly right: Extent;
  readonly symbol: string;
  readonly sizes: Progression;
}

/** Both sides depend on one symbol at most. */
function decideOne({ left, right, symbol, sizes }: Pair, count: SearchCount): Equality {
  const leftCurve = curveOf(left, sizes);
  const rightCurve = curveOf(right, sizes);
  const found = firstDifference(leftCurve, rightCurve, sizes, count);
  if (found.kind === "none") return EQUAL;
  if (found.kind === "unknown") return { kind: "undecided", why: found.why };
  return {
    kind: "differ",
    sizes: new Map([[symbol, sizeAt(sizes, found.index)]]),
    left: valueAt(leftCurve, found.index),
    right: valueAt(rightCurve, found.index),
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
function decideTwo(left: Side, right: Side, count: SearchCount): Equality {
  const leftLowest = firstIndexFrom(left.sizes, 0);
  const rightLowest = firstIndexFrom(right.sizes, 0);
  if (leftLowest === undefined || rightLowest === undefined) return EQUAL;
  const common = valueAt(left.curve, leftLowest);
  const ofRight = firstDifference(right.curve, common, right.sizes, count);
  const ofLeft = firstDifference(left.curve, common, left.sizes, count);
  for (const found of [ofRight, ofLeft]) {
    if (found.kind === "unknown") return { kind: "undecided", why: found.why };
  }
  const pairs = [
    ...(ofRight.kind === "at" ? [differingPair(left, leftLowest, right, ofRight.index)] : []),
    ...(ofLeft.kind === "at" ? [differingPair(left, ofLeft.index, right, rightLowest)] : []),
  ];
  const [first, second] = pairs;
  if (first === undefined) return EQUAL;
  // Of two pairs with one largest size, the first has the smaller size on the left.
  return second !== undefined && largest(second) < largest(first) ? second : first;
}

type Differing = Extract<Equality, { kind: "differ" }>;

function differingPair(left: Side, leftIndex: number, right: Side, rightIndex: number): Differing {
  return {
    kind: "differ",
    sizes: new Map([
      [left.symbol, sizeAt(left.sizes, leftIndex)],
      [right.symbol, sizeAt(right.sizes, rightIndex)],
    ]),
    left: valueAt(left.curve, leftIndex),
    right: valueAt(right.curve, rightIndex),
  };
}

function largest(pair: Differing): number {
  return Math.max(...pair.sizes.values());
}
