/** A batch of random numbers, for measuring. */
import type { Graph } from "../graph/graph.js";
import { randomKey, randomUniform } from "../random/random.js";
import { elementCount } from "../shapes/index.js";
import type { Batch } from "./engine.js";

/** Images of mean 0, and labels in turn. @param shape (N, H, W, C). */
export function randomBatch(graph: Graph, shape: Batch["shape"]): Batch {
  const head = graph.outputs.at(-1)?.node;
  const classes = graph.nodes.find(({ name }) => name === head)?.type.channels ?? 1;
  const key = randomKey("images");
  const size = elementCount(shape);
  return {
    images: Float32Array.from({ length: size }, (_, i) => 2 * randomUniform(key, i) - 1),
    shape,
    labels: Int32Array.from({ length: shape[0] }, (_, i) => i % classes),
  };
}
