/** What to say, and to advise, when a loss or a weight is no longer a finite number. */
import type { Recipe } from "../recipe/recipe.js";
import { TrainingError } from "./errors.js";

/**
 * @param what what is NaN or infinite, and where: `the loss is NaN at step 3 of epoch 1`.
 * @param saved the last good checkpoint, if there is one.
 */
export function diverged(what: string, recipe: Recipe, saved: string | undefined): TrainingError {
  const { optimizer, schedule, preprocess } = recipe;
  const advice = [`train with a lower rate than ${optimizer.rate}: a tenth of it is a first try`];
  if (schedule.warmup === 0) advice.push("let the schedule warm up over the first epochs");
  if (!preprocess.some(({ kind }) => kind === "normalize")) {
    advice.push("add `normalize` to the recipe's `preprocess`");
  }
  const kept = saved === undefined ? "" : `; the last good checkpoint is ${saved}`;
  return new TrainingError(`${what}${kept}`, advice.join(", or "));
}
