/** What a row of the translation is told. */
import type { InstructionOf } from "../../../passes/program/program.js";
import type { Primitive } from "../../../passes/program/primitives.js";
import type { ValueType } from "../../../passes/program/value-type.js";
import type { Emitted, Emitter } from "../emitter.js";
import type { GraphWriter } from "../graph-writer.js";
import type { OpenShape } from "../open-shape.js";

export interface Place<K extends Primitive> {
  readonly e: Emitter;
  readonly g: GraphWriter;
  readonly attributes: InstructionOf<K>["attributes"];
  /** Names of the program's values. */
  readonly operands: readonly string[];
  /** The name of the value that is computed. */
  readonly result: string;
  readonly type: ValueType;
  /** The result's shape at every size of the inputs; that of `type` where the model has one. */
  readonly open: OpenShape;
}

/** Writes the nodes of one instruction. */
export type Row<K extends Primitive> = (place: Place<K>) => Emitted;

/** Operand `index`. @throws RangeError where there is none. */
export function operand({ operands }: { readonly operands: readonly string[] }, index = 0): string {
  const name = operands[index];
  if (name === undefined) throw new RangeError(`operand ${index} is missing`);
  return name;
}

export function plainly(value: string): Emitted {
  return { form: "plain", value };
}
