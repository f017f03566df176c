/** Gradient clipping by the global norm. */
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";

/** Keeps a norm of zero from dividing. */
const epsilon = 1e-6;

/**
 * Every gradient times min(1, limit / (norm + 1e-6)), where norm is the Euclidean norm of all of them
 * together (Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", algorithm 1).
 */
export function clipGradients(
  b: ProgramBuilder,
  gradients: readonly Value[],
  limit: number,
): readonly Value[] {
  const squares = gradients.map((gradient) => b.sum(b.multiply(gradient, gradient)));
  const norm = b.apply(
    "sqrt",
    {},
    squares.reduce((sum, square) => b.add(sum, square)),
  );
  const share = b.divide(b.fill(limit), b.shift(norm, epsilon));
  const factor = b.apply("minimum", {}, share, b.fill(1));
  return gradients.map((gradient) => b.multiply(gradient, b.broadcastLike(factor, gradient)));
}
