/** Two-dimensional convolution with symmetric zero padding: filters, stride, dilation and groups. */
import {
  defaultPadding,
  flagOr,
  numberOr,
  optional,
  padArgument,
  pairOr,
  required,
  strideArgument,
} from "./arguments.js";
import {
  operandAt,
  type Operation,
  type ParameterDefinition,
  type ShapeProblem,
} from "./operation.js";
import { windowType } from "./window-extent.js";

export const conv: Operation<"conv"> = {
  name: "conv",
  written: true,
  summary: "convolution: `conv 3x3, 64, /2`",
  operands: 1,
  signature: [
    required("kernel", "window", "height and width of the filters: `3x3`"),
    required("channels", "count", "how many filters, which is how many channels come out"),
    strideArgument,
    padArgument,
    optional("dilation", "window", "the distance between the taps of a filter; 1 where left out"),
    optional("groups", "count", "input and output channels in as many separate groups"),
    optional("bias", "flag", "whether to add a bias; batch norm makes it superfluous"),
  ],

  attributes(given) {
    const kernel = pairOr(given, "kernel", [1, 1]);
    const dilation = pairOr(given, "dilation", [1, 1]);
    return {
      channels: numberOr(given, "channels", 1),
      kernel,
      stride: pairOr(given, "stride", [1, 1]),
      padding: pairOr(given, "pad", defaultPadding(kernel, dilation)),
      dilation,
      groups: numberOr(given, "groups", 1),
      bias: flagOr(given, "bias", false),
    };
  },

  type(attributes, operands) {
    const input = operandAt(operands, 0).channels;
    const { groups, channels } = attributes;
    const problem = (side: "input" | "output", found: number): { problem: ShapeProblem } => ({
      problem: { kind: "groups", groups, channels: found, side },
    });
    const result = windowType(operands, attributes, channels);
    if (result.problem !== undefined) return result;
    if (input % groups !== 0) return problem("input", input);
    if (channels % groups !== 0) return problem("output", channels);
    return result;
  },

  parameters(attributes, operands) {
    const [height, width] = attributes.kernel;
    const inputs = operandAt(operands, 0).channels / attributes.groups;
    const kernel: ParameterDefinition = {
      name: "kernel",
      shape: [height, width, inputs, attributes.channels],
      trainable: true,
      decays: true,
      initial: { kind: "he-normal", fanIn: height * width * inputs },
    };
    return attributes.bias ? [kernel, bias(attributes.channels)] : [kernel];
  },

  /** One multiply-add per filter weight and output position (He et al. 2015, Table 1). */
  macs(attributes, operands, result) {
    const [height, width] = attributes.kernel;
    const [outHeight, outWidth] = result.spatial;
    const inputs = operandAt(operands, 0).channels / attributes.groups;
    return height * width * inputs * attributes.channels * Number(outHeight) * Number(outWidth);
  },

  window: (attributes) => attributes,
};

/** A bias of `channels` zeros. */
export function bias(channels: number): ParameterDefinition {
  return {
    name: "bias",
    shape: [channels],
    trainable: true,
    decays: false,
    initial: { kind: "constant", value: 0 },
  };
}
