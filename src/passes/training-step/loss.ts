/** What images should get, the cross-entropy of logits with that, and how many predictions are right. */
import type { Loss } from "../../recipe/recipe.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";
import type { Shape } from "../program/value-type.js";

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
 * "mixup"). What is made of it and the logits says `Loss`; where it weighs classes, it has a weight for every class.
 * @throws RangeError where there is no head.
 */
export function batchMetrics(
  b: ProgramBuilder,
  heads: ReadonlyMap<string, Value>,
  targets: Targets,
  options: Loss,
): BatchMetrics {
  let loss: Value | undefined;
  let correct: Value | undefined;
  for (const [name, logits] of heads) {
    b.within(`loss/${name}`, () => {
      const target = distribution(b, targets, logits.type.shape, options);
      const sumOf = options.kind === "bce" ? binaryCrossEntropySum : crossEntropySum;
      const sum = sumOf(b, logits, target);
      loss = loss === undefined ? sum : b.add(loss, sum);
      correct = countCorrect(b, logits, targets.labels);
    });
  }
  if (loss === undefined || correct === undefined) throw new RangeError("there is no head");
  return { loss, correct };
}

function crossEntropySum(b: ProgramBuilder, logits: Value, target: Value): Value {
  const logarithms = b.apply("logSoftmax", { axis: 1 }, logits);
  return b.negate(b.sum(b.multiply(target, logarithms)));
}

/**
 * -q log s(z) - (1 - q) log(1 - s(z)) = softplus(z) - q z, with softplus(z) = max(z, 0) + log(1 + exp(-|z|)), which does not
 * overflow. As |z| is 2 max(z, 0) - z here, the gradient is s(z) - q at zero too, whatever that of max(z, 0) is there.
 */
function binaryCrossEntropySum(b: ProgramBuilder, logits: Value, target: Value): Value {
  const above = b.apply("relu", {}, logits);
  const beside = b.apply("exp", {}, b.subtract(logits, b.scale(above, 2)));
  const softplus = b.add(above, b.apply("log", {}, b.shift(beside, 1)));
  const classes = logits.type.shape[1] ?? 1;
  return b.scale(b.sum(b.subtract(softplus, b.multiply(target, logits))), 1 / classes);
}

function distribution(
  b: ProgramBuilder,
  { labels, mix }: Targets,
  shape: Shape,
  loss: Loss,
): Value {
  const own = ofLabels(b, labels, shape, loss);
  const target = mix === undefined ? own : mixed(b, own, ofLabels(b, mix.labels, shape, loss), mix);
  if (loss.kind !== "bce" || loss.threshold === undefined) return target;
  const isAbove = b.compare(target, "greater", b.fill(loss.threshold, shape));
  return b.convert(isAbove, "f32");
}

function mixed(
  b: ProgramBuilder,
  own: Value,
  other: Value,
  { share }: NonNullable<Targets["mix"]>,
): Value {
  return b.add(b.multiply(b.subtract(own, other), b.broadcastLike(share, own)), other);
}

/** Of labels that nothing is mixed with. */
function ofLabels(b: ProgramBuilder, labels: Value, shape: Shape, loss: Loss): Value {
  const classes = shape[1] ?? 1;
  const { smoothing } = loss;
  const named = b.broadcast(b.iota(classes, "i32"), shape, [1]);
  const oneHot = b.compare(named, "equal", b.broadcast(labels, shape, [0]));
  const hit = b.fill(1 - smoothing + smoothing / classes, shape);
  const plain = b.select(oneHot, hit, b.fill(smoothing / classes, shape));
  if (loss.kind !== "crossentropy" || loss.weights === undefined) return plain;
  const type = { dtype: "f32", shape: [classes] } as const;
  const byClass = b.broadcast(b.apply("constant", { type, values: loss.weights }), shape, [1]);
  const ofLabel = b.sum(b.multiply(b.convert(oneHot, "f32"), byClass), [1]);
  return b.multiply(plain, b.broadcast(ofLabel, shape, [0]));
}

function countCorrect(b: ProgramBuilder, logits: Value, labels: Value): Value {
  const right = b.compare(b.apply("argmax", { axis: 1 }, logits), "equal", labels);
  return b.sum(b.convert(right, "f32"));
}
