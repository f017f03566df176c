/**
 * Computes at compile time, with the interpreter, what depends on constants alone. Folding never makes a
 * program longer than it saves: a result of many different numbers is left to the run.
 */
import { elementCount } from "../../shapes/index.js";
import { evaluate } from "../interpret/interpret.js";
import { tensorOf, type Tensor } from "../interpret/tensor.js";
import type { Instruction, InstructionOf, Program } from "../program/program.js";
import { replaceInstructions } from "./replacement.js";

/** The largest number of different elements that a folded constant may have. */
const foldingLimit = 1024;

export function foldConstants(program: Program): Program {
  const constants = new Map<string, InstructionOf<"constant">>();
  return replaceInstructions(program, (instruction) => {
    if (instruction.primitive === "constant") {
      constants.set(instruction.name, instruction);
      return undefined;
    }
    const operands: InstructionOf<"constant">[] = [];
    for (const name of instruction.operands) {
      const constant = constants.get(name);
      if (constant === undefined) return undefined;
      operands.push(constant);
    }
    const values = valuesOf(instruction, operands);
    if (values === undefined) return undefined;
    const { name, type } = instruction;
    const folded: InstructionOf<"constant"> = {
      name,
      primitive: "constant",
      attributes: { type, values },
      operands: [],
      type,
    };
    constants.set(name, folded);
    return { instructions: [folded] };
  });
}

/** The elements of the result, one where all are equal; undefined where they are too many. */
function valuesOf(
  instruction: Instruction,
  operands: readonly InstructionOf<"constant">[],
): readonly number[] | undefined {
  const [first] = operands;
  const splat = first !== undefined && first.attributes.values.length === 1;
  const moves = ["reshape", "transpose", "broadcast"].includes(instruction.primitive);
  if (moves && splat) return first.attributes.values;
  const largest = Math.max(
    ...[instruction, ...operands].map(({ type }) => elementCount(type.shape)),
  );
  if (largest > foldingLimit) return undefined;
  const { data } = evaluate(instruction, operands.map(tensorOfConstant));
  const [value = 0] = data;
  return data.every((element) => element === value) ? [value] : [...data];
}

function tensorOfConstant({ type, attributes: { values } }: InstructionOf<"constant">): Tensor {
  const single = values.length === 1;
  return tensorOf(type.shape, (i) => (single ? values[0] : values[i]) as number);
}
