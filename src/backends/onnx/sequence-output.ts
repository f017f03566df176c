/**
 * Adds an output that is no tensor, an empty sequence, before all others. The runtime's binding for Node
 * copies each output into a new array after a run, also where it was given a buffer that the run has filled;
 * at a value that it cannot give it stops, so a step of which nothing but buffers is wanted copies nothing.
 */
import type { OnnxModel } from "./model.js";

export const sequenceOutput = "no-tensor";

export function withSequenceOutput(model: OnnxModel): OnnxModel {
  const output = { name: sequenceOutput, type: "float32", dims: [], sequence: true } as const;
  const node = {
    name: sequenceOutput,
    op: "SequenceEmpty",
    domain: "",
    inputs: [],
    outputs: [sequenceOutput],
    attributes: {},
  };
  return { ...model, nodes: [...model.nodes, node], outputs: [output, ...model.outputs] };
}
