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
  const values = new Map<string, Tensor>();
  for (const { name, type } of program.inputs) {
    const given = inputs.get(name);
    if (given === undefined) throw new RangeError(`input ${name} is missing`);
    if (!sameShape(given.shape, type.shape)) {
      throw new RangeError(`input ${name} is [${given.shape}], not [${type.shape}]`);
    }
    values.set(name, given);
  }
  const valueOf = (name: string): Tensor => {
    const value = values.get(name);
    if (value === undefined) throw new RangeError(`${name} is not computed yet`);
    return value;
  };
  const uses = countUses(program);
  for (const instruction of program.instructions) {
    const result = evaluate(instruction, instruction.operands.map(valueOf));
    const rounds = precision === "float32" && instruction.type.dtype === "f32";
    values.set(instruction.name, rounds ? rounded(result) : result);
    for (const name of instruction.operands) {
      const left = (uses.get(name) ?? 0) - 1;
      uses.set(name, left);
      if (left === 0) values.delete(name);
    }
  }
  return new Map(program.outputs.map(({ name, value }) => [name, valueOf(value)]));
}

function rounded({ shape, data }: Tensor): Tensor {
  return { shape, data: data.map(Math.fround) };
}
