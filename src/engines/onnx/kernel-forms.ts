/** Which tensors of a session lie as the blocked operators read kernels. */
import { kernelForm, type Form } from "../../backends/onnx/form.js";
import type { Graph } from "../../graph/graph.js";
import { programParameters } from "../../passes/lower/parameters.js";

/** The forms of the kernels of all convolutions, by `NODE.PARAMETER`. */
export function kernelForms(graph: Graph, block: number | undefined): ReadonlyMap<string, Form> {
  const groups = new Map(
    graph.nodes.map((node) => [node.name, node.op === "conv" ? node.attributes.groups : 0]),
  );
  return new Map(
    programParameters(graph)
      .filter(({ node, programShape }) => groups.get(node) !== 0 && programShape.length === 4)
      .map(({ key, node, programShape }) => [
        key,
        kernelForm(programShape, groups.get(node) ?? 1, block),
      ]),
  );
}

/**
 * `NODE.PARAMETER` of `weights/NODE.PARAMETER`, `optimizer/SLOT/NODE.PARAMETER`, `average/NODE.PARAMETER` and
 * `sum/gradient/NODE.PARAMETER`.
 */
export function parameterKey(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
