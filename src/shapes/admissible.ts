/**
 * A domain solved: its sizes as one arithmetic progression, less some residue classes and single
 * terms. Equality and bounds are decided on the progression's index, where `H % 32 == 0` has become
 * H = 32 * index + 32 and takes no search at all.
 */
import type { Condition, Domain } from "./domain.js";
import { LARGEST_SIZE, lcm, modulo, solveCongruence, type Residue } from "./integers.js";

/**
 * The sizes start + stride * index, for index 0 … count - 1, less what is forbidden and excluded.
 */
export interface Progression {
  readonly kind: "progression";
  readonly start: number;
  readonly stride: number;
  readonly count: number;
  /** Indices that leave `remainder` modulo `modulus` are not admissible. */
  readonly forbidden: readonly { readonly modulus: number; readonly remainder: number }[];
  /** Single indices that are not admissible. */
  readonly excluded: ReadonlySet<number>;
  /** If this many indices in a row are not admissible (short of the end), then none is. */
  readonly reach: number;
}

export type AdmissibleSizes =
  Progression | { readonly kind: "empty" } | { readonly kind: "unclear"; readonly why: string };

const EMPTY = { kind: "empty" } as const;

/** How many tests the search for a size may take; only a contrived list of `!=` exceeds it. */
const LARGEST_SEARCH = 2 ** 20;

/** The domain's sizes; "empty" where the comparisons or equal remainders alone leave none. */
export function solveDomain(domain: Domain): AdmissibleSizes {
  const fault = domain.conditions.map(conditionFault).find((why) => why !== undefined);
  if (fault !== undefined) return { kind: "unclear", why: fault };
  const [low, high] = interval(domain.conditions);
  const residue = commonResidue(domain.conditions);
  if (residue === undefined || low > high) return EMPTY;
  const start = low + Number(modulo(residue.remainder - BigInt(low), residue.modulus));
  if (start > high) return EMPTY;
  // A modulus beyond the safe integers leaves one size at most, for which any stride will do.
  const stride = residue.modulus > BigInt(LARGEST_SIZE) ? LARGEST_SIZE : Number(residue.modulus);
  const count = Math.floor((high - start) / stride) + 1;
  const forbidden = forbiddenResidues(domain.conditions, BigInt(start), residue.modulus);
  if (forbidden.some(({ modulus }) => modulus === 1n)) return EMPTY;
  const excluded = excludedIndices(domain.conditions, start, stride, count);
  const reach = reachOf(forbidden, excluded.size);
  if (Math.min(reach, count) * Math.max(1, forbidden.length) > LARGEST_SEARCH) {
    return { kind: "unclear", why: `${domain.symbol} has too many != conditions` };
  }
  return {
    kind: "progression",
    start,
    stride,
    count,
    forbidden: forbidden.map(({ modulus, remainder }) => ({
      modulus: Number(modulus),
      remainder: Number(remainder),
    })),
    excluded,
    reach,
  };
}

/**
 * Why the domain's sizes cannot be found, where they cannot: a condition that is no condition
 * (`H % 0 == 0`, a number beyond 2^53 - 1), or a contrived list of `!=` conditions.
 */
export function domainFault(domain: Domain): string | undefined {
  const sizes = solveDomain(domain);
  return sizes.kind === "unclear" ? sizes.why : undefined;
}

/**
 * The smallest admissible size; undefined where there is none, which is decided exactly.
 * @throws RangeError where `domainFault` has something to say.
 */
export function smallestSize(domain: Domain): number | undefined {
  return firstSizeFrom(progressionOf(domain), 0);
}

/**
 * The solved domain, undefined where it is empty.
 * @throws RangeError where `domainFault` has something to say.
 */
export function progressionOf(domain: Domain): Progression | undefined {
  const sizes = solveDomain(domain);
  if (sizes.kind === "unclear") throw new RangeError(sizes.why);
  return sizes.kind === "empty" ? undefined : sizes;
}

/** The smallest admissible index that is at least `from`; undefined where there is none. */
export function firstIndexFrom(sizes: Progression, from: number): number | undefined {
  const end = Math.min(sizes.count, from + sizes.reach);
  for (let index = from; index < end; index++) if (isFree(sizes, index)) return index;
  return undefined;
}

