/** Removes duplicates: of instructions that compute the same from the same, the first stays. */
import type { Program } from "../program/program.js";
import { printValueType } from "../program/value-type.js";
import { replaceInstructions } from "./replacement.js";

export function removeDuplicates(program: Program): Program {
  const first = new Map<string, string>();
  return replaceInstructions(program, ({ name, primitive, attributes, operands, type }) => {
    const key = JSON.stringify([primitive, printValueType(type), operands, attributes]);
    const value = first.get(key);
    if (value !== undefined) return { value };
    first.set(key, name);
    return undefined;
  });
}
