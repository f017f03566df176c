import { describe, expect, it } from "vitest";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { ShapeFault } from "../../../src/passes/program/definition.js";
import type { Instruction, Program } from "../../../src/passes/program/program.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { trainingStep } from "../../../src/passes/training-step/training-step.js";
import { recipe, smallResNet } from "../../engines/networks.js";

const { program } = trainingStep(smallResNet(3, 0.5), {
  recipe: recipe({ accumulate: 2 }),
  stepsPerEpoch: 4,
  batch: 2,
});

/** The step with its first instruction of a primitive changed. */
function planted(primitive: string, change: (found: Instruction) => object): Program {
  const index = program.instructions.findIndex((each) => each.primitive === primitive);
  const found = program.instructions[index] as Instruction;
  const changed = { ...found, ...change(found) } as Instruction;
  return { ...program, instructions: program.instructions.with(index, changed) };
}

describe("the verifier", () => {
  it("finds nothing in a training step, before and after JSON", () => {
    expect(verifyProgram(program)).toEqual([]);
    const read = JSON.parse(JSON.stringify(program)) as Program;
    expect(read).toEqual(program);
    expect(verifyProgram(read)).toEqual([]);
  });

  it.each([
    [
      "conv",
      () => ({ type: { dtype: "f32", shape: [1, 4, 11, 12] } }),
      /\[1,4,11,12\], where the shape rule gives/,
    ],
    ["conv", () => ({ type: { dtype: "i32", shape: [1, 4, 12, 12] } }), /i32\[1,4,12,12\], where/],
    [
      "conv",
      ({ attributes }: Instruction) => ({ attributes: { ...attributes, groups: 3 } }),
      /3 channels, a kernel for 9/,
    ],
    [
      "affine",
      ({ operands }: Instruction) => ({ operands: operands.slice(1) }),
      /2 operands and takes 3/,
    ],
    ["relu", () => ({ operands: ["nowhere"] }), /operand nowhere does not stand before it/],
    ["relu", () => ({ primitive: "gelu" }), /there is no primitive gelu/],
    [
      "maxPoolGradient",
      ({ operands }: Instruction) => ({ operands: operands.toReversed() }),
      /the gradient is/,
    ],
    [
      "xor",
      ({ operands }: Instruction) => ({ operands: [operands[0], "images"] }),
      /the operands differ/,
    ],
  ] as const)("finds a fault planted at %s", (primitive, change, fault) => {
    expect(verifyProgram(planted(primitive, change)).join("\n")).toMatch(fault);
  });

  it("finds names taken twice, missing outputs and operands that come too late", () => {
    const [first, second] = program.instructions as [Instruction, Instruction];
    const twice = { ...program, instructions: [first, first, ...program.instructions.slice(1)] };
    expect(verifyProgram(twice).join()).toMatch(/the name is taken twice/);
    const reversed = { ...program, instructions: program.instructions.toReversed() };
    expect(verifyProgram(reversed).join()).toMatch(/does not stand before it/);
    const outputs = [
      { name: "loss", value: "nowhere" },
      { name: "loss", value: second.name },
    ];
    expect(verifyProgram({ ...program, outputs })).toEqual([
      "output loss: its value nowhere is missing",
      "output loss: the name is taken twice",
    ]);
    expect(verifyProgram({ ...program, outputs: [] })).toEqual(["the program has no output"]);
  });

  it("is not needed where a builder writes: misfits are thrown there", () => {
    const b = new ProgramBuilder();
    const [x, y] = [
      b.input("x", { dtype: "f32", shape: [2] }),
      b.input("y", { dtype: "f32", shape: [3] }),
    ];
    expect(() => b.add(x, y)).toThrow(ShapeFault);
    expect(() => b.add(x, y)).toThrow("the operands differ: f32[2] and f32[3]");
    expect(() => b.broadcast(y, [2, 2], [1])).toThrow(/along axis 0/);
    expect(() => b.convert(x, "u32")).not.toThrow();
    expect(() => b.apply("xor", {}, x, x)).toThrow("it does not take f32");
  });
});
