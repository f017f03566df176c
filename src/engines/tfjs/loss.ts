/** What images should get, the cross-entropies of logits with that, and how many predictions are right. */
import {
  logSoftmax,
  mul,
  neg,
  softplus,
  sub,
  sum,
  tidy,
  type Scalar,
  type Tensor2D,
  type TypedArray,
} from "@tensorflow/tfjs-core";
import type { Loss } from "../../recipe/recipe.js";
import type { Batch } from "../engine.js";
import { indexOfLargest } from "../logits.js";

/**
 * What every image of a batch should get, (N, classes): of mixed images the share of the one label's
 * distribution and the rest of the other's (Zhang et al. 2018, "mixup").
 */
export function targetsOf(
  { labels, mix }: Pick<Batch, "labels" | "mix">,
  classes: number,
  loss: Loss,
): Float32Array {
  const own = targetDistributions(labels, classes, loss);
  if (mix !== undefined) {
    const other = targetDistributions(mix.labels, classes, loss);
    own.forEach((value, i) => {
      own[i] = mix.share * value + (1 - mix.share) * (other[i] ?? 0);
    });
  }
  if (loss.kind !== "bce" || loss.threshold === undefined) return own;
  const threshold = Math.fround(loss.threshold);
  return own.map((value) => (value > threshold ? 1 : 0));
}

/**
 * Row i is the distribution that image i should get: 1 - smoothing for its class, and smoothing
 * spread evenly over all classes (Szegedy et al. 2016, "Rethinking the Inception Architecture",
 * section 7), all of it times the weight of its class. Labels must have passed `checkLabels`.
 */
function targetDistributions(labels: Int32Array, classes: number, loss: Loss): Float32Array {
  const { smoothing } = loss;
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, image) => {
    targets[image * classes + label] = 1 - smoothing + smoothing / classes;
  });
  const weights = loss.kind === "crossentropy" ? loss.weights : undefined;
  if (weights === undefined) return targets;
  return targets.map((target, i) => target * (weights[labels[Math.floor(i / classes)] ?? 0] ?? 1));
}

/** The sum over images of the loss of logits (N, classes), given what `targetsOf` says. */
export function lossOf(kind: Loss["kind"], logits: Tensor2D, targets: Tensor2D): Scalar {
  return kind === "bce" ? binaryCrossEntropySum(logits, targets) : crossEntropySum(logits, targets);
}

/** -q log s(z) - (1 - q) log(1 - s(z)) = softplus(z) - q z, the mean over classes, summed over images. */
function binaryCrossEntropySum(logits: Tensor2D, targets: Tensor2D): Scalar {
  const [, classes] = logits.shape;
  return tidy(() =>
    mul<Scalar>(sum<Scalar>(sub(softplus(logits), mul(targets, logits))), 1 / classes),
  );
}

/**
 * The sum over images of -sum_k q_k log softmax(z)_k; the logarithm is taken of the shifted logits, so
 * large ones do not overflow.
 */
function crossEntropySum(logits: Tensor2D, targets: Tensor2D): Scalar {
  return tidy(() => neg<Scalar>(sum<Scalar>(mul(targets, logSoftmax(logits)))));
}

/** How many rows have their (first) largest logit at the label. */
export function countCorrect(logits: TypedArray, labels: Int32Array): number {
  const classes = logits.length / labels.length;
  let correct = 0;
  labels.forEach((label, image) => {
    const row = logits.subarray(image * classes, (image + 1) * classes);
    if (indexOfLargest(row) === label) correct++;
  });
  return correct;
}
