/** From logits to probabilities, losses and ranks, in double precision and without overflow. */

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
