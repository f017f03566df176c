/** Every kind of fault that a graph can have is planted, one at a time, and found. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { graphOf } from "./checked.js";

const sound = graphOf(
  readFileSync(new URL("fixtures/every-construct.resnet", import.meta.url), "utf8"),
);

/** A graph that can be written to. */
type Open<T> = { -readonly [K in keyof T]: Open<T[K]> };

function planted(plant: (graph: Open<Graph>) => void): readonly string[] {
  const graph = JSON.parse(JSON.stringify(sound)) as Open<Graph>;
  plant(graph);
  return verifyGraph(graph as Graph);
}

function nodeOf(graph: Open<Graph>, name: string): Open<Graph["nodes"][number]> {
  const node = graph.nodes.find((each) => each.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
}

describe("verifyGraph", () => {
  it("finds nothing in a sound graph", () => {
    expect(verifyGraph(sound)).toEqual([]);
  });

  it.each<readonly [string, (graph: Open<Graph>) => void, RegExp]>([
    ["a name taken twice", (g) => g.nodes.push({ ...nodeOf(g, "dropout") }), /dropout: the name is taken twice/],
    ["an operand that is missing", (g) => (nodeOf(g, "upsample").inputs[0] = "nowhere"), /upsample: its operand nowhere does not stand before it/],
    ["an operand that comes later", (g) => (nodeOf(g, "stem.conv").inputs[0] = "upsample"), /stem.conv: its operand upsample does not stand/],
    ["one operand too few", (g) => nodeOf(g, "multiply").inputs.pop(), /multiply: it has 1 operands, and multiply takes 2/],
    ["one operand too many", (g) => nodeOf(g, "stem.conv").inputs.push("input"), /stem.conv: it has 2 operands/],
    ["an unknown operation", (g) => ((nodeOf(g, "dropout") as { op: string }).op = "softplus"), /dropout: there is no operation softplus/],
    ["wrong channels", (g) => (nodeOf(g, "stem.conv").type.channels = 9), /stem.conv: its type is H x W x 9, where the shape rule gives H x W x 8/],
    ["wrong extents", (g) => (nodeOf(g, "upsample").type.spatial = [8, 8]), /upsample: its type is 8x8x16/],
    ["a wrong rank", (g) => (nodeOf(g, "stem.conv").type.spatial = []), /stem.conv: its type is 8, where/],
    ["operands that do not fit", (g) => (nodeOf(g, "add").inputs[1] = "input"), /add: its operands do not fit \(disagree\)/],
    ["groups that do not divide", (g) => ((nodeOf(g, "averaged.block1.residual.conv").attributes as { groups: number }).groups = 3), /do not fit \(groups\)/],
    ["a dense layer on a map", (g) => (nodeOf(g, "classify.dense").inputs[0] = "joined"), /classify.dense: its operands do not fit \(needs-vector\)/],
    ["a second input", (g) => g.nodes.push({ ...nodeOf(g, "input"), name: "other" }), /the graph has 2 inputs, not one/],
    ["no input", (g) => void g.nodes.shift(), /the graph has 0 inputs/],
    ["no head", (g) => void (g.outputs = []), /the graph has no head/],
    ["a head on a node that is missing", (g) => ((g.outputs[0] as { node: string }).node = "gone"), /head segment: its node gone is missing/],
    ["sizes for which a merge fails", (g) => void (g.domains = []), /its operands do not fit \(disagree\)/],
  ])("finds %s", (_title, plant, fault) => {
    expect(planted(plant).join("\n")).toMatch(fault);
  }); // prettier-ignore
});
