import { describe, expect, it } from "vitest";
import { emitProgram } from "../../../src/backends/onnx/emit.js";
import { inferenceModel } from "../../../src/backends/onnx/inference.js";
import { encodeModel } from "../../../src/backends/onnx/protobuf.js";
import type { Graph } from "../../../src/graph/graph.js";
import { symbolExtent } from "../../../src/shapes/index.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import type { Value } from "../../../src/passes/program/program.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { smallResNet } from "../../engines/networks.js";
import { graphsOf } from "../../graph/checked.js";
import {
  ceiling,
  everyConstruct,
  expectedLogits,
  fixed,
  logitsOf,
  someWeights,
} from "./inference-run.js";
import { layouts } from "./runtime.js";

const runs = layouts.length > 0;

/** The largest difference as a share of the largest logit, over all heads. */
async function worst(
  graph: Graph,
  batch: number,
  sizes: Readonly<Record<string, number>> = {},
  layout: "nchw" | "nhwc" = "nchw",
): Promise<number> {
  const weights = someWeights(graph);
  const at = new Map(Object.entries(sizes));
  const expected = expectedLogits(graph, weights, batch, at, layout);
  const found = await logitsOf(
    inferenceModel(graph, weights, { layout }),
    graph,
    batch,
    at,
    layout,
  );
  expect([...found.keys()].sort()).toEqual(graph.outputs.map(({ name }) => name).sort());
  let share = 0;
  for (const [name, { shape, data }] of expected) {
    const head = found.get(name);
    expect(head?.shape, name).toEqual(shape);
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [i, value] of data.entries()) {
      const difference = Math.abs((head?.data[i] ?? NaN) - value);
      share = Math.max(share, Number.isNaN(difference) ? Infinity : difference / largest);
    }
  }
  return share;
}

describe.skipIf(!runs)("an exported model on ONNX Runtime gives the interpreter's logits:", () => {
  it.each(["nchw", "nhwc"] as const)(
    "every construct of the language at three sizes and two batches, %s",
    async (layout) => {
      for (const [H, W] of [
        [8, 16],
        [24, 16],
        [16, 40],
      ] as const) {
        for (const batch of [1, 3]) {
          expect(await worst(everyConstruct, batch, { H, W }, layout)).toBeLessThan(1e-5);
        }
      }
    },
  );

  it.each(["nchw", "nhwc"] as const)("flattened, gated and normalised, %s", async (layout) => {
    for (const batch of [1, 3]) expect(await worst(fixed, batch, {}, layout)).toBeLessThan(1e-5);
  });

  it("pools with ceil at sizes that they divide and that they do not", async () => {
    for (const [N, H] of [
      [5, 5],
      [6, 7],
      [8, 12],
      [9, 31],
    ] as const) {
      expect(await worst(ceiling, 2, { N, H })).toBeLessThan(1e-5);
    }
  });

  it("ResNet-20", async () => {
    const graph = graphsOf("specs/resnet-cifar10.resnet").get("ResNet20") as Graph;
    expect(await worst(graph, 2)).toBeLessThan(1e-5);
  });
});

