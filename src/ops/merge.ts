/** Operations that join values: sum, concatenation and gating. A merge never broadcasts a map. */
import type { TensorType } from "../shapes/index.js";
import {
  noMacs,
  noParameters,
  operandAt,
  type Operation,
  type SameExtents,
  type ShapeProblem,
  type ShapeResult,
} from "./operation.js";

function disagreement(
  operands: readonly TensorType[],
  same: SameExtents,
  channelsToo: boolean,
): ShapeProblem | undefined {
  const first = operandAt(operands, 0);
  for (let operand = 1; operand < operands.length; operand++) {
    const other = operandAt(operands, operand);
    const axis =
      first.spatial.length !== other.spatial.length
        ? "rank"
        : channelsToo && first.channels !== other.channels
          ? "channels"
          : same(first, other);
    if (axis !== undefined) return { kind: "disagree", first, other, operand, axis };
  }
  return undefined;
}

export const add: Operation<"add"> = {
  name: "add",
  written: false,
  summary: "the elementwise sum: H(x) = F(x) + x",
  operands: "several",
  signature: [],
  attributes: () => ({}),
  type(_attributes, operands, same): ShapeResult {
    const problem = disagreement(operands, same, true);
    return problem ? { problem } : { type: operandAt(operands, 0) };
  },
  parameters: noParameters,
  macs: noMacs,
};

export const concat: Operation<"concat"> = {
  name: "concat",
  written: false,
  summary: "the channels of all branches, one after the other",
  operands: "several",
  signature: [],
  attributes: () => ({}),
  type(_attributes, operands, same): ShapeResult {
    const problem = disagreement(operands, same, false);
    if (problem) return { problem };
    const channels = operands.reduce((sum, operand) => sum + operand.channels, 0);
    return { type: { ...operandAt(operands, 0), channels } };
  },
  parameters: noParameters,
  macs: noMacs,
};

export const multiply: Operation<"multiply"> = {
  name: "multiply",
  written: false,
  summary: "the elementwise product with a gate: one factor per value or per channel",
  operands: 2,
  signature: [],
  attributes: () => ({}),
  type(_attributes, operands, same): ShapeResult {
    const first = operandAt(operands, 0);
    const gate = operandAt(operands, 1);
    const isSpread = gate.spatial.length <= first.spatial.length;
    const perChannel = isSpread && gate.spatial.every((extent) => extent === 1);
    if (perChannel && gate.channels === first.channels) return { type: first };
    const problem = perChannel
      ? ({ kind: "disagree", first, other: gate, operand: 1, axis: "channels" } as const)
      : disagreement(operands, same, true);
    return problem ? { problem } : { type: first };
  },
  parameters: noParameters,
  macs: noMacs,
};
