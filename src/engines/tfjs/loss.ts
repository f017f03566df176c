/** Softmax cross-entropy with label smoothing and weights of classes, and how many predictions are right. */
import {
  logSoftmax,
  mul,
  neg,
  sum,
  tidy,
  type Scalar,
  type Tensor2D,
  type TypedArray,
} from "@tensorflow/tfjs-core";
import type { Loss } from "../../recipe/recipe.js";
import type { Batch } from "../engine.js";
import { indexOfLargest } from "../logits.js";

type TargetOptions = Pick<Loss, "smoothing" | "weights">;

/**
 * What every image of a batch should get, (N, classes): of mixed images the share of the one label's
 * distribution and the rest of the other's (Zhang et al. 2018, "mixup").
 */
export function targetsOf(
  { labels, mix }: Pick<Batch, "labels" | "mix">,
  classes: number,
  loss: TargetOptions,
): Float32Array {
  const own = targetDistributions(labels, classes, loss);
  if (mix === undefined) return own;
  const other = targetDistributions(mix.labels, classes, loss);
  return own.map((value, i) => mix.share * value + (1 - mix.share) * (other[i] ?? 0));
}

/**
 * Row i is the distribution that image i should get: 1 - smoothing for its class, and smoothing
 * spread evenly over all classes (Szegedy et al. 2016, "Rethinking the Inception Architecture",
 * section 7), all of it times the weight of its class. Labels must have passed `checkLabels`.
 */
export function targetDistributions(
  labels: Int32Array,
  classes: number,
  { smoothing, weights }: TargetOptions,
): Float32Array {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, image) => {
    targets[image * classes + label] = 1 - smoothing + smoothing / classes;
  });
  if (weights === undefined) return targets;
  return targets.map((target, i) => target * (weights[labels[Math.floor(i / classes)] ?? 0] ?? 1));
}

/**
 * The sum over images of -sum_k q_k log softmax(z)_k; the logarithm is taken of the shifted logits, so
 * large ones do not overflow.
 */
export function crossEntropySum(logits: Tensor2D, targets: Tensor2D): Scalar {
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
