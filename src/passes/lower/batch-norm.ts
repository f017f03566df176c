/** Batch normalisation (Ioffe and Szegedy 2015) as statistics and one `affine`. */
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";
import { only, type Place } from "./place.js";

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta. In training the statistics are the batch's
 * (the variance the biased one), and moving = momentum moving + (1 - momentum) batch.
 */
export function lowerBatchNorm(place: Place<"batchnorm">): Value {
  const { b, node, pass } = place;
  const x = only(place);
  const { epsilon, momentum } = node.attributes;
  const moving = {
    mean: place.parameter("moving_mean"),
    variance: place.parameter("moving_variance"),
  };
  if (pass.kind === "inference" || pass.frozen.has(node.name)) {
    return normalise(place, x, moving.mean, moving.variance, epsilon);
  }
  const axes = x.type.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const mean = b.apply("reduceMean", { axes }, x);
  const variance = b.apply("variance", { axes }, x, mean);
  place.move("moving_mean", blend(b, moving.mean, mean, momentum));
  place.move("moving_variance", blend(b, moving.variance, variance, momentum));
  return normalise(place, x, mean, variance, epsilon);
}

function normalise(
  { b, parameter }: Place<"batchnorm">,
  x: Value,
  mean: Value,
  variance: Value,
  epsilon: number,
): Value {
  const inverse = b.apply("rsqrt", {}, b.shift(variance, epsilon));
  const factor = b.multiply(parameter("gamma"), inverse);
  const shift = b.subtract(parameter("beta"), b.multiply(mean, factor));
  return b.apply("affine", {}, x, factor, shift);
}

function blend(b: ProgramBuilder, kept: Value, seen: Value, momentum: number): Value {
  return b.add(b.scale(kept, momentum), b.scale(seen, 1 - momentum));
}
