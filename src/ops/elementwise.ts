/** Operations on each value by itself: activations, dropout, and dropped paths. They keep the type. */
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

function dropping<K extends "dropout" | "droppath">(
  name: K,
  written: boolean,
  summary: string,
): Operation<K> {
  return {
    name,
    written,
    summary,
    operands: 1,
    signature: [required("rate", "rate", "the share of values that are zeroed")],
    attributes: (given) => ({ rate: numberOr(given, "rate", 0) }) as OpAttributes[K],
    type: (_attributes, operands) => ({ type: operandAt(operands, 0) }),
    parameters: noParameters,
    macs: noMacs,
  };
}

export const dropout = dropping(
  "dropout",
  true,
  "zeroes a share of the values in training (Srivastava et al. 2014): `dropout 0.3`",
);
export const droppath = dropping(
  "droppath",
  false,
  "zeroes a share of the images in training (Huang et al. 2016)",
);
