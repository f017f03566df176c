/** How many samples of a split are of each class. */
import type { Split } from "./data-set.js";

/** How many are read side by side. */
const atOnce = 256;

/**
 * @param classes how many there are.
 * @throws DataError naming a sample that has to be read for it and cannot be.
 */
export async function classCounts(split: Split, classes: number): Promise<readonly number[]> {
  const counts = new Array<number>(classes).fill(0);
  const labelOf = async (index: number): Promise<number> =>
    split.label?.(index) ?? (await split.read(index)).label;
  for (let from = 0; from < split.size; from += atOnce) {
    const count = Math.min(atOnce, split.size - from);
    const some = Array.from({ length: count }, (_, offset) => labelOf(from + offset));
    for (const label of await Promise.all(some)) counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}
