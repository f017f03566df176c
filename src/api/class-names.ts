/** Names for classes of which nothing says the names. */
import type { Graph } from "../graph/graph.js";

/** Their numbers from 0, as many as the last head tells apart. */
export function numberNames(graph: Graph): readonly string[] {
  const head = graph.nodes.find(({ name }) => name === graph.outputs.at(-1)?.node);
  return Array.from({ length: head?.type.channels ?? 0 }, (_, index) => String(index));
}
