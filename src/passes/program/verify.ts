/**
 * Verifies a tensor program: names are unique, operands stand before their use, every type is what the
 * primitive's shape rule gives, and outputs name values that exist. A fault is a bug of whoever made it.
 */
import { ShapeFault } from "./definition.js";
import type { Instruction, Program } from "./program.js";
import { primitives, resultType } from "./registry.js";
import { printValueType, sameValueType, type ValueType } from "./value-type.js";

/** @returns one line per fault; none for a sound program. */
export function verifyProgram(program: Program): readonly string[] {
  const faults: string[] = [];
  const before = new Map<string, ValueType>();
  const define = (name: string, type: ValueType): void => {
    if (before.has(name)) faults.push(`${name}: the name is taken twice`);
    const sound = type.shape.every((extent) => Number.isSafeInteger(extent) && extent >= 1);
    if (!sound) faults.push(`${name}: ${printValueType(type)} has an extent that is no count`);
    before.set(name, type);
  };
  for (const { name, type } of program.inputs) define(name, type);
  for (const instruction of program.instructions) {
    const fault = instructionFault(instruction, before);
    if (fault !== undefined) faults.push(`${instruction.name}: ${fault}`);
    define(instruction.name, instruction.type);
  }
  const names = new Set<string>();
  for (const { name, value } of program.outputs) {
    if (names.has(name)) faults.push(`output ${name}: the name is taken twice`);
    if (!before.has(value)) faults.push(`output ${name}: its value ${value} is missing`);
    names.add(name);
  }
  if (program.outputs.length === 0) faults.push("the program has no output");
  return faults;
}

function instructionFault(
  { primitive, attributes, operands, type }: Instruction,
  before: ReadonlyMap<string, ValueType>,
): string | undefined {
  if (!Object.hasOwn(primitives, primitive)) return `there is no primitive ${String(primitive)}`;
  const types: ValueType[] = [];
  for (const name of operands) {
    const operand = before.get(name);
    if (operand === undefined) return `its operand ${name} does not stand before it`;
    types.push(operand);
  }
  try {
    const derived = resultType(primitive, attributes, types);
    if (sameValueType(derived, type)) return undefined;
    return `its type is ${printValueType(type)}, where the shape rule gives ${printValueType(derived)}`;
  } catch (error) {
    if (error instanceof ShapeFault) return `${primitive}: ${error.message}`;
    throw error;
  }
}
