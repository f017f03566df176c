/** What a step does to gradients and weights beside the optimizer's move: clipping, and the moving average. */
import {
  add,
  div,
  minimum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";

/** Keeps a norm of zero from dividing. */
const epsilon = 1e-6;

/**
 * Every gradient times min(1, limit / (norm + 1e-6)), where norm is the Euclidean norm of all of them
 * together (Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", algorithm 1).
 * The gradients given stay the caller's.
 */
export function clippedGradients(gradients: NamedTensorMap, limit: number): NamedTensorMap {
  return tidy(() => {
    const squares = Object.values(gradients).map((gradient) => sum<Scalar>(square(gradient)));
    const norm = sqrt(squares.reduce((total, each) => add<Scalar>(total, each)));
    const factor = minimum(div(limit, add(norm, epsilon)), 1);
    return Object.fromEntries(
      Object.entries(gradients).map(([key, gradient]) => [key, mul(gradient, factor)]),
    );
  });
}

/** average = decay average + (1 - decay) weight, written as the difference that moves it. */
export function moveAverage(average: Variable, weight: Tensor, decay: Scalar): void {
  tidy(() => average.assign(add(mul(sub(average, weight), decay), weight)));
}
