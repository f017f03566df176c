/**
 * Translates a tensor program to an ONNX model: one row per primitive, exhaustive by type. Convolution
 * kernels among the inputs are wanted in the order that the blocked operators read, and given out so.
 */
import type { Instruction, Program, Value } from "../../passes/program/program.js";
import type { Primitive } from "../../passes/program/primitives.js";
import { Emitter, elementTypes, type Emitted } from "./emitter.js";
import { kernelForm, type Block, type Form } from "./form.js";
import type { OnnxModel } from "./model.js";
import { openShape } from "./open-shape-rules.js";
import { dimensionsOf, type OpenShape } from "./open-shape.js";
import { contractions } from "./rows/contractions.js";
import { elementwise } from "./rows/elementwise.js";
import { reductions } from "./rows/reductions.js";
import type { Place, Row } from "./rows/row.js";
import { shaping } from "./rows/shaping.js";
import { tidied } from "./tidy.js";

const rows: { readonly [K in Primitive]: Row<K> } = {
  ...elementwise,
  ...shaping,
  ...contractions,
  ...reductions,
};

export interface EmitOptions {
  /** Channels in a block; standard operators alone where it is left out. */
  readonly block?: number;
  /** Kernels that come in the order of blocks are taken as lines too, and given as lines. */
  readonly lines?: boolean;
  /** Inputs that lie as kernels do, beside those that a convolution of the program reads. */
  readonly kernels?: ReadonlySet<string>;
  /** The numbers of inputs that are known: they become constants of the model. */
  readonly constants?: ReadonlyMap<string, Float32Array>;
  /**
   * The shapes of inputs whose extents are left open: the model then runs at every size of which the
   * program is one.
   */
  readonly open?: ReadonlyMap<string, OpenShape>;
  /** What an output is called in the model, of which no input may have the name. */
  readonly nameOutput?: (name: string) => string;
}

export interface EmittedModel {
  readonly model: OnnxModel;
  /** Inputs (and outputs of the same names) whose elements lie in another order than row-major. */
  readonly forms: ReadonlyMap<string, Form>;
  /** Further inputs of the model, each the same numbers as the one that it is named with. */
  readonly lines: ReadonlyMap<string, string>;
}

/**
 * @param program a verified program.
 * @throws RangeError where an input is open, and an instruction does what it does at one size alone.
 */
export function emitProgram(program: Program, options: EmitOptions = {}): EmittedModel {
  const { block, nameOutput = outputName } = options;
  const forms = kernelInputs(program, block, options.kernels);
  const lines = options.lines === true;
  const e = new Emitter(program, block, new Set(lines ? forms.keys() : []));
  for (const { name } of program.outputs) e.graph.reserve(nameOutput(name));
  for (const input of program.inputs) defineInput(e, input, forms, options);
  for (const instruction of program.instructions) {
    e.graph.scope = instruction.name;
    const { name, type, operands } = instruction;
    const types = operands.map((operand) => e.typeOf(operand));
    const shapes = operands.map((operand) => e.openShapeOf(operand));
    const open = options.open === undefined ? type.shape : openShape(instruction, shapes, types);
    e.define(name, type, emitInstruction(e, instruction, open), open);
  }
  for (const { name, value } of program.outputs) {
    e.graph.scope = name;
    const type = e.typeOf(value);
    const asLine = lines && forms.get(name) === "kernel";
    const made = asLine ? e.line(value) : e.in(value, forms.get(name) ?? "plain");
    const dims = asLine ? e.lineView(value) : dimensionsOf(e.openShapeOf(value), type);
    e.graph.output({ name: nameOutput(name), type: elementTypes[type.dtype], dims }, made);
  }
  return { model: tidied(e.graph.model(program.name)), forms, lines: e.lines };
}

/** The name of an output of a step: inputs and outputs share one space of names in a model. */
export function outputName(name: string): string {
  return `${name}/next`;
}

function defineInput(
  e: Emitter,
  { name, type }: Value,
  forms: ReadonlyMap<string, Form>,
  { constants, open }: EmitOptions,
): void {
  const form = forms.get(name) ?? "plain";
  const known = constants?.get(name);
  if (known !== undefined) {
    const value = e.graph.weight({ name, type: "float32", dims: type.shape, data: known });
    e.define(name, type, { form, value });
    return;
  }
  const shape = open?.get(name) ?? type.shape;
  const dims = dimensionsOf(shape, type);
  const value = e.graph.input({ name, type: elementTypes[type.dtype], dims });
  e.define(name, type, { form, value }, shape);
}

function emitInstruction<K extends Primitive>(
  e: Emitter,
  { name, primitive, attributes, operands, type }: Instruction,
  open: OpenShape,
): Emitted {
  const row = rows[primitive] as Row<K>;
  const given: Omit<Place<K>, "attributes"> = { e, g: e.graph, operands, result: name, type, open };
  return row({ ...given, attributes } as unknown as Place<K>);
}

/** Inputs that a blocked convolution reads as its kernel, what lies as they do, and `more`. */
function kernelInputs(
  program: Program,
  block: Block,
  more: ReadonlySet<string> = new Set(),
): Map<string, Form> {
  const shapes = new Map(program.inputs.map(({ name, type }) => [name, type.shape]));
  const forms = new Map<string, Form>();
  for (const { name } of program.inputs) if (more.has(name)) forms.set(name, "kernel");
  for (const { primitive, attributes, operands } of program.instructions) {
    if (primitive !== "conv") continue;
    const kernel = operands[1] ?? "";
    const shape = shapes.get(kernel);
    if (shape !== undefined && kernelForm(shape, attributes.groups, block) === "kernel")
      forms.set(kernel, "kernel");
  }
  // What an optimizer keeps of a kernel, its moving average and the sum of its gradients lie as the kernel does.
  for (const [name] of forms) {
    const key = name.slice(name.indexOf("/") + 1);
    for (const { name: other } of program.inputs) {
      const isKept = /^(optimizer|average|sum)\//.test(other);
      if (isKept && other.endsWith(`/${key}`)) forms.set(other, "kernel");
    }
  }
  return forms;
}
