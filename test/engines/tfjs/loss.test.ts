import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  countCorrect,
  crossEntropySum,
  targetDistributions,
} from "../../../src/engines/tfjs/loss.js";
import { disagreement, finiteDifferences, normal, type Reference } from "../../reference/array.js";
import { backends } from "../tensorflow.js";

/** -sum_k q_k log softmax(z)_k by its definition, summed over images. */
function slowLoss(
  logits: Reference,
  labels: readonly number[],
  smoothing: number,
  weights?: readonly number[],
): number {
  const classes = logits.shape[1] ?? 1;
  return labels.reduce((total, label, image) => {
    const z = logits.data.subarray(image * classes, (image + 1) * classes);
    const sum = z.reduce((acc, value) => acc + Math.exp(value), 0);
    return z.reduce((acc, value, k) => {
      const q = (k === label ? 1 - smoothing : 0) + smoothing / classes;
      return acc - (weights?.[label] ?? 1) * q * Math.log(Math.exp(value) / sum);
    }, total);
  }, 0);
}

describe.each(backends)("on $backend", ({ start }) => {
  beforeAll(start);

  it.each([
    [0, undefined],
    [0.1, undefined],
    [0.5, [1, 2, 0.25, 3]],
  ])(
    "is the cross-entropy, gradient included, smoothed by %f, weighted %j",
    (smoothing, weights) => {
      const labels = [0, 3, 2];
      const logits = normal([3, 4], "logits");
      const loss = { smoothing, ...(weights && { weights }) };
      const targets = tf.tensor2d(targetDistributions(Int32Array.from(labels), 4, loss), [3, 4]);
      const z = tf.tensor2d(Float32Array.from(logits.data), [3, 4]);
      const sum = crossEntropySum(z, targets).dataSync()[0] ?? NaN;
      expect(sum).toBeCloseTo(slowLoss(logits, labels, smoothing, weights), 4);
      const gradient = tf.grad((at: tf.Tensor) => crossEntropySum(at as tf.Tensor2D, targets))(z);
      const slow = finiteDifferences((at) => slowLoss(at, labels, smoothing, weights), logits);
      expect(disagreement(gradient.dataSync(), slow)).toBeLessThan(1e-5);
    },
  );

  it("stays finite where the exponentials would not", () => {
    const z = tf.tensor2d([1000, -1000, 0, 0], [2, 2]);
    const targets = tf.tensor2d(
      targetDistributions(Int32Array.of(1, 0), 2, { smoothing: 0 }),
      [2, 2],
    );
    expect(crossEntropySum(z, targets).dataSync()[0]).toBeCloseTo(2000 + Math.log(2), 2);
  });
});

it("counts the largest logits", () => {
  const logits = Float32Array.of(1, 2, 3, 9, 8, 7, 0, 1, 0);
  expect(countCorrect(logits, Int32Array.of(2, 0, 0))).toBe(2);
});
