/** How far the rate of a run has fallen by what its epochs came to (`schedule onplateau`). */
import { fallsAfter } from "../recipe/plateau.js";
import type { Recipe } from "../recipe/recipe.js";
import { comparedValues, type EpochRecord } from "./history.js";

/** How often the rate has fallen after these epochs. */
export function fallsOf(
  { schedule }: Pick<Recipe, "schedule">,
  history: readonly EpochRecord[],
): number {
  return comparedValues(history).reduce((sum, values) => sum + fallsAfter(schedule, values), 0);
}
