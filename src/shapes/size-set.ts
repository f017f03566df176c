/**
 * Sets of sizes in closed form: residue classes of one modulus, between a first and a last size, less
 * single sizes. Every set that a conjunction of conditions, windows and merges can come to is of this
 * form, and `canonical` gives sets with no end one form each: the least modulus, the first size that is
 * in the set, and no exception that the classes leave out anyway.
 */
import { gcd, LARGEST_SIZE } from "./integers.js";
import { inRanges, joinRanges, rangeFrom, rangeUpTo, sameRanges, type Range } from "./ranges.js";

/** The sizes x from `from` to `to` with x mod `modulus` in `residues`, but for those in `except`. */
export interface SizeSet {
  readonly from: number;
  /** Absent where the set has no end. */
  readonly to?: number;
  readonly modulus: number;
  /** Within 0 … modulus - 1. */
  readonly residues: readonly Range[];
  readonly except: readonly Range[];
}

/** All sizes. */
export const everySize: SizeSet = {
  from: 1,
  modulus: 1,
  residues: [{ first: 0, last: 0 }],
  except: [],
};

/** No size. */
export const noSize: SizeSet = { from: 1, to: 0, modulus: 1, residues: [], except: [] };

/** A finite set of up to this many sizes is described by its members alone. */
const fewSizes = 4096;

/** The last size that the set can have. */
function endOf({ to }: SizeSet): number {
  return to ?? LARGEST_SIZE;
}

/** Whether the set has no last size. */
export function isEndless({ to, residues }: SizeSet): boolean {
  return to === undefined && residues.length > 0;
}

/** Whether a size is in the set. */
export function hasSize(set: SizeSet, size: number): boolean {
  return (
    Number.isSafeInteger(size) &&
    size >= set.from &&
    size <= endOf(set) &&
    inRanges(set.residues, size % set.modulus) &&
    !inRanges(set.except, size)
  );
}

/** The smallest size of the set that is at least `size`; undefined where there is none. */
export function sizeFrom(set: SizeSet, size: number): number | undefined {
  let at = Math.max(size, set.from);
  for (;;) {
    const next = classFrom(set, at);
    if (next === undefined || next > endOf(set)) return undefined;
    const skipped = rangeFrom(set.except, next);
    if (skipped === undefined || skipped.first > next) return next;
    at = skipped.last + 1;
  }
}

/** The largest size of the set that is at most `size`; undefined where there is none. */
export function sizeUpTo(set: SizeSet, size: number): number | undefined {
  let at = Math.min(size, endOf(set));
  for (;;) {
    if (at < set.from) return undefined;
    const previous = classUpTo(set, at);
    if (previous === undefined || previous < set.from) return undefined;
    const skipped = rangeUpTo(set.except, previous);
    if (skipped === undefined || skipped.last < previous) return previous;
    at = skipped.first - 1;
  }
}

/** The smallest size of the set's residue classes that is at least `size`. */
export function classFrom({ modulus, residues }: SizeSet, size: number): number | undefined {
  const [first] = residues;
  if (first === undefined) return undefined;
  const residue = size % modulus;
  const range = rangeFrom(residues, residue);
  if (range === undefined) return size + (modulus - residue) + first.first;
  return size + Math.max(0, range.first - residue);
}

function classUpTo({ modulus, residues }: SizeSet, size: number): number | undefined {
  const last = residues.at(-1);
  if (last === undefined) return undefined;
  const residue = size % modulus;
  const range = rangeUpTo(residues, residue);
  if (range === undefined) return size - residue - modulus + last.last;
  return size - Math.max(0, residue - range.last);
}

/** The first `most` sizes of the set in ascending order. */
export function listSizes(set: SizeSet, most: number): readonly number[] {
  const sizes: number[] = [];
  let next = sizeFrom(set, 1);
  while (next !== undefined && sizes.length < most) {
    sizes.push(next);
    next = sizeFrom(set, next + 1);
  }
  return sizes;
}

/** All sizes of the set; undefined where they are more than `fewSizes`. */
export function fewSizesOf(set: SizeSet): readonly number[] | undefined {
  if (isEndless(set)) return undefined;
  const sizes = listSizes(set, fewSizes + 1);
  return sizes.length > fewSizes ? undefined : sizes;
}