/** The smallest admissible size whose index is at least `from`; undefined where there is none. */
export function firstSizeFrom(sizes: Progression | undefined, from: number): number | undefined {
  if (sizes === undefined) return undefined;
  const index = firstIndexFrom(sizes, from);
  return index === undefined ? undefined : sizeAt(sizes, index);
}

/** The size at an index of the progression. */
export function sizeAt(sizes: Progression, index: number): number {
  return sizes.start + sizes.stride * index;
}

/** Whether an index of the progression is admissible. */
export function isFree(sizes: Progression, index: number): boolean {
  if (sizes.excluded.has(index)) return false;
  return !sizes.forbidden.some(({ modulus, remainder }) => index % modulus === remainder);
}

function conditionFault(condition: Condition): string | undefined {
  const numbers =
    condition.kind === "compare" ? [condition.value] : [condition.modulus, condition.remainder];
  const odd = numbers.find((number) => !Number.isSafeInteger(number));
  if (odd !== undefined) return `${odd} is not a whole number below 2^53`;
  if (condition.kind === "remainder" && condition.modulus < 1) {
    return `no size can be divided by ${condition.modulus}`;
  }
  return undefined;
}

/** The lowest and highest size that the comparisons allow. */
function interval(conditions: readonly Condition[]): readonly [number, number] {
  let low = 1;
  let high = LARGEST_SIZE;
  for (const condition of conditions) {
    if (condition.kind !== "compare") continue;
    const { relation, value } = condition;
    if (relation === "==" || relation === ">=") low = Math.max(low, value);
    if (relation === ">") low = Math.max(low, value + 1);
    if (relation === "==" || relation === "<=") high = Math.min(high, value);
    if (relation === "<") high = Math.min(high, value - 1);
  }
  return [low, high];
}

/** The one residue class that all `==` remainders come to; undefined where they contradict. */
function commonResidue(conditions: readonly Condition[]): Residue | undefined {
  let common: Residue = { modulus: 1n, remainder: 0n };
  for (const condition of conditions) {
    if (condition.kind !== "remainder" || !condition.equal) continue;
    const { modulus, remainder } = condition;
    if (remainder < 0 || remainder >= modulus) return undefined;
    const target = BigInt(remainder) - common.remainder;
    if (common.modulus > BigInt(LARGEST_SIZE)) {
      // Only the remainder itself is small enough to be a size, so it has to meet the rest.
      if (modulo(target, BigInt(modulus)) !== 0n) return undefined;
      continue;
    }
    const turns = solveCongruence(common.modulus, target, BigInt(modulus));
    if (turns === undefined) return undefined;
    common = {
      modulus: common.modulus * turns.modulus,
      remainder: common.remainder + common.modulus * turns.remainder,
    };
  }
  return common;
}

/** The `!=` remainders, each once, as residue classes of the index. */
function forbiddenResidues(
  conditions: readonly Condition[],
  start: bigint,
  stride: bigint,
): readonly Residue[] {
  const found = new Map<string, Residue>();
  for (const condition of conditions) {
    if (condition.kind !== "remainder" || condition.equal) continue;
    const { modulus, remainder } = condition;
    if (remainder < 0 || remainder >= modulus) continue;
    const residue = solveCongruence(stride, BigInt(remainder) - start, BigInt(modulus));
    if (residue) found.set(`${residue.remainder} % ${residue.modulus}`, residue);
  }
  return [...found.values()];
}

function excludedIndices(
  conditions: readonly Condition[],
  start: number,
  stride: number,
  count: number,
): ReadonlySet<number> {
  const indices = new Set<number>();
  for (const condition of conditions) {
    if (condition.kind !== "compare" || condition.relation !== "!=") continue;
    const index = (condition.value - start) / stride;
    if (Number.isInteger(index) && index >= 0 && index < count) indices.add(index);
  }
  return indices;
}

/**
 * k residue classes that cover 2^k whole numbers in a row cover all of them (Crittenden and Vanden
 * Eynden 1970); so do those that cover one common period. Of e + 1 such stretches, e excluded
 * indices leave one untouched.
 */
function reachOf(forbidden: readonly Residue[], excluded: number): number {
  let period = 1n;
  for (const { modulus } of forbidden) {
    if (period <= BigInt(LARGEST_SIZE)) period = lcm(period, modulus);
  }
  return Math.min(2 ** forbidden.length, Number(period)) * (excluded + 1);
}
