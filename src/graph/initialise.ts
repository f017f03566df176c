/**
 * The weights a network starts from: a pure function of the graph and a seed, equal on every engine.
 * Each tensor has a stream of random numbers of its own, so that a change to one layer moves no other.
 */
import type { Initial } from "../ops/operation.js";
import { randomKey, randomNormal, randomUniform } from "../random/random.js";
import { elementCount } from "../shapes/index.js";
import type { Graph } from "./graph.js";
import { graphParameters } from "./parameters.js";

export interface ParameterValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Fresh values for every parameter, by `NODE.PARAMETER`. */
export function initialParameters(graph: Graph, seed: number): Map<string, ParameterValue> {
  return new Map(
    graphParameters(graph).map(({ key, shape, initial }) => {
      const size = elementCount(shape);
      return [key, { shape, data: draw(initial, size, randomKey(seed, key)) }];
    }),
  );
}

function draw(initial: Initial, size: number, key: number): Float32Array {
  const data = new Float32Array(size);
  switch (initial.kind) {
    case "he-normal": {
      // Var[w] = 2 / fan-in keeps the variance of a rectified layer's output
      // (He et al. 2015, "Delving Deep into Rectifiers", equation 10).
      const deviation = Math.sqrt(2 / initial.fanIn);
      for (let i = 0; i < size; i++) data[i] = deviation * randomNormal(key, i);
      return data;
    }
    case "uniform": {
      const bound = 1 / Math.sqrt(initial.fanIn);
      for (let i = 0; i < size; i++) data[i] = bound * (2 * randomUniform(key, i) - 1);
      return data;
    }
    case "constant":
      return data.fill(initial.value);
  }
}
