/** Sets of whole numbers as ranges: ascending, apart from each other, never empty. */

/** The whole numbers from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The same numbers as ascending ranges that neither overlap nor touch. */
export function joinRanges(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges
    .filter(({ first, last }) => first <= last)
    .sort((one, other) => one.first - other.first);
  const joined: Range[] = [];
  for (const range of sorted) {
    const before = joined.at(-1);
    if (before === undefined || range.first > before.last + 1) joined.push(range);
    else if (range.last > before.last) {
      joined[joined.length - 1] = { first: before.first, last: range.last };
    }
  }
  return joined;
}

/** The numbers that are in both. */
export function commonRanges(left: readonly Range[], right: readonly Range[]): readonly Range[] {
  const common: Range[] = [];
  let [l, r] = [0, 0];
  for (;;) {
    const [one, other] = [left[l], right[r]];
    if (one === undefined || other === undefined) return common;
    const [first, last] = [Math.max(one.first, other.first), Math.min(one.last, other.last)];
    if (first <= last) common.push({ first, last });
    if (one.last < other.last) l += 1;
    else r += 1;
  }
}

/** The numbers from `first` to `last` that are in none of the ranges. */
export function gapsBetween(
  ranges: readonly Range[],
  first: number,
  last: number,
): readonly Range[] {
  const gaps: Range[] = [];
  let next = first;
  for (const range of ranges) {
    if (range.first > next) gaps.push({ first: next, last: Math.min(last, range.first - 1) });
    next = Math.max(next, range.last + 1);
  }
  if (next <= last) gaps.push({ first: next, last });
  return gaps;
}

/** The range that ends at or after a number, the first of them; undefined where there is none. */
export function rangeFrom(ranges: readonly Range[], number: number): Range | undefined {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as Range).last < number) low = middle + 1;
    else high = middle;
  }
  return ranges[low];
}

/** The range that begins at or before a number, the last of them; undefined where there is none. */
export function rangeUpTo(ranges: readonly Range[], number: number): Range | undefined {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as Range).first <= number) low = middle + 1;
    else high = middle;
  }
  return ranges[low - 1];
}

/** Whether a number is in one of the ranges. */
export function inRanges(ranges: readonly Range[], number: number): boolean {
  const range = rangeFrom(ranges, number);
  return range !== undefined && range.first <= number;
}

/** How many numbers there are. */
export function countRanges(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { first, last }) => sum + (last - first + 1), 0);
}

/** Whether two lists are of the same ranges. */
export function sameRanges(left: readonly Range[], right: readonly Range[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ first, last }, index) => {
      const other = right[index];
      return other?.first === first && other.last === last;
    })
  );
}
