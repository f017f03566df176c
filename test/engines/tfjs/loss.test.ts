import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { countCorrect, lossOf, targetsOf } from "../../../src/engines/tfjs/loss.js";
import type { Loss } from "../../../src/recipe/recipe.js";
import { disagreement, finiteDifferences, normal, type Reference } from "../../reference/array.js";
import { backends } from "../tensorflow.js";

/** The loss by its definition, summed over images that are not mixed. */
function slowLoss(logits: Reference, labels: readonly number[], loss: Loss): number {
  const classes = logits.shape[1] ?? 1;
  return labels.reduce((total, label, image) => {
    const z = logits.data.subarray(image * classes, (image + 1) * classes);
    const q = Array.from(
      z,
      (_, k) => (k === label ? 1 - loss.smoothing : 0) + loss.smoothing / classes,
    );
    if (loss.kind === "bce") {
      const { threshold } = loss;
      return z.reduce((acc, value, k) => {
        const target = threshold === undefined ? (q[k] ?? NaN) : (q[k] ?? NaN) > threshold ? 1 : 0;
        const s = 1 / (1 + Math.exp(-value));
        return acc - (target * Math.log(s) + (1 - target) * Math.log(1 - s)) / classes;
      }, total);
    }
    const sum = z.reduce((acc, value) => acc + Math.exp(value), 0);
    const weight = loss.weights?.[label] ?? 1;
    return z.reduce(
      (acc, value, k) => acc - weight * (q[k] ?? NaN) * Math.log(Math.exp(value) / sum),
      total,
    );
  }, 0);
}

const losses: readonly Loss[] = [
  { kind: "crossentropy", smoothing: 0 },
  { kind: "crossentropy", smoothing: 0.1 },
  { kind: "crossentropy", smoothing: 0.5, weights: [1, 2, 0.25, 3] },
  { kind: "bce", smoothing: 0 },
  { kind: "bce", smoothing: 0.1 },
  { kind: "bce", smoothing: 0.9, threshold: 0.3 },
  { kind: "bce", smoothing: 0.9, threshold: 0.2 },
];

const plain = (labels: readonly number[], loss: Loss, classes: number): tf.Tensor2D =>
  tf.tensor2d(targetsOf({ labels: Int32Array.from(labels) }, classes, loss), [
    labels.length,
    classes,
  ]);

describe.each(backends)("on $backend", ({ start }) => {
  beforeAll(start);

  it.each(losses.map((loss) => [JSON.stringify(loss), loss] as const))(
    "is as defined, gradient included: %s",
    (_, loss) => {
      const labels = [0, 3, 2];
      const logits = normal([3, 4], "logits");
      const targets = plain(labels, loss, 4);
      const z = tf.tensor2d(Float32Array.from(logits.data), [3, 4]);
      const sum = lossOf(loss.kind, z, targets).dataSync()[0] ?? NaN;
      expect(sum).toBeCloseTo(slowLoss(logits, labels, loss), 4);
      const gradient = tf.grad((at: tf.Tensor) => lossOf(loss.kind, at as tf.Tensor2D, targets))(z);
      const slow = finiteDifferences((at) => slowLoss(at, labels, loss), logits);
      expect(disagreement(gradient.dataSync(), slow)).toBeLessThan(1e-5);
    },
  );

  it.each([
    ["crossentropy", 2000 + Math.log(2)],
    ["bce", (1000 + 1000 + 2 * Math.log(2)) / 2],
  ] as const)("stays finite where the exponentials would not: %s", (kind, expected) => {
    const z = tf.tensor2d([1000, -1000, 0, 0], [2, 2]);
    const targets = plain([1, 0], { kind, smoothing: 0 }, 2);
    expect(lossOf(kind, z, targets).dataSync()[0]).toBeCloseTo(expected, 2);
  });

  it("asks of logits that are zero what the logistic function says", () => {
    const targets = plain([1], { kind: "bce", smoothing: 0 }, 2);
    const gradient = tf.grad((at: tf.Tensor) => lossOf("bce", at as tf.Tensor2D, targets));
    expect([...gradient(tf.zeros([1, 2])).dataSync()]).toEqual([0.25, -0.25]);
  });
});

it("makes targets of mixed images ones and zeros by a threshold", () => {
  const batch = { labels: Int32Array.of(0), mix: { labels: Int32Array.of(2), share: 0.75 } };
  const targets = (threshold?: number): number[] => [
    ...targetsOf(batch, 4, { kind: "bce", smoothing: 0, ...(threshold && { threshold }) }),
  ];
  expect(targets()).toEqual([0.75, 0, 0.25, 0]);
  expect(targets(0.2)).toEqual([1, 0, 1, 0]);
  expect(targets(0.25)).toEqual([1, 0, 0, 0]);
});

it("counts the largest logits", () => {
  const logits = Float32Array.of(1, 2, 3, 9, 8, 7, 0, 1, 0);
  expect(countCorrect(logits, Int32Array.of(2, 0, 0))).toBe(2);
});
