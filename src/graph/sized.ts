/** A graph for one size of its input: every symbolic extent becomes a number. */
import type { Graph, Node } from "./graph.js";
import { typeAt, type Sizes } from "./traversal.js";

/**
 * The graph with the types that it has at these sizes of its symbols.
 *
 * @throws RangeError where a symbol has no size.
 */
export function graphAt(graph: Graph, sizes: Sizes): Graph {
  const nodes = graph.nodes.map((node) => ({ ...node, type: typeAt(node.type, sizes) }) as Node);
  const { sizes: _any, ...rest } = graph;
  return { ...rest, nodes, domains: [] };
}
