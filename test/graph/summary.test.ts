import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { graphParts, summarise } from "../../src/graph/summary.js";
import { graphOf, graphsOf } from "./checked.js";

const steps = graphOf(`
block Twice(width) { conv 3x3, width -> relu -> conv 3x3, width }
network Steps {
  input 16x16x1
  conv 3x3, 4 -> relu
  stem { conv 3x3, 8 -> relu as f }
  maxpool 2x2, /2
  Twice(16)
  stage conv2: 2 x Twice(16)
  upsample 2
  branches concat { {} { from f } }
  head classify { globalavgpool -> dense 3 }
}`);

test("what stands between stem, stages and heads has a row, up to what has a name", () => {
  const { rows, parameters } = summarise(steps, "");
  expect(rows.map(({ kind, name }) => [kind, name])).toEqual([
    ["input", "input"],
    ["between", "conv"],
    ["stem", "stem"],
    ["between", "twice"],
    ["stage", "conv2"],
    ["between", "concat"],
    ["head", "classify"],
  ]);
  expect(rows.find(({ name }) => name === "twice")?.layers).toEqual([
    "maxpool 2x2, /2",
    "conv 3x3, 16",
    "conv 3x3, 16",
  ]);
  expect(rows.reduce((sum, row) => sum + row.parameters, 0)).toBe(parameters);
});

test("each step that is named ends a row of what stands between", () => {
  const pyramid = graphOf(`
network Pyramid {
  input 32x32x3
  stage c2: conv 3x3, 8
  stage c3: conv 3x3, 16, /2
  conv 1x1, 4 as p3
  upsample 2
  branches sum { {} { from c2 -> conv 1x1, 4 } } as p2
  relu
  head fine { conv 3x3, 4 }
  head coarse { from p3 -> conv 3x3, 4 }
}`);
  const { rows } = summarise(pyramid, "");
  expect(rows.slice(3, 6).map(({ name, output }) => [name, output.join("x")])).toEqual([
    ["p3", "16x16x4"],
    ["p2", "32x32x4"],
    ["relu", "32x32x4"],
  ]);
});

const specs = readdirSync("specs").filter((name) => name.endsWith(".resnet"));

test.each(specs)("the rows of %s add up, and every node is in one", (name) => {
  for (const graph of graphsOf(`specs/${name}`).values()) {
    const { rows, layers, parameters, macs } = summarise(graph, "");
    const sum = (of: readonly { readonly parameters: number }[]): number =>
      of.reduce((total, each) => total + each.parameters, 0);
    expect([sum(rows), sum(layers)]).toEqual([parameters, parameters]);
    if (macs !== undefined) {
      expect(rows.reduce((total, row) => total + (row.macs ?? 0), 0)).toBe(macs);
    }
    const nodes = graphParts(graph).flatMap((part) => part.nodes.map((node) => node.name));
    expect(nodes.sort()).toEqual(graph.nodes.map((node) => node.name).sort());
  }
});
