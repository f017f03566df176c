import { describe, expect, it } from "vitest";
import { GraphWriter } from "../../../src/backends/onnx/graph-writer.js";
import { constantBytes, encodeModel } from "../../../src/backends/onnx/protobuf.js";
import { tidied } from "../../../src/backends/onnx/tidy.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { Draw } from "./draw.js";
import { describeLayouts, differences, load, runtime, wrongOutputs } from "./runtime.js";

describe("a model as it is written", () => {
  const names = (g: GraphWriter): readonly string[] => g.model("written").nodes.map(({ op }) => op);

  it("has a view of a view as one of what that is of, and each once", () => {
    const g = new GraphWriter();
    const x = g.input({ name: "x", type: "float32", dims: [2, 6] });
    const cube = g.view(g.view(x, [12]), [2, 3, 2]);
    expect(g.view(x, [2, 3, 2])).toBe(cube);
    expect(g.view(cube, [12])).toBe(g.view(x, [12]));
    // What stays as it is there, or takes what is left, says so of what it is given.
    const open = g.view(cube, [0, -1]);
    expect(g.view(open, [12])).toBe(g.view(x, [12]));
    const { nodes, constants } = g.model("written");
    const dims = new Map(constants.map(({ name, data }) => [name, [...data].map(Number)]));
    expect(nodes.map(({ inputs: [from, to = ""] }) => [from, dims.get(to)])).toEqual([
      ["x", [12]],
      ["x", [2, 3, 2]],
      [cube, [0, -1]],
    ]);
  });

  it("has zeros once for each scope", () => {
    const g = new GraphWriter();
    g.scope = "one";
    const zeros = g.zeros([4, 4]);
    expect(g.zeros([4, 4])).toBe(zeros);
    expect(g.zeros([4, 2])).not.toBe(zeros);
    g.scope = "other";
    expect(g.zeros([4, 4])).not.toBe(zeros);
    expect(names(g)).toEqual(["Expand", "Expand", "Expand"]);
  });

  it("is left without what nothing reads", () => {
    const g = new GraphWriter();
    const x = g.input({ name: "x", type: "float32", dims: [3] });
    const unread = g.node("Add", [g.node("Neg", [x]), g.scalar(5)]);
    g.node("Sqrt", [unread]);
    g.output({ name: "y", type: "float32", dims: [3] }, g.node("Mul", [x, g.scalar(2)]));
    const { nodes, constants } = tidied(g.model("written"));
    expect(nodes.map(({ op }) => op)).toEqual(["Mul"]);
    expect(constants.map(({ data }) => [...data])).toEqual([[2]]);
  });
});

