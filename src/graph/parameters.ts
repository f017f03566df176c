/** The parameters of a whole graph, by the names and in the order that every engine and file uses. */
import type { ParameterDefinition } from "../ops/operation.js";
import { parametersOf } from "../ops/registry.js";
import type { Graph } from "./graph.js";
import { inputTypes, nodesByName } from "./traversal.js";

export interface GraphParameter extends ParameterDefinition {
  /** `NODE.PARAMETER`, such as `conv3.block1.residual.conv2.kernel`. */
  readonly key: string;
  readonly node: string;
}

/** Every parameter of the graph, node by node in the graph's order. */
export function graphParameters(graph: Graph): readonly GraphParameter[] {
  const byName = nodesByName(graph);
  return graph.nodes.flatMap((node) =>
    parametersOf(node.op, node.attributes, inputTypes(byName, node)).map((definition) => ({
      ...definition,
      key: `${node.name}.${definition.name}`,
      node: node.name,
    })),
  );
}
