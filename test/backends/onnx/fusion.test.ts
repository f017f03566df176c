import { describe, expect, it } from "vitest";
import { emitProgram } from "../../../src/backends/onnx/emit.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import type { Value } from "../../../src/passes/program/program.js";
import { Draw } from "./draw.js";
import { block, describeLayouts, differences, runtime, wrongOutputs } from "./runtime.js";

const shape = [2, 32, 3, 2];
const channels = [32];

/** What is added to an affine of `x`. */
const addends: Readonly<Record<string, (draw: Draw, x: Value) => Value>> = {
  "a blocked map": (draw) => draw.blocked(draw.input(shape)),
  "a row-major map": (draw) => draw.input(shape),
  "the affine's own map": (_, x) => x,
  "another affine": (draw, x) => affine(draw, x),
  "an affine with an addend": (draw, x) => draw.b.add(affine(draw, x), draw.input(shape)),
  "a computed map": (draw, x) => draw.b.apply("tanh", {}, x),
  "a vector": (draw) => draw.b.perChannel(draw.input(channels), shape),
  "a gate": (draw) => draw.b.broadcast(draw.input([2, 32]), shape, [0, 1]),
  "one number": (draw) => draw.b.fill(0.3, shape),
};

/** Who reads the sum, and the affine; gives the values to compare. */
const readers: Readonly<Record<string, (draw: Draw, sum: Value, affine: Value) => Value[]>> = {
  "a relu": ({ b }, sum) => [b.apply("relu", {}, sum)],
  "an output": (_, sum) => [sum],
  "a relu and an output": ({ b }, sum) => [b.apply("relu", {}, sum), sum],
  "two relus": ({ b }, sum) => [b.apply("relu", {}, sum), b.negate(b.apply("relu", {}, sum))],
  "a convolution": (draw, sum) => [draw.blocked(sum)],
  "a relu, and another sum": ({ b }, sum) => [
    b.add(b.apply("relu", {}, sum), b.multiply(sum, sum)),
  ],
  "a relu; the affine is read too": ({ b }, sum, inner) => [
    b.apply("relu", {}, sum),
    b.negate(inner),
  ],
  "a relu; the affine is given out": ({ b }, sum, inner) => [b.apply("relu", {}, sum), inner],
};

function affine(draw: Draw, x: Value): Value {
  return draw.b.apply("affine", {}, x, draw.input(channels), draw.input(channels));
}

interface Combination {
  readonly addend: string;
  readonly reader: string;
  readonly affineFirst: boolean;
  readonly readLater: boolean;
}

const combinations: readonly Combination[] = Object.keys(addends).flatMap((addend) =>
  Object.keys(readers).flatMap((reader) =>
    [true, false].flatMap((affineFirst) =>
      [true, false].map((readLater) => ({ addend, reader, affineFirst, readLater })),
    ),
  ),
);

function program() {
  const b = new ProgramBuilder();
  const inputs = new Map<string, Tensor>();
  for (const [seed, { addend, reader, affineFirst, readLater }] of combinations.entries()) {
    const draw = new Draw(b, inputs, seed, () => undefined);
    const x = draw.blocked(draw.input(shape));
    const inner = affine(draw, x);
    const other = (addends[addend] as (draw: Draw, x: Value) => Value)(draw, x);
    const sum = affineFirst ? b.add(inner, other) : b.add(other, inner);
    const about = `${addend}, ${affineFirst ? "after" : "before"} it, read by ${reader}`;
    const read = readers[reader] as (draw: Draw, sum: Value, affine: Value) => Value[];
    read(draw, sum, inner).forEach((value, i) => b.output(`${about}, ${readLater}, ${i}`, value));
    if (readLater) b.output(`${about}, the addend later`, b.apply("cos", {}, other));
  }
  return { program: b.build("affines"), inputs };
}

describeLayouts("in $layout", ({ block: of }) => {
  it("a sum with an affine is right whatever is added and whoever reads it", async () => {
    const { program: all, inputs } = program();
    expect(wrongOutputs(await differences(all, inputs, of), 1e-5)).toEqual([]);
  });
});

/** What a scaled kernel is added to. */
const others: Readonly<Record<string, (draw: Draw, kernel: Value) => Value>> = {
  "another kernel": (draw, kernel) => draw.kernel(kernel.type.shape),
  itself: (_, kernel) => kernel,
  "a row-major tensor": (draw, kernel) => draw.input(kernel.type.shape),
  "another scaled kernel": ({ b }, kernel) => b.scale(kernel, -0.3),
  "one number": ({ b }, kernel) => b.fillLike(0.7, kernel),
  "a scalar": (draw, kernel) => draw.b.broadcastLike(draw.input([]), kernel),
  "a computed tensor": (draw, kernel) => draw.b.apply("tanh", {}, draw.input(kernel.type.shape)),
};

/** A kernel times a scalar, plus or minus every other value, in both orders. */
function scaledKernels(inputChannels: number) {
  const shape = [32, inputChannels, 3, 2];
  const b = new ProgramBuilder();
  const inputs = new Map<string, Tensor>();
  for (const [seed, [name, write]] of Object.entries(others).entries()) {
    for (const primitive of ["add", "subtract"] as const) {
      for (const scaledFirst of [true, false]) {
        for (const readTwice of [true, false]) {
          const about = `${name}, ${primitive}, ${scaledFirst}, ${readTwice}`;
          const draw = new Draw(b, inputs, seed, (value) =>
            b.output(`${about}, also ${value.name}`, value),
          );
          const kernel = draw.kernel(shape);
          const other = write(draw, kernel);
          const scaled = b.multiply(b.broadcastLike(draw.input([]), kernel), kernel);
          const [left, right] = scaledFirst ? [scaled, other] : [other, scaled];
          b.output(about, b.apply(primitive, {}, left, right));
          if (readTwice) b.output(`${about}, the product`, scaled);
        }
      }
    }
  }
  // Whole numbers that lie as a kernel does.
  const draw = new Draw(b, inputs, 77, (value) => b.output("also", value));
  const whole = b.convert(b.scale(draw.kernel(shape), 5), "i32");
  b.output("whole numbers", b.add(b.scale(whole, 3), whole));
  return { program: b.build("scaled-kernels"), inputs };
}

describeLayouts("in $layout", ({ block: of }) => {
  it.each([16, 3])("a scaled kernel of %i channels is added rightly to anything", async (count) => {
    const { program: all, inputs } = scaledKernels(count);
    expect(wrongOutputs(await differences(all, inputs, of), 1e-5)).toEqual([]);
  });
});

describe.skipIf(runtime === undefined || block === undefined)("in blocks", () => {
  it("batch norm, shortcut and relu are one operator", () => {
    const b = new ProgramBuilder();
    const draw = new Draw(b, new Map(), 1, () => undefined);
    const x = draw.blocked(draw.input(shape));
    const shortcut = draw.blocked(draw.input(shape));
    b.output("y", b.apply("relu", {}, b.add(affine(draw, x), shortcut)));
    const { model } = emitProgram(b.build("residual"), { block: block as number });
    const operators = model.nodes.map(({ op }) => op).filter((op) => op !== "Reshape");
    expect(operators.slice(-2)).toEqual(["Conv", "ReorderOutput"]);
    expect(operators.filter((op) => op === "Conv")).toHaveLength(3);
    expect(operators).not.toContain("Add");
    expect(operators).not.toContain("Relu");
  });
});