/** The set of the given sizes, which ascend: one progression, less the gaps in it. */
export function setOfSizes(sizes: readonly number[]): SizeSet {
  const [from, to] = [sizes[0], sizes.at(-1)];
  if (from === undefined || to === undefined) return noSize;
  const modulus = sizes.reduce((common, size) => gcd(common, size - from), 0) || 1;
  const residue = from % modulus;
  const except: Range[] = [];
  for (const [index, size] of sizes.entries()) {
    const before = sizes[index - 1] ?? size - modulus;
    if (size - before > modulus) except.push({ first: before + modulus, last: size - modulus });
  }
  return { from, to, modulus, residues: [{ first: residue, last: residue }], except };
}

/**
 * The set in its canonical form. Two sets without an end are equal just where their canonical forms
 * are; of finite sets that holds up to `fewSizes` members.
 */
export function canonical(written: SizeSet): SizeSet {
  const residues = joinRanges(written.residues);
  const set = { ...written, ...leastModulus(residues, written.modulus) };
  const from = sizeFrom({ ...set, except: joinRanges(set.except) }, 1);
  if (from === undefined) return noSize;
  const except = trimmed(set, joinRanges(set.except), from);
  const started = { ...set, from, except };
  if (set.to === undefined) return started;
  const to = sizeUpTo(started, set.to) ?? from;
  const bounded = { ...started, to, except: except.filter(({ first }) => first <= to) };
  const few = fewSizesOf(bounded);
  return few === undefined ? bounded : setOfSizes(few);
}

/**
 * Residues modulo the least modulus. A set that also has the period modulus / p has p times as many
 * ranges around the circle of residues as that period has, so only the primes of their number count.
 */
function leastModulus(
  residues: readonly Range[],
  modulus: number,
): Pick<SizeSet, "modulus" | "residues"> {
  const [first, last] = [residues[0], residues.at(-1)];
  if (first === undefined || last === undefined) return { modulus: 1, residues: [] };
  const isWhole = first.first === 0 && first.last === modulus - 1;
  if (isWhole) return { modulus: 1, residues: [{ first: 0, last: 0 }] };
  const wraps = first.first === 0 && last.last === modulus - 1;
  const around = residues.length - (wraps ? 1 : 0);
  for (let prime = 2; prime <= around; prime++) {
    if (around % prime !== 0 || modulus % prime !== 0) continue;
    const period = modulus / prime;
    if (!hasPeriod(residues, modulus, period)) continue;
    const kept = residues
      .filter((range) => range.first < period)
      .map((range) => ({ first: range.first, last: Math.min(range.last, period - 1) }));
    return leastModulus(kept, period);
  }
  return { modulus, residues };
}

/** Whether the residues are the same after a turn by `period`. */
function hasPeriod(residues: readonly Range[], modulus: number, period: number): boolean {
  const turned = residues.flatMap(({ first, last }) => {
    const [from, to] = [first + period, last + period];
    if (from >= modulus) return [{ first: from - modulus, last: to - modulus }];
    if (to < modulus) return [{ first: from, last: to }];
    return [
      { first: from, last: modulus - 1 },
      { first: 0, last: to - modulus },
    ];
  });
  return sameRanges(joinRanges(turned), residues);
}

/** Exceptions from `from` on that begin and end with sizes of the classes, as few as there can be. */
function trimmed(set: SizeSet, except: readonly Range[], from: number): readonly Range[] {
  const kept: Range[] = [];
  for (const range of except) {
    const first = classFrom(set, Math.max(range.first, from));
    const last = classUpTo(set, range.last);
    if (first === undefined || last === undefined || first > last) continue;
    const before = kept.at(-1);
    const next = before && classFrom(set, before.last + 1);
    if (before && next !== undefined && next >= first) {
      kept[kept.length - 1] = { first: before.first, last };
    } else kept.push({ first, last });
  }
  return kept;
}

/** Whether two canonical sets are of the same form, and so of the same sizes. */
export function sameSizes(left: SizeSet, right: SizeSet): boolean {
  return (
    left.from === right.from &&
    left.to === right.to &&
    left.modulus === right.modulus &&
    sameRanges(left.residues, right.residues) &&
    sameRanges(left.except, right.except)
  );
}
