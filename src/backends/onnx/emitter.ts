/**
 * What the rows of the translation work with: every value of the program, in whichever forms it has been
 * brought to so far. A form is made when it is first asked for, and once.
 */
import { countUses, type Instruction, type Program } from "../../passes/program/program.js";
import type { DataType, Shape, ValueType } from "../../passes/program/value-type.js";
import { blockedOfMap, kernelOfPlain, plainOfKernel, plainOfMap } from "./conversions.js";
import { blockedView, canBlock, lineView, type Block, type Form } from "./form.js";
import { writeAffine, writeScaling, type PendingAffine, type PendingScaling } from "./fused.js";
import { GraphWriter } from "./graph-writer.js";
import type { ElementType } from "./model.js";
import { isClosed, type OpenShape } from "./open-shape.js";
import { spreadOperand, type Spread } from "./spread.js";

/** u32 is kept as int32: sums and products wrap alike, and more operators know it. */
export const elementTypes: Readonly<Record<DataType, ElementType>> = {
  f32: "float32",
  i32: "int32",
  u32: "int32",
  bool: "bool",
};

/** What a row gives. */
export type Emitted =
  | { readonly form: Form; readonly value: string }
  | { readonly pending: PendingAffine }
  | { readonly scaling: PendingScaling }
  | { readonly spread: Spread };

interface Entry {
  readonly type: ValueType;
  /** The shape at every size, where the model has several. */
  readonly open: OpenShape;
  readonly forms: Map<Form, string>;
  pending?: PendingAffine;
  scaling?: PendingScaling;
  spread?: Spread;
}

export class Emitter {
  readonly graph = new GraphWriter();
  readonly #entries = new Map<string, Entry>();
  readonly #uses: ReadonlyMap<string, number>;
  readonly #readers = new Map<string, Instruction[]>();

  /** Further inputs of the model: each a line of the one that it is named with. */
  readonly lines = new Map<string, string>();
  readonly #kernelInputs: ReadonlySet<string>;

  /** @param kernelInputs inputs in the form `kernel` that the model takes as lines too. */
  constructor(
    readonly program: Program,
    readonly block: Block,
    kernelInputs: ReadonlySet<string> = new Set(),
  ) {
    this.#kernelInputs = kernelInputs;
    this.#uses = countUses(program);
    for (const instruction of program.instructions) {
      for (const name of instruction.operands) {
        const readers = this.#readers.get(name);
        if (readers === undefined) this.#readers.set(name, [instruction]);
        else readers.push(instruction);
      }
    }
  }

  typeOf(name: string): ValueType {
    return this.#entry(name).type;
  }

  /** The shape of a value at every size of the inputs. */
  openShapeOf(name: string): OpenShape {
    return this.#entry(name).open;
  }

  /** The one instruction that reads a value, where it is one and no output is. */
  onlyReader(name: string): Instruction | undefined {
    return this.#uses.get(name) === 1 ? this.#readers.get(name)?.[0] : undefined;
  }

  define(name: string, type: ValueType, emitted: Emitted, open: OpenShape = type.shape): void {
    const entry: Entry = { type, open, forms: new Map() };
    if ("form" in emitted) entry.forms.set(emitted.form, emitted.value);
    else if ("pending" in emitted) entry.pending = emitted.pending;
    else if ("scaling" in emitted) entry.scaling = emitted.scaling;
    else entry.spread = emitted.spread;
    this.#entries.set(name, entry);
  }

  pendingOf(name: string): PendingAffine | undefined {
    const entry = this.#entry(name);
    return entry.forms.size === 0 ? entry.pending : undefined;
  }

  scalingOf(name: string): PendingScaling | undefined {
    const entry = this.#entry(name);
    return entry.forms.size === 0 ? entry.scaling : undefined;
  }

  spreadOf(name: string): Spread | undefined {
    return this.#entry(name).spread;
  }

