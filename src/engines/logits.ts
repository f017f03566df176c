/** From logits to probabilities, losses and ranks, in double precision and without overflow. */
import type { BinaryCrossEntropy, Loss } from "../recipe/recipe.js";

/** log of the sum of the exponentials. */
function logSumExp(logits: Float32Array): number {
  const largest = logits[indexOfLargest(logits)] ?? 0;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return largest + Math.log(sum);
}

/** exp(z_i) / sum_j exp(z_j) for every class i. */
export function softmax(logits: Float32Array): Float64Array {
  const total = logSumExp(logits);
  return Float64Array.from(logits, (logit) => Math.exp(logit - total));
}

/**
 * -sum_i q_i log softmax(z)_i with q_i = smoothing / K, plus 1 - smoothing for the label (Szegedy et
 * al. 2016, section 7).
 */
export function crossEntropy(logits: Float32Array, label: number, smoothing: number): number {
  const mean = logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
  const atLabel = logits[label] ?? Number.NaN;
  return logSumExp(logits) - (1 - smoothing) * atLabel - smoothing * mean;
}

/** The loss of an image of that class, as a recipe has it, in which no class weighs more than others. */
export function imageLoss(loss: Loss, logits: Float32Array, label: number): number {
  return loss.kind === "bce"
    ? binaryCrossEntropy(loss, logits, label)
    : crossEntropy(logits, label, loss.smoothing);
}

/** The mean over the classes of softplus(z_i) - q_i z_i, with the targets of `crossEntropy`, or 0 and 1 by a threshold. */
function binaryCrossEntropy(
  { smoothing, threshold }: BinaryCrossEntropy,
  logits: Float32Array,
  label: number,
): number {
  const share = smoothing / logits.length;
  const sum = logits.reduce((sum, logit, index) => {
    const given = index === label ? 1 - smoothing + share : share;
    const target =
      threshold === undefined ? given : Number(Math.fround(given) > Math.fround(threshold));
    return sum + softplus(logit) - target * logit;
  }, 0);
  return sum / logits.length;
}

function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}

/** The index of the largest value; the first of them where several are equal. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let index = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? 0) > (values[index] ?? 0)) index = i;
  }
  return index;
}

/** How many classes come before `label`: larger logits, and equal ones of a smaller index. */
export function rankOf(logits: Float32Array, label: number): number {
  const own = logits[label] ?? Number.NaN;
  let rank = 0;
  logits.forEach((logit, index) => {
    if (logit > own || (logit === own && index < label)) rank += 1;
  });
  return rank;
}
