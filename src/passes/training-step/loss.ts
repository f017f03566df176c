/** Softmax cross-entropy with label smoothing and weights of classes, and how many predictions are right. */
import type { Loss } from "../../recipe/recipe.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";
import type { Shape } from "../program/value-type.js";

/** `weights` are one for every class. */
export type LossOptions = Pick<Loss, "smoothing" | "weights">;

/** What the images of a batch are. */
export interface Targets {
  /** i32 (N). */
  readonly labels: Value;
  /** Where images were mixed: the other label of each, i32 (N), and how much of it is its own, f32. */
  readonly mix?: { readonly labels: Value; readonly share: Value };
}

/** What is known of a batch once it is passed: sums over its images. */
export interface BatchMetrics {
  /** The loss of every head, summed over heads and images. */
  readonly loss: Value;
  /** How many images the last head's first largest logit names correctly, as f32. */
  readonly correct: Value;
}

/**
 * The metrics of logits (N, classes), given the labels. An image's target is 1 - smoothing for its class and
 * smoothing spread evenly over all (Szegedy et al. 2016, "Rethinking the Inception Architecture",
 * section 7), and of a mixed image `share` of that and 1 - `share` of the other label's (Zhang et al. 2018,
 * "mixup"), all of it times the weight of the label's class; the loss is -sum_k q_k log softmax(z)_k.
 * @throws RangeError where there is no head.
 */
export function batchMetrics(
  b: ProgramBuilder,
  heads: ReadonlyMap<string, Value>,
  targets: Targets,
  options: LossOptions,
): BatchMetrics {
  let loss: Value | undefined;
  let correct: Value | undefined;
  for (const [name, logits] of heads) {
    b.within(`loss/${name}`, () => {
      const sum = crossEntropySum(b, logits, targets, options);
      loss = loss === undefined ? sum : b.add(loss, sum);
      correct = countCorrect(b, logits, targets.labels);
    });
  }
  if (loss === undefined || correct === undefined) throw new RangeError("there is no head");
  return { loss, correct };
}

function crossEntropySum(
  b: ProgramBuilder,
  logits: Value,
  { labels, mix }: Targets,
  options: LossOptions,
): Value {
  const { shape } = logits.type;
  const logarithms = b.apply("logSoftmax", { axis: 1 }, logits);
  const own = distribution(b, labels, shape, options);
  if (mix === undefined) return b.negate(b.sum(b.multiply(own, logarithms)));
  const other = distribution(b, mix.labels, shape, options);
  const share = b.broadcastLike(mix.share, own);
  const mixed = b.add(b.multiply(b.subtract(own, other), share), other);
  return b.negate(b.sum(b.multiply(mixed, logarithms)));
}

function distribution(
  b: ProgramBuilder,
  labels: Value,
  shape: Shape,
  { smoothing, weights }: LossOptions,
): Value {
  const classes = shape[1] ?? 1;
  const named = b.broadcast(b.iota(classes, "i32"), shape, [1]);
  const oneHot = b.compare(named, "equal", b.broadcast(labels, shape, [0]));
  const hit = b.fill(1 - smoothing + smoothing / classes, shape);
  const plain = b.select(oneHot, hit, b.fill(smoothing / classes, shape));
  if (weights === undefined) return plain;
  const type = { dtype: "f32", shape: [classes] } as const;
  const byClass = b.broadcast(b.apply("constant", { type, values: weights }), shape, [1]);
  const ofLabel = b.sum(b.multiply(b.convert(oneHot, "f32"), byClass), [1]);
  return b.multiply(plain, b.broadcast(ofLabel, shape, [0]));
}

function countCorrect(b: ProgramBuilder, logits: Value, labels: Value): Value {
  const right = b.compare(b.apply("argmax", { axis: 1 }, logits), "equal", labels);
  return b.sum(b.convert(right, "f32"));
}
