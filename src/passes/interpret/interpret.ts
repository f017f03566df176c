/**
 * Runs a tensor program one instruction after the other in float64 (or as if in float32): slow, obvious,
 * and the measure of every gradient, rewrite and backend.
 */
import type { Primitive } from "../program/primitives.js";
import { countUses, type InstructionOf, type Program } from "../program/program.js";
import { sameShape } from "../program/value-type.js";
import { contractions } from "./contractions.js";
import { elementwise } from "./elementwise.js";
import type { Evaluate } from "./evaluation.js";
import { reductions } from "./reductions.js";
import { shaping } from "./shaping.js";
import type { Tensor } from "./tensor.js";

const evaluations: { readonly [K in Primitive]: Evaluate<K> } = {
  ...elementwise,
  ...shaping,
  ...contractions,
  ...reductions,
};

/** The result of one instruction for operands of the types that it was made for. */
export function evaluate<K extends Primitive>(
  instruction: InstructionOf<K>,
  operands: readonly Tensor[],
): Tensor {
  const evaluation: Evaluate<K> = evaluations[instruction.primitive];
  return evaluation(instruction, operands);
}

/**
 * `float32` rounds every f32 result to float32, as an engine keeps it; sums inside one instruction are
 * still taken in float64.
 */
export type Precision = "float64" | "float32";

/**
 * The outputs of a verified program, by name. A value is let go after its last use.
 * @throws RangeError where an input is missing or of another shape.
 */
export function interpret(
  program: Program,
  inputs: ReadonlyMap<string, Tensor>,
  precision: Precision = "float64",
): Map<string, Tensor> {
  const input = (name: string): Tensor => {
    const given = inputs.get(name);
    if (given === undefined) throw new RangeError(`input ${name} is missing`);
    return given;
  };
  for (const { name } of program.inputs) input(name);
  const outputs = new Map<string, Tensor>();
  interpretInto(program, input, (name, tensor) => outputs.set(name, tensor), precision);
  return new Map(program.outputs.map(({ name }) => [name, outputs.get(name) as Tensor]));
}

/**
 * The same for programs whose inputs and outputs together are large: an input is asked for when it is
 * first used, and an output given as soon as it is computed, in that order.
 */
export function interpretInto(
  program: Program,
  input: (name: string) => Tensor,
  give: (name: string, tensor: Tensor) => void,
  precision: Precision = "float64",
): void {
  const values = new Map<string, Tensor>();
  const types = new Map(program.inputs.map(({ name, type }) => [name, type]));
  const valueOf = (name: string): Tensor => {
    const value = values.get(name);
    if (value !== undefined) return value;
    const type = types.get(name);
    if (type === undefined) throw new RangeError(`${name} is not computed yet`);
    const given = input(name);
    if (!sameShape(given.shape, type.shape)) {
      throw new RangeError(`input ${name} is [${given.shape}], not [${type.shape}]`);
    }
    values.set(name, given);
    return given;
  };
  const uses = countUses(program);
  const used = (name: string): void => {
    const left = (uses.get(name) ?? 0) - 1;
    uses.set(name, left);
    if (left <= 0) values.delete(name);
  };
  const wanted = new Set(program.outputs.map(({ value }) => value));
  const giveOut = (name: string): void => {
    if (!wanted.has(name)) return;
    for (const output of program.outputs) {
      if (output.value !== name) continue;
      give(output.name, valueOf(name));
      used(name);
    }
  };
  for (const { name } of program.inputs) giveOut(name);
  for (const instruction of program.instructions) {
    const result = evaluate(instruction, instruction.operands.map(valueOf));
    const rounds = precision === "float32" && instruction.type.dtype === "f32";
    values.set(instruction.name, rounds ? rounded(result) : result);
    for (const name of instruction.operands) used(name);
    giveOut(instruction.name);
  }
}

function rounded({ shape, data }: Tensor): Tensor {
  return { shape, data: data.map(Math.fround) };
}