describe.skipIf(runtime === undefined)("a model's bytes", () => {
  it("say to the runtime what the model says", async () => {
    const g = new GraphWriter();
    const x = g.input({ name: "x", type: "float32", dims: ["N", 3, "2 H"] });
    const flags = g.input({ name: "flags", type: "bool", dims: [] });
    const rounded = g.node("Cast", [g.node("LeakyRelu", [x], { alpha: { float: 0.25 } })], {
      to: 6,
    });
    const chosen = g.node("Where", [flags, rounded, g.constant("int32", [], Int32Array.of(-7))]);
    g.output({ name: "whole", type: "int32", dims: ["N", 3, "2 H"] }, chosen);
    const [high] = g.nodes("Split", [x], 3, { axis: 1, num_outputs: 3 });
    g.output({ name: "part", type: "float32", dims: ["N", 1, "2 H"] }, high ?? "");
    const metadata = new Map([["classes", "cat, Löwe, 犬"]]);
    const session = await load(g.model("Modell ü", "what it is for", metadata));
    const declared = session.inputMetadata.map(
      (each) => each.isTensor && [each.name, each.type, ...each.shape],
    );
    expect(declared).toEqual([
      ["x", "float32", "N", 3, "2 H"],
      ["flags", "bool"],
    ]);
    expect(session.outputNames).toEqual(["whole", "part"]);
    const { Tensor: RuntimeTensor } = runtime as NonNullable<typeof runtime>;
    const feeds = {
      x: new RuntimeTensor("float32", Float32Array.of(1, -8, 3.5, -4, 5, 6), [1, 3, 2]),
      flags: new RuntimeTensor("bool", Uint8Array.of(1), []),
    };
    const { whole, part } = await session.run(feeds);
    expect([...(whole?.data as Int32Array)]).toEqual([1, -2, 3, -1, 5, 6]);
    expect([...(part?.data as Float32Array)]).toEqual([1, -8]);
    const off = { ...feeds, flags: new RuntimeTensor("bool", Uint8Array.of(0), []) };
    expect([...((await session.run(off))["whole"]?.data as Int32Array)]).toEqual(Array(6).fill(-7));
    await session.release();
  });

  it("keep every element type, not-a-number and signed zeros", async () => {
    const g = new GraphWriter();
    const given = [
      ["float32", Float32Array.of(-0, NaN, -Infinity, 1e-42)],
      ["int32", Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, -1)],
      ["uint32", Uint32Array.of(0, 2 ** 32 - 1, 2 ** 31, 7)],
      ["int64", BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n)],
      ["bool", Uint8Array.of(1, 0, 0, 1)],
    ] as const;
    // Another constant of equal numbers, but for a sign.
    const zeros = g.constant("float32", [2, 2], Float32Array.of(0, NaN, -Infinity, 1e-42));
    for (const [type, data] of given) {
      g.output({ name: type, type, dims: [2, 2] }, g.constant(type, [2, 2], data));
    }
    g.output({ name: "zeros", type: "float32", dims: [2, 2] }, zeros);
    const session = await load(g.model("constants"));
    const found = await session.run({});
    for (const [type, data] of given) {
      const { data: bytes } = found[type] as { data: Float32Array };
      expect(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), type).toEqual(
        new Uint8Array(data.buffer),
      );
    }
    expect(Object.is((found["zeros"]?.data as Float32Array)[0], 0)).toBe(true);
    await session.release();
  });
});

describe("a model of more weights than its file can hold", () => {
  it("is refused in one sentence", () => {
    const g = new GraphWriter();
    const data = new Float32Array(2 ** 26);
    for (let i = 0; i < 9; i++)
      g.output(
        { name: `y${i}`, type: "float32", dims: [2 ** 26] },
        g.constant("float32", [2 ** 26], data),
      );
    const model = g.model("Enormous");
    expect(constantBytes(model)).toBe(9 * 2 ** 28);
    expect(() => encodeModel(model)).toThrow(RangeError);
    expect(() => encodeModel(model)).toThrow(/^Enormous has 2415919104 bytes .*2 GiB$/);
  });
});

describeLayouts("in $layout", ({ block }) => {
  it("a value is given out whatever it is, and as often as it is wanted", async () => {
    const b = new ProgramBuilder();
    const inputs = new Map<string, Tensor>();
    const draw = new Draw(b, inputs, 5, () => undefined);
    const x = draw.input([2, 16, 3, 3]);
    const kernel = draw.kernel([16, 16, 3, 3]);
    const blocked = draw.blocked(x);
    const vector = draw.input([16]);
    const affine = b.apply("affine", {}, blocked, vector, vector);
    draw.input([7]);
    for (const [name, value] of Object.entries({
      input: x,
      kernel,
      vector,
      blocked,
      again: blocked,
      affine,
      affineAgain: affine,
      constant: b.apply("constant", { type: { dtype: "i32", shape: [3] }, values: [1, 2, 3] }),
      number: b.fill(4),
      filled: b.fill(2 ** 32 - 2, [2, 3], "u32"),
      truth: b.fill(1, [2, 2], "bool"),
      repeated: b.perChannel(vector, [2, 16, 3, 3]),
      relu: b.apply("relu", {}, affine),
      "x0/next": b.negate(x),
      integers: b.negate(vector),
    })) {
      b.output(name, value);
    }
    const found = await differences(b.build("outputs"), inputs, block);
    expect(wrongOutputs(found, 1e-5)).toEqual([]);
  });
});