  /** The form in which a value is at hand, with no work. */
  formOf(name: string): Form {
    const { forms, pending, scaling } = this.#entry(name);
    if (pending !== undefined || forms.has("blocked")) return "blocked";
    const kernel = scaling !== undefined || forms.has("kernel") || forms.has("line");
    return kernel ? "kernel" : "plain";
  }

  has(name: string, form: Form): boolean {
    return this.#entry(name).forms.has(form);
  }

  canBlock(name: string): boolean {
    return canBlock(this.typeOf(name), this.block);
  }

  /** Row-major. */
  plain(name: string): string {
    return this.in(name, "plain");
  }

  /** Channels in blocks. @throws RangeError where they do not fall into blocks. */
  blocked(name: string): string {
    return this.in(name, "blocked");
  }

  kernel(name: string): string {
    return this.in(name, "kernel");
  }

  /** A kernel as a line; one of the model's inputs becomes a further input. */
  line(name: string): string {
    return this.in(name, "line");
  }

  lineView(name: string): Shape {
    return lineView(this.typeOf(name).shape, this.block ?? 1);
  }

  /** The ONNX name of a value in a form. */
  in(name: string, form: Form): string {
    const entry = this.#entry(name);
    const known = entry.forms.get(form);
    if (known !== undefined) return known;
    const made = form === "line" ? this.#makeLine(name, entry) : this.#make(entry, form);
    entry.forms.set(form, made);
    return made;
  }

  #makeLine(name: string, entry: Entry): string {
    this.#writePending(entry);
    const written = entry.forms.get("line");
    if (written !== undefined) return written;
    const dims = this.lineView(name);
    if (!this.#kernelInputs.has(name)) return this.graph.view(this.kernel(name), dims);
    const input = this.graph.input({ name: `${name}/line`, type: "float32", dims });
    this.lines.set(input, name);
    return input;
  }

  #make(entry: Entry, form: Form): string {
    this.#writePending(entry);
    const { graph, block } = this;
    const { type, forms } = entry;
    const [made, line, kernel, blocked] = (["plain", "line", "kernel", "blocked"] as const).map(
      (each) => forms.get(each),
    );
    if (form === "kernel" && line !== undefined) return graph.view(line, type.shape);
    const ordered = kernel ?? (line === undefined ? undefined : graph.view(line, type.shape));
    if (ordered !== undefined) forms.set("kernel", ordered);
    const plain = made ?? this.#makePlain(type, blocked, ordered);
    forms.set("plain", plain);
    if (form === "plain") return plain;
    const make = form === "kernel" ? kernelOfPlain : blockedOfMap;
    return make(graph, plain, type, block);
  }

  /** Brings what waits into the form in which it is written. */
  #writePending(entry: Entry): void {
    const { forms, pending, scaling, spread } = entry;
    if (forms.size > 0) return;
    if (scaling !== undefined) forms.set("line", writeScaling(this, scaling));
    if (pending !== undefined) forms.set("blocked", writeAffine(this.graph, pending));
    if (spread !== undefined) forms.set("plain", this.#expand(spread, entry));
  }

  #makePlain(type: ValueType, blocked: string | undefined, kernel: string | undefined): string {
    const { graph, block } = this;
    if (blocked !== undefined) return plainOfMap(graph, blocked, type, block);
    if (kernel !== undefined && block !== undefined) {
      return plainOfKernel(graph, kernel, type, block);
    }
    throw new RangeError("the value has no form");
  }

  viewOf(name: string): Shape {
    return blockedView(this.typeOf(name).shape, this.block ?? 1);
  }

  #expand(spread: Spread, { type: { shape }, open }: Entry): string {
    if (!isClosed(open)) throw new RangeError(`${spread.source}: it is repeated to an open extent`);
    const operand = spreadOperand(this.graph, spread, shape.length);
    return this.graph.node("Expand", [operand, this.graph.integers(shape)]);
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new RangeError(`there is no value ${name}`);
    return entry;
  }
}
