/** The parameters of a whole graph, by the names and in the order that every engine and file uses. */
import type { ParameterDefinition } from "../ops/operation.js";
import { parametersOf } from "../ops/registry.js";
import type { TensorType } from "../shapes/index.js";
import type { Graph, Node } from "./graph.js";

export interface GraphParameter extends ParameterDefinition {
  /** `NODE.PARAMETER`, such as `conv3.block1.residual.conv2.kernel`. */
  readonly key: string;
  readonly node: string;
}

/**
 * The types of what feeds `node`, in the order of its operands.
 * @throws RangeError where the graph names a node that it does not have: a broken graph.
 */
export function inputTypes(node: Node, byName: ReadonlyMap<string, Node>): readonly TensorType[] {
  return node.inputs.map((name) => {
    const input = byName.get(name);
    if (input === undefined)
      throw new RangeError(`${node.name} is fed by ${name}, which is missing`);
    return input.type;
  });
}

/** Every parameter of the graph, node by node in the graph's order. */
export function graphParameters(graph: Graph): readonly GraphParameter[] {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  return graph.nodes.flatMap((node) =>
    parametersOf(node.op, node.attributes, inputTypes(node, byName)).map((definition) => ({
      ...definition,
      key: `${node.name}.${definition.name}`,
      node: node.name,
    })),
  );
}
