/** A network that no process can hold is refused in words, before anything is allocated. */
import { expect, test } from "vitest";
import { check } from "../../src/check/check.js";
import { EngineError } from "../../src/engines/engine.js";
import { checkNetworkSize } from "../../src/engines/network-size.js";
import { selectEngine } from "../../src/engines/registry.js";
import type { Graph } from "../../src/graph/graph.js";
import { MemoryHost } from "../check/memory-host.js";

function graphOf(channels: number): Graph {
  const text = `network N {
    input 8x8x3
    stem { conv 3x3, ${channels} -> conv 3x3, ${channels} }
    head h { globalavgpool -> dense 2 }
  }`;
  const graph = check("n.resnet", new MemoryHost({ "n.resnet": text })).networks[0]?.graph;
  if (graph === undefined) throw new Error("the spec does not check");
  return graph;
}

test("weights beyond the limit are refused, naming the largest", () => {
  expect(() => checkNetworkSize(graphOf(64))).not.toThrow();
  expect(() => checkNetworkSize(graphOf(1_000_000))).toThrow(
    "N has 9,000,029,000,002 weights, and 2,147,483,648 is the limit",
  );
});

test("an engine says so when it is asked for a session", async () => {
  const { engine } = await selectEngine("cpu");
  const opening = engine.open(graphOf(1_000_000));
  await expect(opening).rejects.toThrow(EngineError);
  await expect(opening).rejects.toMatchObject({ node: "stem.conv2" });
});
