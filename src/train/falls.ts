/** How far the rate of a run has fallen by what its epochs came to (`schedule onplateau`). */
import { fallsAfter } from "../recipe/plateau.js";
import type { Recipe } from "../recipe/recipe.js";
import { comparedEpochs, type EpochRecord } from "./history.js";

/** How often the rate has fallen after these epochs. */
export function fallsOf(
  { schedule, best }: Pick<Recipe, "schedule" | "best">,
  history: readonly EpochRecord[],
): number {
  return comparedEpochs(history, best).reduce(
    (sum, epochs) => sum + fallsAfter(schedule, epochs),
    0,
  );
}
