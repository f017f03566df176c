/**
 * Batch normalisation over batch, height and width (Ioffe and Szegedy 2015). The constants are those
 * of the residual networks' published code: epsilon 1e-5, and 0.9 of the moving statistics kept.
 */
import { numberOr, optional } from "./arguments.js";
import {
  noMacs,
  operandAt,
  type Initial,
  type Operation,
  type ParameterName,
} from "./operation.js";

export const batchnorm: Operation<"batchnorm"> = {
  name: "batchnorm",
  written: true,
  summary: "batch normalisation, per channel",
  operands: 1,
  signature: [
    optional("epsilon", "number", "added to the variance; 1e-5 where left out"),
    optional("momentum", "rate", "how much of the moving statistics a step keeps; 0.9"),
    optional("gamma", "number", "the initial scale: 1, or 0 to start a residual as the identity"),
  ],

  attributes: (given) => ({
    epsilon: numberOr(given, "epsilon", 1e-5),
    momentum: numberOr(given, "momentum", 0.9),
    gamma: numberOr(given, "gamma", 1),
  }),

  type: (_attributes, operands) => ({ type: operandAt(operands, 0) }),

  parameters(attributes, operands) {
    const shape = [operandAt(operands, 0).channels];
    const vector = (name: ParameterName, trainable: boolean, value: number) => {
      const initial: Initial = { kind: "constant", value };
      return { name, shape, trainable, decays: false, initial };
    };
    return [
      vector("gamma", true, attributes.gamma),
      vector("beta", true, 0),
      vector("moving_mean", false, 0),
      vector("moving_variance", false, 1),
    ];
  },

  macs: noMacs,
};
