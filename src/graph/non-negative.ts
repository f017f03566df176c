/** Finds the values of a graph that can never be negative, where a padded zero cannot win a maximum. */
import type { Graph, Node } from "./graph.js";
import type { OpName } from "../ops/attributes.js";

type Sign =
  /** Never negative, whatever comes in. */
  | "never-negative"
  /** Not negative if no operand is. */
  | "as-operands"
  | "any";

const signs: { readonly [K in OpName]: Sign } = {
  input: "any",
  conv: "any",
  batchnorm: "any",
  relu: "never-negative",
  sigmoid: "never-negative",
  maxpool: "as-operands",
  avgpool: "as-operands",
  globalavgpool: "as-operands",
  flatten: "as-operands",
  dense: "any",
  dropout: "as-operands",
  droppath: "as-operands",
  upsample: "as-operands",
  subsample: "as-operands",
  padchannels: "as-operands",
  add: "as-operands",
  concat: "as-operands",
  multiply: "as-operands",
};

/** The names of the nodes whose values are provably at least 0 for every input and all weights. */
export function nonNegativeNodes(graph: Graph): ReadonlySet<string> {
  const proven = new Set<string>();
  const holds = (node: Node): boolean => {
    const sign = signs[node.op];
    if (sign === "as-operands") return node.inputs.every((name) => proven.has(name));
    return sign === "never-negative";
  };
  for (const node of graph.nodes) if (holds(node)) proven.add(node.name);
  return proven;
}
