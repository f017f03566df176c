/** Which nodes of a network keep their weights while the others learn. */
import type { Graph } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import { elementCount } from "../shapes/index.js";
import type { Freeze } from "./recipe.js";

/** Whether a node is the place itself or lies within it: `conv3` covers `conv3.block1.add`. */
export function isWithin(node: string, place: string): boolean {
  return node === place || node.startsWith(`${place}.`);
}

/**
 * The names of the frozen nodes: with `true` all that are in no head. A frozen batch norm takes the moving
 * statistics in training too, and leaves them as they are.
 */
export function frozenNodes(graph: Graph, freeze: Freeze): ReadonlySet<string> {
  if (freeze === false) return new Set();
  const heads = graph.regions.filter(({ kind }) => kind === "head").map(({ name }) => name);
  const isFrozen = (node: string): boolean =>
    freeze === true
      ? !heads.some((head) => isWithin(node, head))
      : freeze.some((place) => isWithin(node, place));
  return new Set(graph.nodes.map(({ name }) => name).filter(isFrozen));
}

/** How many parameters there are to train, and how many of them are. */
export function trainedParameters(
  graph: Graph,
  freeze: Freeze,
): { readonly trained: number; readonly all: number } {
  const frozen = frozenNodes(graph, freeze);
  const trainable = graphParameters(graph).filter((each) => each.trainable);
  const count = (parameters: typeof trainable): number =>
    parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return {
    trained: count(trainable.filter(({ node }) => !frozen.has(node))),
    all: count(trainable),
  };
}
