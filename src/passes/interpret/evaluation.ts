/** How the interpreter evaluates one instruction. */
import type { Primitive } from "../program/primitives.js";
import type { InstructionOf } from "../program/program.js";
import type { Tensor } from "./tensor.js";

/** The result of `instruction` for these operands, each of the type that the program says. */
export type Evaluate<K extends Primitive> = (
  instruction: InstructionOf<K>,
  operands: readonly Tensor[],
) => Tensor;

/** Operand `index`. @throws RangeError where there is none: the program was not verified. */
export function at(operands: readonly Tensor[], index: number): Tensor {
  const found = operands[index];
  if (found === undefined) throw new RangeError(`operand ${index} is missing`);
  return found;
}