describe("an exported model", () => {
  const small = smallResNet(3, 0.2);

  it("has standard operators alone, its batch norms folded and its biases in their operators", () => {
    const { nodes, constants, inputs, outputs } = inferenceModel(small, someWeights(small));
    expect(new Set(nodes.map(({ domain }) => domain))).toEqual(new Set([""]));
    const operators = nodes.map(({ op }) => op);
    expect(new Set(operators)).toEqual(
      new Set(["Conv", "Relu", "MaxPool", "Add", "Slice", "Pad", "ReduceMean", "Gemm"]),
    );
    expect(operators.filter((op) => op === "Add")).toHaveLength(3);
    for (const { op, inputs: given } of nodes) {
      if (op === "Conv" || op === "Gemm") expect(given).toHaveLength(3);
    }
    expect(constants.map(({ name }) => name)).toContain("weights/head.dense.bias");
    expect(inputs).toEqual([{ name: "images", type: "float32", dims: ["N", 3, 12, 12] }]);
    expect(outputs).toEqual([{ name: "head0", type: "float32", dims: ["N", 3] }]);
  });

  it("names what is open by the spec's symbols", () => {
    const { inputs, outputs } = inferenceModel(everyConstruct, someWeights(everyConstruct), {
      layout: "nhwc",
    });
    expect(inputs.map(({ dims }) => dims)).toEqual([["N", "H", "W", 4]]);
    expect(outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ["segment", ["N", "8 * ceil(H / 8)", "8 * ceil(W / 8)", 2]],
      ["classify", ["N", 10]],
    ]);
  });

  it("keeps its names apart where the spec has taken them", () => {
    const { inputs, outputs } = inferenceModel(ceiling, someWeights(ceiling));
    expect(inputs).toEqual([{ name: "input", type: "float32", dims: ["batch", 2, "N", "H"] }]);
    expect(outputs.map(({ name }) => name)).toEqual(["images"]);
  });

  it("is the same bytes for the same network and weights", () => {
    const metadata = new Map([["classes", '["a","b","c"]']]);
    const bytes = (): Uint8Array =>
      encodeModel(inferenceModel(small, someWeights(small), { metadata }));
    expect(Buffer.from(bytes()).equals(bytes())).toBe(true);
    expect(Buffer.from(bytes()).includes('["a","b","c"]')).toBe(true);
  });

  it("wants every weight in its shape", () => {
    const weights = someWeights(small);
    const kernel = { shape: [2], data: new Float32Array(2) };
    expect(() =>
      inferenceModel(small, new Map([...weights, ["stem.conv.kernel", kernel]])),
    ).toThrow("weights/stem.conv.kernel is [2], not [3,3,3,4]");
    weights.delete("head.dense.bias");
    expect(() => inferenceModel(small, weights)).toThrow("weights/head.dense.bias is missing");
  });
});

describe("a program that holds for one size alone is refused at the instruction:", () => {
  type Write = (b: ProgramBuilder, x: Value) => Value;
  const window = {
    kernel: [1, 1],
    stride: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
  } as const;
  const geometry = { ...window, dilation: [1, 1], groups: 1 } as const;
  const refused: readonly (readonly [why: string, write: Write])[] = [
    ["reshape: an open extent is taken apart", (b, x) => b.reshape(x, [2, 3, 16])],
    ["reshape: an open extent is taken apart", (b, x) => b.reshape(x, [6, 4, 4])],
    ["slice: a part of known extent", (b, x) => b.slice(x, [0, 0, 0, 0], [2, 3, 3, 4])],
    ["concat: parts of any extent", (b, x) => b.apply("concat", { axis: 0 }, x, x)],
    [
      "pad: pad takes maps of one size",
      (b, x) => b.pad(x, [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]),
    ],
    [
      "convKernelGradient: convKernelGradient takes maps",
      (b, x) => b.apply("convKernelGradient", { ...geometry, shape: [3, 3, 1, 1] }, x, x),
    ],
    [
      "it is repeated to an open extent",
      (b, x) => b.broadcast(b.sum(x, [0, 2, 3]), [2, 3, 4, 4], [1]),
    ],
  ];

  it.each(refused)("%s", (why, write) => {
    const b = new ProgramBuilder();
    b.output("y", write(b, b.input("x", { dtype: "f32", shape: [2, 3, 4, 4] })));
    const program = b.build("sized");
    expect(verifyProgram(program)).toEqual([]);
    const open = new Map([["x", [symbolExtent("N"), 3, symbolExtent("H"), 4]]]);
    expect(() => emitProgram(program, { open })).toThrow(why);
    expect(() => emitProgram(program)).not.toThrow();
  });
});
