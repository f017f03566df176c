/** Operations on each value by itself: activations and dropout. They keep the type. */
import { numberOr, required } from "./arguments.js";
import type { OpAttributes } from "./attributes.js";
import { noMacs, noParameters, operandAt, type Operation } from "./operation.js";

function activation<K extends "relu" | "sigmoid">(name: K, summary: string): Operation<K> {
  return {
    name,
    written: true,
    summary,
    operands: 1,
    signature: [],
    attributes: () => ({}) as OpAttributes[K],
    type: (_attributes, operands) => ({ type: operandAt(operands, 0) }),
    parameters: noParameters,
    macs: noMacs,
  };
}

export const relu = activation("relu", "max(x, 0)");
export const sigmoid = activation("sigmoid", "1 / (1 + exp(-x))");

export const dropout: Operation<"dropout"> = {
  name: "dropout",
  written: true,
  summary: "zeroes a share of the values in training (Srivastava et al. 2014): `dropout 0.3`",
  operands: 1,
  signature: [required("rate", "rate", "the share of values that are zeroed")],
  attributes: (given) => ({ rate: numberOr(given, "rate", 0) }),
  type: (_attributes, operands) => ({ type: operandAt(operands, 0) }),
  parameters: noParameters,
  macs: noMacs,
};
