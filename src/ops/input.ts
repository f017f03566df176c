/** Where the image enters. Its type is declared, not computed. */
import { noMacs, noParameters, operandAt, type Operation } from "./operation.js";

export const input: Operation<"input"> = {
  name: "input",
  written: false,
  summary: "the image that the network is given",
  operands: 0,
  signature: [],
  attributes: () => ({}),
  /** The declared type is passed as the one operand. */
  type: (_attributes, operands) => ({ type: operandAt(operands, 0) }),
  parameters: noParameters,
  macs: noMacs,
};
