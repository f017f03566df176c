/**
 * A tensor program: straight-line code over tensors of known shapes, as plain data (JSON in, JSON out).
 * Instructions stand in an order in which they can be computed and give one value each; a program is a
 * whole step, from the inputs (images, labels, state) to the outputs (state, metrics or logits).
 */
import type { Primitive, PrimitiveAttributes } from "./primitives.js";
import type { ValueType } from "./value-type.js";

/** A named value: an input of the program or the result of an instruction. */
export interface Value {
  readonly name: string;
  readonly type: ValueType;
}

export type InstructionOf<K extends Primitive> = Value & {
  readonly primitive: K;
  readonly attributes: PrimitiveAttributes[K];
  /** Names of inputs or of instructions before this one. */
  readonly operands: readonly string[];
};

export type Instruction = { [K in Primitive]: InstructionOf<K> }[Primitive];

/** Outputs have names of their own: a piece of state has one name, as input and as output. */
export interface ProgramOutput {
  readonly name: string;
  readonly value: string;
}

export interface Program {
  readonly format: "resnetc-program";
  readonly version: 1;
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly instructions: readonly Instruction[];
  readonly outputs: readonly ProgramOutput[];
}

/** The value of that name. @throws RangeError where there is none. */
export function valueOf(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new RangeError(`there is no value for ${name}`);
  return value;
}

/** The types of all values by name: inputs and instructions. */
export function valueTypes(program: Program): Map<string, ValueType> {
  return new Map(
    [...program.inputs, ...program.instructions].map(({ name, type }) => [name, type]),
  );
}

/** How often each value is read, as an operand or as an output. */
export function countUses(program: Program): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (name: string): unknown => uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const { operands } of program.instructions) operands.forEach(count);
  for (const { value } of program.outputs) count(value);
  return uses;
}
