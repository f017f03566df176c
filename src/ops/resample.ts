/** Operations that move, drop or repeat values without computing any: flatten, upsample and option A. */
import { applyStep, type Extent } from "../shapes/index.js";
import { pairOr, required } from "./arguments.js";
import { noMacs, noParameters, operandAt, type Operation } from "./operation.js";
import { windowType } from "./window-extent.js";

export const flatten: Operation<"flatten"> = {
  name: "flatten",
  written: true,
  summary: "a map of one known size as one vector, row by row",
  operands: 1,
  signature: [],
  attributes: () => ({}),
  type(_attributes, operands) {
    const found = operandAt(operands, 0);
    const [height, width] = found.spatial;
    if (typeof height !== "number" || typeof width !== "number") {
      return { problem: { kind: "needs-map", found } };
    }
    return { type: { ...found, spatial: [], channels: height * width * found.channels } };
  },
  parameters: noParameters,
  macs: noMacs,
};

export const upsample: Operation<"upsample"> = {
  name: "upsample",
  written: true,
  summary: "enlarges a map by a whole factor, repeating the nearest value: `upsample 2`",
  operands: 1,
  signature: [required("factor", "window", "how many times as high and as wide")],
  attributes: (given) => ({ factor: pairOr(given, "factor", [1, 1]) }),
  type(attributes, operands) {
    const found = operandAt(operands, 0);
    const [height, width] = found.spatial;
    if (height === undefined || width === undefined) {
      return { problem: { kind: "needs-map", found } };
    }
    const enlarge = (extent: Extent, factor: number): Extent =>
      applyStep(extent, { multiplier: factor, offset: 0, divisor: 1 });
    return {
      type: {
        ...found,
        spatial: [enlarge(height, attributes.factor[0]), enlarge(width, attributes.factor[1])],
      },
    };
  },
  parameters: noParameters,
  macs: noMacs,
};

export const subsample: Operation<"subsample"> = {
  name: "subsample",
  written: false,
  summary: "every n-th row and column, from the first: the stride of a `pad` shortcut",
  operands: 1,
  signature: [],
  attributes: (given) => ({ stride: pairOr(given, "stride", [1, 1]) }),
  type: (attributes, operands) =>
    windowType(operands, {
      kernel: [1, 1],
      stride: attributes.stride,
      padding: [0, 0],
      dilation: [1, 1],
    }),
  parameters: noParameters,
  macs: noMacs,
  window: ({ stride }) => ({ kernel: [1, 1], stride, padding: [0, 0], dilation: [1, 1] }),
};

export const padchannels: Operation<"padchannels"> = {
  name: "padchannels",
  written: false,
  summary: "appends channels of zeros: the widening of a `pad` shortcut",
  operands: 1,
  signature: [],
  attributes: (given) => ({ channels: Number(given.get("channels") ?? 1) }),
  type(attributes, operands) {
    const found = operandAt(operands, 0);
    const { channels } = attributes;
    if (found.channels > channels)
      return { problem: { kind: "too-few-channels", channels, found } };
    return { type: { ...found, channels } };
  },
  parameters: noParameters,
  macs: noMacs,
};
