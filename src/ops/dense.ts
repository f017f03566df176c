/** A fully connected layer over a vector. */
import { flagOr, numberOr, optional, required } from "./arguments.js";
import { bias } from "./conv.js";
import { operandAt, type Operation, type ParameterDefinition } from "./operation.js";

export const dense: Operation<"dense"> = {
  name: "dense",
  written: true,
  summary: "fully connected layer over a vector: `dense classes`",
  operands: 1,
  signature: [
    required("channels", "count", "how many numbers come out"),
    optional("bias", "flag", "whether to add a bias; true where left out"),
  ],

  attributes: (given) => ({
    channels: numberOr(given, "channels", 1),
    bias: flagOr(given, "bias", true),
  }),

  type(attributes, operands) {
    const found = operandAt(operands, 0);
    if (found.spatial.length !== 0) return { problem: { kind: "needs-vector", found } };
    return { type: { ...found, channels: attributes.channels } };
  },

  parameters(attributes, operands) {
    const inputs = operandAt(operands, 0).channels;
    const kernel: ParameterDefinition = {
      name: "kernel",
      shape: [inputs, attributes.channels],
      trainable: true,
      decays: true,
      initial: { kind: "uniform", fanIn: inputs },
    };
    return attributes.bias ? [kernel, bias(attributes.channels)] : [kernel];
  },

  macs: (attributes, operands) => operandAt(operands, 0).channels * attributes.channels,
};
