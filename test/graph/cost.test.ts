/** Parameters, multiply-adds and activations of single operations, computed by hand. */
import { describe, expect, it } from "vitest";
import { activationBytes, graphCost } from "../../src/graph/cost.js";
import { graphParameters } from "../../src/graph/parameters.js";
import { network } from "./checked.js";

describe("the cost of", () => {
  it.each([
    // KH * KW * Cin / groups * Cout weights, each used once per output position.
    ["conv 3x3, 16", 3 * 3 * 8 * 16, 3 * 3 * 8 * 16 * 100],
    ["conv [1, 5], 16, bias: true", 5 * 8 * 16 + 16, 5 * 8 * 16 * 100],
    ["conv 3x3, 16, /2", 3 * 3 * 8 * 16, 3 * 3 * 8 * 16 * 25],
    ["conv 3x3, 16, pad: 0", 3 * 3 * 8 * 16, 3 * 3 * 8 * 16 * 64],
    ["conv 3x3, 16, groups: 4", 3 * 3 * 2 * 16, 3 * 3 * 2 * 16 * 100],
    ["conv 3x3, 8, groups: 8, dilation: 2", 3 * 3 * 8, 3 * 3 * 8 * 100],
    // Scale and offset; the moving statistics are not trained.
    ["batchnorm", 2 * 8, 0],
    ["maxpool 3x3, /2", 0, 0],
    ["upsample 2 -> dropout 0.5 -> sigmoid", 0, 0],
    ["globalavgpool -> dense 10", 8 * 10 + 10, 8 * 10],
    ["flatten -> dense 10, bias: false", 800 * 10, 800 * 10],
    // The projection: a 1x1 convolution of 8 to 16 channels at 5x5, and its batch norm.
    ["residual { conv 3x3, 16, /2 }\nshortcut project", 1152 + 128 + 32, (1152 + 128) * 25],
    ["residual { conv 3x3, 16, /2 }\nshortcut pad", 1152, 1152 * 25],
    ["gate { globalavgpool -> dense 8 }", 72, 64],
  ])("%s", (body, parameters, macs) => {
    expect(graphCost(network("10x10x8", body))).toMatchObject({ parameters, macs });
  });

  it("all outputs: what training keeps", () => {
    const graph = network("10x10x8", "conv 3x3, 16, /2 -> relu\n  globalavgpool");
    // conv and relu 5x5x16, the vector of 16 twice (with the head's relu).
    expect(graphCost(graph).activations).toBe(2 * 400 + 2 * 16);
    expect(activationBytes(832, 32)).toBe(832 * 32 * 4);
  });

  it("a symbolic network at the sizes given", () => {
    const graph = network("[H, W, 8]", "conv 3x3, 16, /2");
    expect(graphCost(graph)).toMatchObject({
      parameters: 1152,
      macs: undefined,
      activations: undefined,
    });
    const sizes = new Map([["H", 9], ["W", 10]]); // prettier-ignore
    expect(graphCost(graph, sizes).macs).toBe(1152 * 5 * 5);
  });
});

it("names every parameter by its node, in the order of the graph", () => {
  const keys = graphParameters(network("10x10x8", "conv 3x3, 16, bias: true -> batchnorm")).map(
    ({ key, trainable, decays }) => `${key}${trainable ? "" : " fixed"}${decays ? " decays" : ""}`,
  );
  expect(keys).toEqual([
    "conv.kernel decays",
    "conv.bias",
    "batchnorm.gamma",
    "batchnorm.beta",
    "batchnorm.moving_mean fixed",
    "batchnorm.moving_variance fixed",
  ]);
});
