/** What every operation says of itself: its attributes with their defaults, and its shape rule. */
import { describe, expect, it } from "vitest";
import { checkText, render } from "../check/memory-host.js";
import { network } from "../graph/checked.js";
import { printType } from "../../src/shapes/index.js";
import { operations, writtenOperations } from "../../src/ops/registry.js";

/** The type that a body ends with. */
function typeAfter(input: string, body: string): string {
  const last = network(input, body).nodes.at(-2);
  return last ? printType(last.type) : "";
}

describe("shape rules", () => {
  it.each([
    ["9x10x8", "conv 3x3, 16", "9x10x16"],
    ["9x10x8", "conv 3x3, 16, /2", "5x5x16"],
    ["9x10x8", "conv 2x2, 16", "8x9x16"],
    ["9x10x8", "conv 2x2, 16, /2", "4x5x16"],
    ["9x10x8", "conv [1, 5], 16", "9x10x16"],
    ["9x10x8", "conv 3x3, 16, pad: [0, 2]", "7x12x16"],
    ["9x10x8", "conv 3x3, 16, dilation: 2", "9x10x16"],
    ["9x10x8", "conv 3x3, 16, dilation: 2, pad: 0", "5x6x16"],
    ["9x10x8", "conv 5, 16, /[2, 3]", "5x4x16"],
    ["9x10x8", "maxpool 3x3, /2", "5x5x8"],
    ["9x10x8", "maxpool 2x2, /2", "4x5x8"],
    ["9x10x8", "maxpool 2x2, /2, ceil: true", "5x5x8"],
    ["9x10x8", "avgpool 9x10, pad: 0", "1x1x8"],
    ["9x10x8", "globalavgpool", "8"],
    ["9x10x8", "flatten", "720"],
    ["9x10x8", "flatten -> dense 5", "5"],
    ["9x10x8", "upsample 3", "27x30x8"],
    ["9x10x8", "upsample [1, 2]", "9x20x8"],
    ["9x10x8", "batchnorm -> relu -> sigmoid -> dropout 0.1", "9x10x8"],
    ["9x10x8", "branches concat { { conv 1x1, 3 } { relu } { relu } }", "9x10x19"],
    ["1x1x1", "conv 3x3, 1", "1x1x1"],
    ["[H, W, 4]", "conv 7x7, 8, /2 -> maxpool 3x3, /2", "ceil(H / 4) x ceil(W / 4) x 8"],
  ])("%s, %s: %s", (input, body, type) => {
    expect(typeAfter(input, body)).toBe(type);
  });
});

describe("what no operation makes", () => {
  it.each([
    ["a maximum of padding alone", "8x8x4", "maxpool 1x1, pad: 1", "R0209"],
    ["a mean of padding alone", "8x8x4", "avgpool [3, 2], pad: [1, 2]", "R0209"],
    [
      "a vector scaled by a map",
      "1x1x4",
      "relu as map -> globalavgpool -> gate { from map }",
      "R0306",
    ],
  ])("%s", (_title, input, body, code) => {
    const text = `network Net { input ${input}\n${body}\nhead { relu } }`;
    expect(checkText(text).diagnostics.map((each) => each.code)).toEqual([code]);
  });
});

describe("attributes", () => {
  it.each([
    ["conv 3x3, 16", { channels: 16, kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1, bias: false }],
    ["conv [1, 5], 16, /[2, 1], groups: 8, bias: true", { channels: 16, kernel: [1, 5], stride: [2, 1], padding: [0, 2], dilation: [1, 1], groups: 8, bias: true }],
    ["conv 3x3, 16, dilation: 3", { channels: 16, kernel: [3, 3], stride: [1, 1], padding: [3, 3], dilation: [3, 3], groups: 1, bias: false }],
    ["conv kernel: 4, channels: 16, stride: 2", { channels: 16, kernel: [4, 4], stride: [2, 2], padding: [0, 0], dilation: [1, 1], groups: 1, bias: false }],
    ["maxpool 3x3, /2", { kernel: [3, 3], stride: [2, 2], padding: [1, 1], ceil: false }],
    ["avgpool 2, ceil: true", { kernel: [2, 2], stride: [1, 1], padding: [0, 0], ceil: true }],
    ["batchnorm", { epsilon: 1e-5, momentum: 0.9, gamma: 1 }],
    ["batchnorm gamma: 0, epsilon: 1e-3, momentum: 0.99", { epsilon: 1e-3, momentum: 0.99, gamma: 0 }],
    ["dropout 0.25", { rate: 0.25 }],
    ["upsample 2", { factor: [2, 2] }],
    ["globalavgpool -> dense 5", { channels: 5, bias: true }],
  ])("%s", (body, attributes) => {
    expect(network("16x16x8", body).nodes.at(-2)?.attributes).toEqual(attributes);
  }); // prettier-ignore
});

describe("every operation", () => {
  it.each(writtenOperations)("%s says what it is and what it takes", (name) => {
    const { summary, signature } = operations[name];
    expect(summary.length).toBeGreaterThan(3);
    for (const { docs } of signature) expect(docs.length).toBeGreaterThan(10);
    // Positional arguments come first, and those that are needed before those that are not.
    const order = signature.map(
      ({ positional, required }) => (positional ? 0 : 2) + (required ? 0 : 1),
    );
    expect(order).toEqual([...order].sort());
  });

  it.each(writtenOperations)("%s refuses an argument that it does not take", (name) => {
    const text = `network Net {\n input 8x8x4\n ${name} nonsense: 1\n head { relu }\n}`;
    const { diagnostics } = checkText(text);
    expect(diagnostics[0]?.code, render(diagnostics)).toBe("R0205");
  });
});
