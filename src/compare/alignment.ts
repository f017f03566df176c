/**
 * Pairs the items of two sequences, in their order, so that the pairs are as alike as can be: what stands in one
 * sequence alone is an insertion or a removal, and what comes after it is paired with what it was before.
 */

/** At least one of the two is there. */
export interface Pair<T> {
  readonly before?: T;
  readonly after?: T;
}

/** How alike two items are; 0 never pairs. The largest likeness is that of items that are the same. */
export type Likeness<T> = (before: T, after: T) => number;

/** Beyond this many comparisons items are paired by their place alone. */
const comparisonsLimit = 4_000_000;

/**
 * The pairs in the order of both sequences; what was removed stands before what was added in its place. Of all
 * pairings in order it is one with the largest sum of likenesses (Needleman and Wunsch 1970).
 *
 * @param same whether two items are the same, so that those that both sequences begin or end with are paired at once.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  likeness: Likeness<T>,
  same: (before: T, after: T) => boolean,
): readonly Pair<T>[] {
  const least = Math.min(before.length, after.length);
  const isSame = (a: number, b: number): boolean => same(before[a] as T, after[b] as T);
  let head = 0;
  while (head < least && isSame(head, head)) head++;
  let tail = 0;
  while (tail < least - head && isSame(before.length - 1 - tail, after.length - 1 - tail)) {
    tail++;
  }
  const [endBefore, endAfter] = [before.length - tail, after.length - tail];
  const middle = pairMiddle(before.slice(head, endBefore), after.slice(head, endAfter), likeness);
  const both = (a: number, b: number): Pair<T> => ({
    before: before[a] as T,
    after: after[b] as T,
  });
  return [
    ...Array.from({ length: head }, (_, index) => both(index, index)),
    ...middle,
    ...Array.from({ length: tail }, (_, index) => both(endBefore + index, endAfter + index)),
  ];
}

function pairMiddle<T>(
  before: readonly T[],
  after: readonly T[],
  likeness: Likeness<T>,
): readonly Pair<T>[] {
  const [rows, columns] = [before.length, after.length];
  if (rows * columns > comparisonsLimit) return byPlace(before, after, likeness);
  const width = columns + 1;
  // best[row * width + column]: the largest sum for what is left from there on.
  const best = new Float64Array((rows + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const like = likeness(before[row] as T, after[column] as T);
      const paired = like > 0 ? like + at(row + 1, column + 1) : 0;
      best[row * width + column] = Math.max(paired, at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: Pair<T>[] = [];
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    const [left, right] = [before[row] as T, after[column] as T];
    const like = likeness(left, right);
    if (like > 0 && at(row, column) === like + at(row + 1, column + 1)) {
      pairs.push({ before: left, after: right });
      row++;
      column++;
    } else if (at(row, column) === at(row + 1, column)) {
      pairs.push({ before: left });
      row++;
    } else {
      pairs.push({ after: right });
      column++;
    }
  }
  return [
    ...pairs,
    ...before.slice(row).map((item) => ({ before: item })),
    ...after.slice(column).map((item) => ({ after: item })),
  ];
}

function byPlace<T>(
  before: readonly T[],
  after: readonly T[],
  likeness: Likeness<T>,
): readonly Pair<T>[] {
  const most = Math.max(before.length, after.length);
  return Array.from({ length: most }, (_, index) => index).flatMap((index): Pair<T>[] => {
    const [left, right] = [before[index], after[index]];
    if (left === undefined) return right === undefined ? [] : [{ after: right }];
    if (right === undefined) return [{ before: left }];
    if (likeness(left, right) > 0) return [{ before: left, after: right }];
    return [{ before: left }, { after: right }];
  });
}
