/**
 * Translates a tensor program to an ONNX model: one row per primitive, exhaustive by type. Convolution
 * kernels among the inputs are wanted in the order that the blocked operators read, and given out so.
 */
import type { Instruction, Program } from "../../passes/program/program.js";
import type { Primitive } from "../../passes/program/primitives.js";
import { Emitter, elementTypes, type Emitted } from "./emitter.js";
import type { Block, Form } from "./form.js";
import type { OnnxModel } from "./model.js";
import { contractions, isBlocked } from "./rows/contractions.js";
import { elementwise } from "./rows/elementwise.js";
import { reductions } from "./rows/reductions.js";
import type { Place, Row } from "./rows/row.js";
import { shaping } from "./rows/shaping.js";

const rows: { readonly [K in Primitive]: Row<K> } = {
  ...elementwise,
  ...shaping,
  ...contractions,
  ...reductions,
};

export interface EmitOptions {
  /** Channels in a block; standard operators alone where it is left out. */
  readonly block?: number;
}

export interface EmittedModel {
  readonly model: OnnxModel;
  /** Inputs (and outputs of the same names) whose elements lie in another order than row-major. */
  readonly forms: ReadonlyMap<string, Form>;
}

/** @param program a verified program. */
export function emitProgram(program: Program, options: EmitOptions = {}): EmittedModel {
  const block: Block = options.block;
  const e = new Emitter(program, block);
  const forms = kernelInputs(program, e);
  for (const { name, type } of program.inputs) {
    const value = e.graph.input({ name, type: elementTypes[type.dtype], dims: type.shape });
    e.define(name, type, { form: forms.get(name) ?? "plain", value });
  }
  for (const instruction of program.instructions) {
    e.graph.scope = instruction.name;
    e.define(instruction.name, instruction.type, emitInstruction(e, instruction));
  }
  for (const { name, value } of program.outputs) {
    e.graph.scope = name;
    const { dtype, shape } = e.typeOf(value);
    const made = e.in(value, forms.get(name) ?? "plain");
    e.graph.output({ name: outputName(name), type: elementTypes[dtype], dims: shape }, made);
  }
  return { model: e.graph.model(program.name), forms };
}

/** The name of an output in the model: inputs and outputs share one space of names there. */
export function outputName(name: string): string {
  return `${name}/next`;
}

function emitInstruction<K extends Primitive>(
  e: Emitter,
  { primitive, attributes, operands, type }: Instruction,
): Emitted {
  const row = rows[primitive] as Row<K>;
  return row({ e, g: e.graph, attributes, operands, type } as unknown as Place<K>);
}

/** Inputs that a blocked convolution reads as its kernel. */
function kernelInputs(program: Program, e: Emitter): Map<string, Form> {
  const shapes = new Map(program.inputs.map(({ name, type }) => [name, type.shape]));
  const forms = new Map<string, Form>();
  for (const { primitive, attributes, operands } of program.instructions) {
    if (primitive !== "conv") continue;
    const kernel = operands[1] ?? "";
    const shape = shapes.get(kernel);
    if (shape !== undefined && isBlocked({ e }, shape, attributes)) forms.set(kernel, "kernel");
  }
  // What an optimizer keeps of a kernel lies as the kernel does.
  for (const [name] of forms) {
    const key = name.slice(name.indexOf("/") + 1);
    for (const { name: other } of program.inputs) {
      if (other.startsWith("optimizer/") && other.endsWith(`/${key}`)) forms.set(other, "kernel");
    }
  }
  return forms;
}
