/**
 * The sizes that solve a condition, as exact sets: those that a domain admits, those at which an extent
 * reaches a bound, and those at which two extents agree.
 */
import { domainFault } from "./admissible.js";
import { growthOf, nextChange, valueAt, type Curve } from "./curve.js";
import type { Condition, Domain } from "./domain.js";
import { sameExtent, type Extent } from "./extent.js";
import { lcm, LARGEST_SIZE } from "./integers.js";
import { intersectAll } from "./intersection.js";
import { gapsBetween, joinRanges, type Range } from "./ranges.js";
import { canonical, everySize, noSize, type SizeSet } from "./size-set.js";
import { firstReaching, type Step } from "./step.js";

/** How often searches may still look at two extents; several that share one share its end. */
export interface SearchAllowance {
  left: number;
}

/** What a search may take that is by itself. */
function oneSearch(): SearchAllowance {
  return { left: 2 ** 20 };
}

/**
 * The sizes that a domain admits, in canonical form; undefined where it has a `domainFault`, or
 * remainders of so many moduli that they have no closed form to write down.
 */
export function sizesOfDomain(domain: Domain): SizeSet | undefined {
  if (domainFault(domain) !== undefined) return undefined;
  return intersectAll(domain.conditions.map(sizesOfCondition));
}

function sizesOfCondition(condition: Condition): SizeSet {
  if (condition.kind === "remainder") {
    const { modulus, remainder, equal } = condition;
    const isResidue = remainder >= 0 && remainder < modulus;
    const one = isResidue ? [{ first: remainder, last: remainder }] : [];
    const residues = equal ? one : gapsBetween(one, 0, modulus - 1);
    return canonical({ ...everySize, modulus, residues });
  }
  const { relation, value } = condition;
  switch (relation) {
    case "==":
      return canonical({ ...everySize, from: Math.max(1, value), to: value });
    case "!=":
      return canonical({ ...everySize, except: [{ first: value, last: value }] });
    case "<":
      return canonical({ ...everySize, to: value - 1 });
    case "<=":
      return canonical({ ...everySize, to: value });
    case ">":
      return canonical({ ...everySize, from: Math.max(1, value + 1) });
    case ">=":
      return canonical({ ...everySize, from: Math.max(1, value) });
  }
}

/** The sizes at which an extent is at least a bound: it never decreases, so they have no gap. */
export function sizesReaching(extent: Extent, bound: number): SizeSet {
  if (typeof extent === "number") return extent >= bound ? everySize : noSize;
  const from = firstReaching(extent.steps, bound);
  return from > LARGEST_SIZE ? noSize : { ...everySize, from: Math.max(1, from) };
}

/**
 * The sizes at which two extents of one symbol, or an extent and a number, are equal.
 *
 * Where both grow at one rate, f(x + P) - g(x + P) = f(x) - g(x) for a common period P, so the answer is
 * a set of residue classes modulo P. Where they grow at different rates, |f(x) - s x| is bounded, so they
 * can only meet before the lines that bound them part. Either way the search hops from one size at which
 * an extent changes to the next.
 *
 * @param allowance 2^20 hops where left out.
 * @returns undefined for extents of different symbols, and for a search beyond what is allowed.
 */
export function sizesAgreeing(
  left: Extent,
  right: Extent,
  allowance: SearchAllowance = oneSearch(),
): SizeSet | undefined {
  if (sameExtent(left, right)) return everySize;
  if (typeof left !== "number" && typeof right !== "number" && left.symbol !== right.symbol) {
    return undefined;
  }
  const [one, other] = [stepsOf(left), stepsOf(right)];
  const [growth, rate] = [growthOf(one), growthOf(other)];
  if (growth.slope !== rate.slope) {
    const last = lastMeeting(one, other);
    const few = last === undefined ? undefined : meetings(one, other, last, allowance);
    if (few === undefined) return undefined;
    const [first, end] = [few[0]?.first, few.at(-1)?.last];
    if (first === undefined || end === undefined) return noSize;
    const except = gapsBetween(few, first, end);
    return canonical({ ...everySize, from: first, to: end, except });
  }
  const period = lcm(growth.period, rate.period);
  if (2n * period > BigInt(LARGEST_SIZE)) return undefined;
  const modulus = Number(period);
  const met = meetings(one, other, modulus, allowance);
  if (met === undefined) return undefined;
  return canonical({
    ...everySize,
    modulus,
    residues: met.flatMap((each) => wrapped(each, modulus)),
  });
}

function stepsOf(extent: Extent): Curve {
  return typeof extent === "number" ? extent : extent.steps;
}

/** Sizes 1 … modulus as residues: the last of them is 0. */
function wrapped({ first, last }: Range, modulus: number): readonly Range[] {
  if (last < modulus) return [{ first, last }];
  const zero = { first: 0, last: 0 };
  return first === modulus ? [zero] : [{ first, last: modulus - 1 }, zero];
}

/** Where two curves are equal from 1 to `last`; undefined where that takes too long. */
function meetings(
  left: Curve,
  right: Curve,
  last: number,
  allowance: SearchAllowance,
): readonly Range[] | undefined {
  const met: Range[] = [];
  for (let at = 1; at <= last;) {
    allowance.left -= 1;
    if (allowance.left < 0) return undefined;
    const [one, other] = [valueAt(left, at), valueAt(right, at)];
    if (!Number.isSafeInteger(one) || !Number.isSafeInteger(other)) return undefined;
    const next = Math.min(nextChange(left, one), nextChange(right, other));
    if (one === other) met.push({ first: at, last: Math.min(last, next - 1) });
    at = next;
  }
  return joinRanges(met);
}

/** The lines s x + low <= f(x) <= s x + high that a curve runs between. */
function boundsOf(curve: Curve): {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
} {
  if (typeof curve === "number") return { slope: 0, low: curve, high: curve };
  return curve.reduce(
    ({ slope, low, high }, { multiplier, offset, divisor }: Step) => ({
      slope: (slope * multiplier) / divisor,
      low: (multiplier * low + offset - (divisor - 1)) / divisor,
      high: (multiplier * high + offset) / divisor,
    }),
    { slope: 1, low: 0, high: 0 },
  );
}

/** A size beyond which curves of different slopes cannot meet; undefined where it is out of reach. */
function lastMeeting(left: Curve, right: Curve): number | undefined {
  const [one, other] = [boundsOf(left), boundsOf(right)];
  const [steep, flat] = one.slope > other.slope ? [one, other] : [other, one];
  // Slopes so close are not told apart by rounded numbers; the bound below is off by far less.
  if (steep.slope - flat.slope < steep.slope * 1e-9) return undefined;
  const last = Math.ceil(((flat.high - steep.low) / (steep.slope - flat.slope)) * 1.001) + 2;
  if (Number.isNaN(last) || last > LARGEST_SIZE) return undefined;
  return Math.max(0, last);
}
