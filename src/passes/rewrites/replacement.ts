/** Rewrites a program in one walk: each instruction stays, becomes others, or gives way to an earlier value. */
import type { Instruction, Program } from "../program/program.js";

/** What an instruction becomes: `instructions`, of which the last one, or `value`, stands for it. */
export type Replacement =
  { readonly instructions: readonly Instruction[] } | { readonly value: string };

/**
 * Walks the instructions in order. `replace` sees each with the operands that have replaced its own, and
 * gives undefined where it stays. The last instruction of a replacement must bear the name of the replaced.
 */
export function replaceInstructions(
  program: Program,
  replace: (instruction: Instruction) => Replacement | undefined,
): Program {
  const standsFor = new Map<string, string>();
  const current = (name: string): string => standsFor.get(name) ?? name;
  const instructions: Instruction[] = [];
  for (const original of program.instructions) {
    const operands = original.operands.map(current);
    const instruction = { ...original, operands } as Instruction;
    const replacement = replace(instruction);
    if (replacement === undefined) instructions.push(instruction);
    else if ("value" in replacement) standsFor.set(original.name, replacement.value);
    else instructions.push(...replacement.instructions);
  }
  const outputs = program.outputs.map(({ name, value }) => ({ name, value: current(value) }));
  return { ...program, instructions, outputs };
}
