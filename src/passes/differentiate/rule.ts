/** What a gradient rule is told and gives. */
import type { ProgramBuilder } from "../program/builder.js";
import type { Primitive } from "../program/primitives.js";
import type { InstructionOf, Value } from "../program/program.js";

export interface GradientPlace<K extends Primitive> {
  readonly b: ProgramBuilder;
  readonly attributes: InstructionOf<K>["attributes"];
  readonly operands: readonly Value[];
  readonly result: Value;
  /** The gradient of the loss by the result, of the result's type. */
  readonly dy: Value;
}

/**
 * The share that reaches operand `index` through one instruction: the vector-Jacobian product with dy.
 * Undefined where it is zero everywhere. Called only for operands whose gradient is wanted.
 */
export type GradientRule<K extends Primitive> = (
  place: GradientPlace<K>,
  index: number,
) => Value | undefined;

/** A gradient that was asked for and that no rule gives. */
export class NotDifferentiable extends Error {
  override readonly name = "NotDifferentiable";
}

/** Operand `index`. @throws RangeError where there is none. */
export function operand(
  { operands }: { readonly operands: readonly Value[] },
  index: number,
): Value {
  const found = operands[index];
  if (found === undefined) throw new RangeError(`operand ${index} is missing`);
  return found;
}
