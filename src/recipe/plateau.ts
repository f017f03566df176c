/** When a run ends early, and when its rate falls, as pure functions of what its epochs came to. */
import type { Schedule, Stop } from "./recipe.js";

/**
 * Whether the last `patience` values were none of them better than the best before by more than `least`
 * (early stopping; Prechelt 1998, "Early Stopping - But When?").
 * @param values one per epoch, larger is better.
 */
export function hasPlateaued(stop: Stop, values: readonly number[]): boolean {
  if (stop.kind === "never") return false;
  let best = -Infinity;
  let since = 0;
  for (const value of values) {
    if (value > best + stop.least) [best, since] = [value, 0];
    else since += 1;
  }
  return since >= stop.patience;
}

/**
 * How often the rate has fallen after epochs of these values.
 * @param values one per epoch, larger is better.
 */
export function fallsAfter(schedule: Schedule, values: readonly number[]): number {
  if (schedule.kind !== "onplateau") return 0;
  let [best, since, falls] = [-Infinity, 0, 0];
  for (const value of values) {
    if (value > best + schedule.least) [best, since] = [value, 0];
    else if (++since === schedule.patience) [since, falls] = [0, falls + 1];
  }
  return falls;
}

/** What is left of an optimizer's rate. */
export function rateAfterFalls(rate: number, schedule: Schedule, falls: number): number {
  return schedule.kind === "onplateau" ? rate * schedule.factor ** falls : rate;
}
