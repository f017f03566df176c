/** How much the loss of an image counts, by its class: what a recipe says, for the images that there are to train on. */
import type { CrossEntropy, Loss } from "./recipe.js";

/** Whether a loss weighs classes. */
export function isWeighted(loss: Loss): boolean {
  if (loss.kind !== "crossentropy") return false;
  const { weights = [], balance = 0 } = loss;
  return weights.length > 0 || balance > 0;
}

/** The loss of images that are looked at, not trained on. */
export function unweighted(loss: Loss): Loss {
  if (loss.kind !== "crossentropy") return loss;
  const { kind, smoothing } = loss;
  return { kind, smoothing };
}

/**
 * The weight of every class: its own, times (n / (K n_c))^balance, where n_c of the n images to train on are of class c
 * of K that have any. With a balance of 1 every class has the same share in the loss (King and Zeng 2001, "Logistic
 * Regression in Rare Events Data"), with 0.5 the square root of that. A class without images has its own weight.
 *
 * @param counts the images of every class.
 */
export function classWeights(
  { weights = [], balance = 0 }: CrossEntropy,
  counts: readonly number[],
): readonly number[] {
  const images = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count, index) => {
    const own = weights[index] ?? 1;
    return count === 0 ? own : own * (images / (present * count)) ** balance;
  });
}

/** The loss with a weight for every class and nothing left to balance; as it is, where it weighs none. */
export function withClassWeights(loss: Loss, counts: readonly number[]): Loss {
  if (loss.kind !== "crossentropy" || !isWeighted(loss)) return loss;
  const { kind, smoothing } = loss;
  return { kind, smoothing, weights: classWeights(loss, counts) };
}
