/** A spec of every construct against its printed graph; `UPDATE_FIXTURES=1` writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { printGraph } from "../../src/graph/print.js";
import type { Graph } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { graphOf } from "./checked.js";

const spec = new URL("fixtures/every-construct.resnet", import.meta.url);
const printed = new URL("fixtures/every-construct.txt", import.meta.url);
const graph = graphOf(readFileSync(spec, "utf8"));

it("prints every construct as it was last read through", () => {
  const text = printGraph(graph);
  if (process.env["UPDATE_FIXTURES"] === "1") writeFileSync(printed, text);
  expect(text).toBe(readFileSync(printed, "utf8"));
});

it("survives JSON", () => {
  const copy = JSON.parse(JSON.stringify(graph)) as Graph;
  expect(copy).toEqual(graph);
  expect(verifyGraph(copy)).toEqual([]);
});
