/** Removes instructions that no output needs. Inputs stay: they are the program's signature. */
import type { Instruction, Program } from "../program/program.js";

export function removeDeadOperations(program: Program): Program {
  const needed = new Set(program.outputs.map(({ value }) => value));
  const kept: Instruction[] = [];
  for (const instruction of program.instructions.toReversed()) {
    if (!needed.has(instruction.name)) continue;
    for (const name of instruction.operands) needed.add(name);
    kept.push(instruction);
  }
  return { ...program, instructions: kept.toReversed() };
}
