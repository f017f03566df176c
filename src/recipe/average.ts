/** The decay of the moving average of the weights as a pure function of the step. */

/**
 * What the average keeps of itself in the update after optimizer step `step` (from 0):
 * min(decay, (1 + step) / (10 + step)), so that the first weights, which are random, do not last (the rule of
 * TensorFlow's ExponentialMovingAverage with a number of updates).
 */
export function averageDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
