/** The layers that tell classes apart: those whose outputs are, one for one, the classes of a head. */
import type { Graph, Node } from "./graph.js";

/** Operations whose last axis of weights is the channels that come out, whatever goes in. */
const layers: ReadonlySet<string> = new Set(["dense", "conv"]);

/**
 * The nodes of every head's last `dense` or `conv` and of what keeps its channels behind it, such as a batch norm or a
 * pool: a head may end in `dense classes`, or in `conv 1x1, classes -> globalavgpool`.
 */
export function classifierNodes(graph: Graph): ReadonlySet<string> {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const found = new Set<string>();
  for (const output of graph.outputs) {
    let node: Node | undefined = byName.get(output.node);
    const classes = node?.type.channels;
    while (node !== undefined && node.type.channels === classes && !found.has(node.name)) {
      found.add(node.name);
      const [before, second] = node.inputs;
      if (layers.has(node.op) || before === undefined || second !== undefined) break;
      node = byName.get(before);
    }
  }
  return found;
}
