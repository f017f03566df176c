/** When a run ends early, and when its rate falls, as pure functions of what its epochs came to. */
import type { Schedule, Stop } from "./recipe.js";

/**
 * For each value, how many in a row have been no better than the best by more than `least`: 0 for one that is.
 * @param values one per epoch, larger is better.
 */
function sinceBest(values: readonly number[], least: number): readonly number[] {
  let [best, since] = [-Infinity, 0];
  return values.map((value) => {
    if (value > best + least) [best, since] = [value, 0];
    else since += 1;
    return since;
  });
}

/**
 * Whether the last `patience` values were none of them better than the best before by more than `least`
 * (early stopping; Prechelt 1998, "Early Stopping - But When?").
 * @param values one per epoch, larger is better.
 */
export function hasPlateaued(stop: Stop, values: readonly number[]): boolean {
  if (stop.kind === "never") return false;
  return (sinceBest(values, stop.least).at(-1) ?? 0) >= stop.patience;
}

/**
 * How often the rate has fallen after epochs of these values: with every `patience` of them that are no better in a row.
 * @param values one per epoch, larger is better.
 */
export function fallsAfter(schedule: Schedule, values: readonly number[]): number {
  if (schedule.kind !== "onplateau") return 0;
  const { patience, least } = schedule;
  return sinceBest(values, least).filter((since) => since > 0 && since % patience === 0).length;
}

/** What is left of an optimizer's rate. */
export function rateAfterFalls(rate: number, schedule: Schedule, falls: number): number {
  return schedule.kind === "onplateau" ? rate * schedule.factor ** falls : rate;
}
