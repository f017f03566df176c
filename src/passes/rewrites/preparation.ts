/**
 * Splits a program into what depends on some inputs alone (the weights) and the rest, so that the first
 * part is computed once and the second for every batch.
 */
import type { Instruction, Program, ProgramOutput, Value } from "../program/program.js";
import { removeDeadOperations } from "./dead-operations.js";

export interface Prepared {
  /** From the early inputs to values that `rest` takes as inputs of the same names. */
  readonly preparation: Program;
  readonly rest: Program;
}

/** @param early whether an input is known early, by its name. */
export function splitPreparation(program: Program, early: (input: string) => boolean): Prepared {
  const known = new Set(program.inputs.map(({ name }) => name).filter(early));
  /** Values of no input at all belong to both parts. */
  const free = new Set<string>();
  const before: Instruction[] = [];
  const after: Instruction[] = [];
  for (const instruction of program.instructions) {
    const { name, operands } = instruction;
    if (operands.every((operand) => free.has(operand))) {
      free.add(name);
      before.push(instruction);
      after.push(instruction);
    } else if (operands.every((operand) => free.has(operand) || known.has(operand))) {
      known.add(name);
      before.push(instruction);
    } else {
      after.push(instruction);
    }
  }
  const computed = new Map(before.map((instruction) => [instruction.name, instruction as Value]));
  const crossing = new Map<string, ProgramOutput>();
  const cross = (name: string): void => {
    if (known.has(name) && computed.has(name)) crossing.set(name, { name, value: name });
  };
  for (const { operands } of after) operands.forEach(cross);
  for (const { value } of program.outputs) cross(value);
  const inputs = [...crossing.keys()].map((name) => {
    const { type } = computed.get(name) as Value;
    return { name, type };
  });
  return {
    preparation: removeDeadOperations({
      ...program,
      name: `${program.name}-preparation`,
      inputs: program.inputs.filter(({ name }) => known.has(name)),
      instructions: before,
      outputs: [...crossing.values()],
    }),
    rest: withUsedInputs(
      removeDeadOperations({
        ...program,
        inputs: [...program.inputs, ...inputs],
        instructions: after,
      }),
      early,
    ),
  };
}

/** Drops early inputs that nothing reads any more. */
function withUsedInputs(program: Program, early: (input: string) => boolean): Program {
  const read = new Set(program.instructions.flatMap(({ operands }) => operands));
  for (const { value } of program.outputs) read.add(value);
  const inputs = program.inputs.filter(({ name }) => read.has(name) || !early(name));
  return { ...program, inputs };
}
