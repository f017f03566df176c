/** When a run ends early, as a pure function of what its epochs came to. */
import type { Stop } from "./recipe.js";

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
