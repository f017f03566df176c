/** Stochastic depth: in training, residuals are left out at random, image by image. */
import type { Graph, Node } from "../graph/graph.js";
import { frozenNodes } from "./frozen.js";
import type { Recipe } from "./recipe.js";

/** The sums of residuals and their shortcuts, in the order in which the value passes them. */
export function residualSums(graph: Graph): readonly Node[] {
  return graph.nodes.filter(({ name, op, inputs: [residual = ""] }) => {
    const block = name.slice(0, name.lastIndexOf(".") + 1);
    return (
      op === "add" && residual.startsWith(block) && ofResidual.test(residual.slice(block.length))
    );
  });
}

/** What a name has behind that of its block: `residual.conv2`, `residual2.batchnorm`. */
const ofResidual = /^residual\d*\./;

/**
 * The network to train: the l-th of L residuals is dropped with probability `droppath` l / L before its sum (Huang et
 * al. 2016, "Deep Networks with Stochastic Depth", equation 4), those of frozen places never. Its parameters are those
 * of `graph`, and so is what it computes outside of training.
 */
export function withDroppedPaths(
  graph: Graph,
  { droppath, freeze }: Pick<Recipe, "droppath" | "freeze">,
): Graph {
  if (droppath === 0) return graph;
  const frozen = frozenNodes(graph, freeze);
  const sums = residualSums(graph).map(({ name }) => name);
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const place = sums.indexOf(node.name) + 1;
    const [residual, ...others] = node.inputs;
    if (place === 0 || residual === undefined || frozen.has(node.name)) return [node];
    const name = `${node.name}.droppath`;
    const rate = (droppath * place) / sums.length;
    const path: Node = {
      name,
      op: "droppath",
      attributes: { rate },
      inputs: [residual],
      type: node.type,
    };
    return [path, { ...node, inputs: [name, ...others] }];
  });
  return { ...graph, nodes };
}
