/** Softmax cross-entropy with label smoothing, and how many predictions are right. */
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";

export interface Judgement {
  /** The loss of every head, summed over heads and images. */
  readonly loss: Value;
  /** How many images the last head's first largest logit names correctly, as f32. */
  readonly correct: Value;
}

/**
 * Judges logits (N, classes) by labels i32 (N). An image's target is 1 - smoothing for its class and
 * smoothing spread evenly over all (Szegedy et al. 2016, "Rethinking the Inception Architecture",
 * section 7); the loss is -sum_k q_k log softmax(z)_k.
 * @throws RangeError where there is no head.
 */
export function judge(
  b: ProgramBuilder,
  heads: ReadonlyMap<string, Value>,
  labels: Value,
  smoothing: number,
): Judgement {
  let loss: Value | undefined;
  let correct: Value | undefined;
  for (const [name, logits] of heads) {
    b.within(`loss/${name}`, () => {
      const sum = crossEntropySum(b, logits, labels, smoothing);
      loss = loss === undefined ? sum : b.add(loss, sum);
      correct = countCorrect(b, logits, labels);
    });
  }
  if (loss === undefined || correct === undefined) throw new RangeError("there is no head");
  return { loss, correct };
}

function crossEntropySum(
  b: ProgramBuilder,
  logits: Value,
  labels: Value,
  smoothing: number,
): Value {
  const { shape } = logits.type;
  const classes = shape[1] ?? 1;
  const named = b.broadcast(b.iota(classes, "i32"), shape, [1]);
  const oneHot = b.compare(named, "equal", b.broadcast(labels, shape, [0]));
  const hit = b.fill(1 - smoothing + smoothing / classes, shape);
  const targets = b.select(oneHot, hit, b.fill(smoothing / classes, shape));
  const logarithms = b.apply("logSoftmax", { axis: 1 }, logits);
  return b.negate(b.sum(b.multiply(targets, logarithms)));
}

function countCorrect(b: ProgramBuilder, logits: Value, labels: Value): Value {
  const right = b.compare(b.apply("argmax", { axis: 1 }, logits), "equal", labels);
  return b.sum(b.convert(right, "f32"));
}
