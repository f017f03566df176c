/** In which parts, one after the other, a batch is passed (`accumulate`). */

/** The first of some images of a batch, and the one after the last. */
export type Range = readonly [from: number, to: number];

/** As many nearly equal parts as a recipe says, or one for each image. */
export function partsOf(batch: number, accumulate: number): readonly Range[] {
  const parts = Math.min(accumulate, batch);
  const start = (index: number): number => Math.floor((index * batch) / parts);
  return Array.from({ length: parts }, (_, index) => [start(index), start(index + 1)] as const);
}
