/** Max and average pooling with symmetric padding that never counts, and the global average. */
import {
  defaultPadding,
  flagOr,
  optional,
  padArgument,
  pairOr,
  required,
  strideArgument,
} from "./arguments.js";
import { noMacs, noParameters, operandAt, type Operation } from "./operation.js";
import { windowType } from "./window-extent.js";

function pool<K extends "maxpool" | "avgpool">(name: K, summary: string): Operation<K> {
  return {
    name,
    written: true,
    summary,
    operands: 1,
    signature: [
      required("kernel", "window", "height and width of the window: `3x3`"),
      strideArgument,
      padArgument,
      optional("ceil", "flag", "whether a last, partial window counts; false where left out"),
    ],
    attributes(given) {
      const kernel = pairOr(given, "kernel", [1, 1]);
      return {
        kernel,
        stride: pairOr(given, "stride", [1, 1]),
        padding: pairOr(given, "pad", defaultPadding(kernel, [1, 1])),
        ceil: flagOr(given, "ceil", false),
      };
    },
    type(attributes, operands) {
      const { kernel, padding } = attributes;
      if (padding[0] >= kernel[0] || padding[1] >= kernel[1]) {
        return { problem: { kind: "padding", kernel, padding } };
      }
      return windowType(operands, { ...attributes, dilation: [1, 1] });
    },
    parameters: noParameters,
    macs: noMacs,
    window: (attributes) => ({ ...attributes, dilation: [1, 1] }),
  };
}

export const maxpool = pool("maxpool", "the largest value of each window: `maxpool 3x3, /2`");

export const avgpool = pool(
  "avgpool",
  "the mean of each window, padding left out of the count: `avgpool 2x2, /2`",
);

export const globalavgpool: Operation<"globalavgpool"> = {
  name: "globalavgpool",
  written: true,
  summary: "the mean of each channel over the whole map: a vector",
  operands: 1,
  signature: [],
  attributes: () => ({}),
  type(_attributes, operands) {
    const found = operandAt(operands, 0);
    if (found.spatial.length === 0) return { problem: { kind: "needs-map", found } };
    return { type: { ...found, spatial: [] } };
  },
  parameters: noParameters,
  macs: noMacs,
};
