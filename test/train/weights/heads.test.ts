import { describe, expect, test } from "vitest";
import { openNetwork } from "../../../src/api/spec.js";
import type { NamedTensor } from "../../../src/engines/engine.js";
import type { Graph } from "../../../src/graph/graph.js";
import { withHeads } from "../../../src/train/weights/heads.js";
import { MemoryHost } from "../../check/memory-host.js";
import { smallGraph } from "../small-network.js";

const graph = smallGraph(4, 3);
const kernel: NamedTensor = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const bias: NamedTensor = { shape: [3], data: Float32Array.of(7, 8, 9) };
const stem: NamedTensor = { shape: [1, 3], data: Float32Array.of(1, 2, 3) };
const weights = new Map([
  ["stem.conv.kernel", stem],
  ["classify.dense.kernel", kernel],
  ["classify.dense.bias", bias],
]);
const abc = ["a", "b", "c"];
/** A network whose head ends in a pool. */
function graphWithConvolution(): { readonly graph: Graph } {
  return openNetwork("net.resnet", {
    host: new MemoryHost({
      "net.resnet":
        "network Net {\n  input 8x8x3\n  stem { conv 3x3, 3 }\n" +
        "  head classify { conv 1x1, 3 -> batchnorm -> globalavgpool }\n}\n",
    }),
  });
}

const unchanged = { weights, fresh: [], notes: [] };

describe("a head of given weights", () => {
  test.each([
    ["the same classes", abc],
    ["classes that its file does not say", undefined],
  ])("is taken for %s", (_, there) => {
    expect(withHeads(graph, weights, { there, here: abc })).toEqual(unchanged);
  });

  test("has its columns put in the order of the data's classes", () => {
    const {
      weights: taken,
      fresh,
      notes,
    } = withHeads(graph, weights, {
      there: abc,
      here: ["c", "a", "b"],
    });
    expect(taken.get("classify.dense.kernel")?.data).toEqual(Float32Array.of(3, 1, 2, 6, 4, 5));
    expect(taken.get("classify.dense.bias")?.data).toEqual(Float32Array.of(9, 7, 8));
    expect(taken.get("stem.conv.kernel")).toBe(stem);
    expect(kernel.data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(fresh).toEqual([]);
    expect(notes).toEqual(["its classes are put in the order of the data's"]);
  });

  test.each([["a", "b", "d"], ["a", "a", "b"], ["x"]].map((here) => [here]))(
    "starts fresh for %j",
    (here) => {
      const headed = withHeads(graph, weights, { there: abc, here });
      expect([...headed.weights.keys()]).toEqual(["stem.conv.kernel"]);
      expect(headed.fresh).toEqual([
        `classify.dense starts fresh: a, b, c there, ${here.join(", ")} here`,
      ]);
    },
  );

  test("is taken, or not, as that is asked for", () => {
    const other = { there: abc, here: ["x", "y", "z"] };
    expect(withHeads(graph, weights, other, "keep")).toEqual(unchanged);
    const { weights: taken, fresh } = withHeads(graph, weights, { there: abc, here: abc }, "fresh");
    expect([...taken.keys()]).toEqual(["stem.conv.kernel"]);
    expect(fresh).toEqual(["classify.dense starts fresh: as asked for"]);
  });

  test("is the convolution before a pool, where that tells the classes apart", () => {
    const { graph: found } = graphWithConvolution();
    const there = new Map([
      ["classify.conv.kernel", { shape: [1, 1, 2, 3], data: kernel.data }],
      ["classify.batchnorm.gamma", bias],
      ["stem.conv.kernel", stem],
    ]);
    const { weights: taken } = withHeads(found, there, { there: abc, here: ["c", "a", "b"] });
    expect(taken.get("classify.conv.kernel")?.data).toEqual(Float32Array.of(3, 1, 2, 6, 4, 5));
    expect(taken.get("classify.batchnorm.gamma")?.data).toEqual(Float32Array.of(9, 7, 8));
    const { fresh } = withHeads(found, there, { there: abc, here: abc }, "fresh");
    expect(fresh.map((each) => each.split(" ")[0])).toEqual([
      "classify.batchnorm",
      "classify.conv",
    ]);
  });

  test("that the weights have not is none to take", () => {
    const backbone = new Map([["stem.conv.kernel", stem]]);
    const headed = withHeads(graph, backbone, { there: abc, here: ["x"] }, "fresh");
    expect(headed).toEqual({ weights: backbone, fresh: [], notes: [] });
  });
});
