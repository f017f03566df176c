/**
 * Splits a program into what depends on some inputs alone (the weights) and the rest, so that the first
 * part is computed once and the second for every batch.
 */
import type { Instruction, Program, Value } from "../program/program.js";
import { removeDeadOperations } from "./dead-operations.js";

export interface Prepared {
  /** From the early inputs to values that `rest` takes as inputs of the same names. */
  readonly preparation: Program;
  readonly rest: Program;
}

/**
 * What only repeats an early value is late: it costs nothing there, and would make large what crosses.
 *
 * @param early whether an input is known early, by its name.
 */
export function splitPreparation(program: Program, early: (input: string) => boolean): Prepared {
  const { before, after } = split(program, early);
  const late = removeDeadOperations({ ...program, instructions: after });
  const own = new Set(late.instructions.map(({ name }) => name));
  const computed = new Map(before.map((instruction) => [instruction.name, instruction as Value]));
  const crossing = new Map<string, Value>();
  const cross = (name: string): void => {
    const value = own.has(name) ? undefined : computed.get(name);
    if (value !== undefined) crossing.set(name, { name, type: value.type });
  };
  for (const { operands } of late.instructions) operands.forEach(cross);
  for (const { value } of program.outputs) cross(value);
  return {
    preparation: removeDeadOperations({
      ...program,
      name: `${program.name}-preparation`,
      inputs: program.inputs.filter(({ name }) => early(name)),
      instructions: before,
      outputs: [...crossing.keys()].map((name) => ({ name, value: name })),
    }),
    rest: withUsedInputs({ ...late, inputs: [...program.inputs, ...crossing.values()] }, early),
  };
}

/** What can be computed early, and what is not computed before the rest; some instructions are both. */
function split(
  program: Program,
  early: (input: string) => boolean,
): { readonly before: readonly Instruction[]; readonly after: readonly Instruction[] } {
  const known = new Set(program.inputs.map(({ name }) => name).filter(early));
  /** Values of no input at all belong to both parts. */
  const free = new Set<string>();
  const before: Instruction[] = [];
  const after: Instruction[] = [];
  for (const instruction of program.instructions) {
    const { name, operands } = instruction;
    const isFree = operands.every((operand) => free.has(operand));
    const isKnown = operands.every((operand) => free.has(operand) || known.has(operand));
    if (isFree) free.add(name);
    else if (isKnown) known.add(name);
    if (isFree || isKnown) before.push(instruction);
    if (isFree || !isKnown || instruction.primitive === "broadcast") after.push(instruction);
  }
  return { before, after };
}

/** Drops early inputs that nothing reads any more. */
function withUsedInputs(program: Program, early: (input: string) => boolean): Program {
  const read = new Set(program.instructions.flatMap(({ operands }) => operands));
  for (const { value } of program.outputs) read.add(value);
  const inputs = program.inputs.filter(({ name }) => read.has(name) || !early(name));
  return { ...program, inputs };
}
