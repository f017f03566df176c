/** The layout that a program wants of every parameter, beside the canonical one of state and checkpoints. */
import type { Graph } from "../../graph/graph.js";
import { graphParameters, type GraphParameter } from "../../graph/parameters.js";
import type { Shape } from "../program/value-type.js";

export interface ProgramParameter extends GraphParameter {
  /** Axis i in the program is axis `permutation[i]` of the canonical layout. */
  readonly permutation: readonly number[];
  /** The shape in the program. */
  readonly programShape: Shape;
}

/** Every parameter of the graph. (KH, KW, Cin / groups, Cout) is (Cout, Cin / groups, KH, KW) here. */
export function programParameters(graph: Graph): readonly ProgramParameter[] {
  return graphParameters(graph).map((parameter) => {
    const { shape } = parameter;
    const permutation = shape.length === 4 ? [3, 2, 0, 1] : shape.map((_, axis) => axis);
    const programShape = permutation.map((axis) => shape[axis] ?? 1);
    return { ...parameter, permutation, programShape };
  });
}
