/**
 * What the rows of the translation work with: every value of the program, in whichever forms it has been
 * brought to so far. A form is made when it is first asked for, and once.
 */
import { countUses, type Instruction, type Program } from "../../passes/program/program.js";
import {
  sizeOf,
  type DataType,
  type Shape,
  type ValueType,
} from "../../passes/program/value-type.js";
import {
  axis,
  blockedView,
  canBlock,
  canBlockKernel,
  kernelOrder,
  lineView,
  type Block,
  type Form,
} from "./form.js";
import { GraphWriter } from "./graph-writer.js";
import type { ElementType } from "./model.js";
import { isClosed, type OpenShape } from "./open-shape.js";

/** u32 is kept as int32: sums and products wrap alike, and more operators know it. */
export const elementTypes: Readonly<Record<DataType, ElementType>> = {
  f32: "float32",
  i32: "int32",
  u32: "int32",
  bool: "bool",
};

/** A x + b per channel, + addend, on a blocked map: one convolution, written when it is asked for. */
export interface PendingAffine {
  readonly x: string;
  /** ONNX names of vectors. */
  readonly factor: string;
  readonly shift: string;
  /** The ONNX name of a blocked map. */
  readonly addend?: string;
}

/** A kernel times one number: a share of a sum, written together with it. */
export interface PendingScaling {
  /** A program's value in the form `kernel`. */
  readonly x: string;
  /** The ONNX name of a scalar. */
  readonly factor: string;
}

/** What a row gives. */
export type Emitted =
  | { readonly form: Form; readonly value: string }
  | { readonly pending: PendingAffine }
  | { readonly scaling: PendingScaling }
  /** The value of an operand, under other extents where `dims` says so. */
  | { readonly spread: Spread };

/** A value that is repeated: `source` (plain), whose axis i is axis `axes[i]`; no operator runs for it. */
export interface Spread {
  readonly source: string;
  readonly shape: Shape;
  readonly axes: readonly number[];
}

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
    const made = form === "line" ? this.#makeLine(name) : this.#make(entry, form);
    entry.forms.set(form, made);
    return made;
  }

  #makeLine(name: string): string {
    const dims = this.lineView(name);
    if (!this.#kernelInputs.has(name)) return this.graph.view(this.kernel(name), dims);
    const input = this.graph.input({ name: `${name}/line`, type: "float32", dims });
    this.lines.set(input, name);
    return input;
  }

  #make(entry: Entry, form: Form): string {
    const { type, forms, pending, scaling, spread } = entry;
    if (scaling !== undefined && forms.size === 0) forms.set("line", this.writeScaling(scaling));
    const line = forms.get("line");
    if (line !== undefined && !forms.has("kernel")) {
      const kernel = this.graph.view(line, type.shape);
      forms.set("kernel", kernel);
      if (form === "kernel") return kernel;
    }
    if (pending !== undefined && forms.size === 0) {
      const blocked = this.writeAffine(pending);
      forms.set("blocked", blocked);
      if (form === "blocked") return blocked;
    }
    if (spread !== undefined && forms.size === 0) {
      const plain = this.#expand(spread, entry);
      forms.set("plain", plain);
      if (form === "plain") return plain;
    }
    const plain = forms.get("plain") ?? this.#makePlain(forms, type);
    forms.set("plain", plain);
    if (form === "plain") return plain;
    return form === "kernel" ? this.#blockKernel(plain, type) : this.#blockMap(plain, type);
  }

  #makePlain(forms: ReadonlyMap<Form, string>, type: ValueType): string {
    const blocked = forms.get("blocked");
    if (blocked === undefined) return this.#plainKernel(forms.get("kernel"), type);
    if (type.dtype === "f32") {
      return this.graph.blocked("ReorderOutput", [blocked], { channels: axis(type.shape, 1) });
    }
    return this.#swapLastTwo(blocked, blockedView(type.shape, this.block ?? 1), type.shape);
  }

  #blockMap(plain: string, { dtype, shape }: ValueType): string {
    if (!canBlock({ dtype: "f32", shape }, this.block)) {
      throw new RangeError(`[${shape.join()}] has no blocks`);
    }
    if (dtype === "f32") return this.graph.blocked("ReorderInput", [plain]);
    const [n = 1, outer = 1, places = 1, inner = 1] = blockedView(shape, this.block);
    return this.#swapLastTwo(plain, [n, outer, inner, places], shape);
  }

  /** The runtime reorders float32 alone; other elements are transposed. */
  #swapLastTwo(value: string, view: Shape, shape: Shape): string {
    const viewed = this.graph.view(value, view);
    return this.graph.view(this.graph.node("Transpose", [viewed], { perm: [0, 1, 3, 2] }), shape);
  }

  /** Writes a x + b (+ addend), then the activation, as one depthwise convolution of the blocked layout. */
  writeAffine({ x, factor, shift, addend }: PendingAffine, activation?: "Relu"): string {
    const dims = this.#vectorDims.get(factor);
    if (dims === undefined) throw new RangeError(`${factor} is no vector of an affine`);
    const kernel = this.graph.view(factor, [dims, 1, 1, 1]);
    return this.graph.blocked(
      "Conv",
      [x, kernel, shift, ...(addend === undefined ? [] : [addend])],
      {
        group: dims,
        kernel_shape: [1, 1],
        ...(activation && { activation }),
      },
    );
  }

  /**
   * Writes factor x + addend (or less, -factor x + addend) over kernels as one depthwise convolution of
   * lines, in which the last axis of the blocks plays the channels. @returns a line.
   * @param addend a line's ONNX name.
   */
  writeScaling({ x, factor }: PendingScaling, addend?: string, less = false): string {
    const block = this.block ?? 1;
    const inputs = [this.line(x), this.#repeated(factor, block, less)];
    if (addend !== undefined) {
      inputs.push(this.graph.constant("float32", [block], new Float32Array(block)), addend);
    }
    return this.graph.blocked("Conv", inputs, { group: block, kernel_shape: [1, 1] });
  }

  /** A scalar, or its negative, as the kernel of a depthwise convolution of one block. */
  #repeated(factor: string, block: number, negative: boolean): string {
    const key = `${negative ? "-" : ""}${factor}`;
    const known = this.#scalings.get(key);
    if (known !== undefined) return known;
    const value = negative ? this.graph.node("Neg", [factor]) : factor;
    const dims = this.graph.integers([block, 1, 1, 1]);
    const made = this.graph.node("Expand", [value, dims]);
    this.#scalings.set(key, made);
    return made;
  }

  readonly #scalings = new Map<string, string>();
  readonly #vectorDims = new Map<string, number>();

  /** The plain vector `name`, for an affine's factor or shift. */
  vector(name: string): string {
    const vector = this.plain(name);
    this.#vectorDims.set(vector, axis(this.typeOf(name).shape, 0));
    return vector;
  }

  /** A vector of equal numbers, for an affine's factor or shift. */
  constantVector(value: number, size: number): string {
    const vector = this.graph.constant("float32", [size], new Float32Array(size).fill(value));
    this.#vectorDims.set(vector, size);
    return vector;
  }

  /**
   * A repeated value for an elementwise operator, which repeats by itself: its extents padded with ones
   * to the rank of the map, or of the view in which a blocked map is (N, C / b, H W, b).
   */
  broadcastOperand({ source, shape, axes }: Spread, rank: number, view?: Shape): string {
    if (shape.length === 0) return source;
    if (view === undefined) {
      const missing = Array.from({ length: rank }, (_, to) => to).filter(
        (to) => !axes.includes(to),
      );
      return missing.length === 0 ? source : this.graph.unsqueeze(source, missing);
    }
    const along = (to: number): number => {
      const from = axes.indexOf(to);
      return from < 0 ? 1 : axis(shape, from);
    };
    const channels = along(1);
    const [, blocks = 1, , width = 1] = view;
    const perChannel = channels === 1 ? [1, 1, 1] : [blocks, 1, width];
    return this.graph.view(source, [along(0), ...perChannel]);
  }

  /** Whether a repeated value is one number per image or channel, and none per row or column. */
  spreadFitsBlocks({ shape, axes }: Spread): boolean {
    return axes.every((to, from) => to < 2 || shape[from] === 1);
  }

  viewOf(name: string): Shape {
    return blockedView(this.typeOf(name).shape, this.block ?? 1);
  }

  #expand(spread: Spread, { type: { shape }, open }: Entry): string {
    if (!isClosed(open)) throw new RangeError(`${spread.source}: it is repeated to an open extent`);
    const operand = this.broadcastOperand(spread, shape.length);
    return this.graph.node("Expand", [operand, this.graph.integers(shape)]);
  }

  #plainKernel(kernel: string | undefined, { shape }: ValueType): string {
    if (kernel === undefined || this.block === undefined)
      throw new RangeError("the value has no form");
    const { permutation, extents, split } = kernelOrder(shape, this.block);
    const inverse = split.map((_, i) => permutation.indexOf(i));
    const viewed = this.graph.view(kernel, extents);
    const moved = this.graph.node("Transpose", [viewed], { perm: inverse });
    return this.graph.view(moved, shape);
  }

  #blockKernel(plain: string, { shape }: ValueType): string {
    if (!canBlockKernel({ dtype: "f32", shape }, this.block)) {
      throw new RangeError(`[${shape.join()}] has no blocks of a kernel`);
    }
    const { split, permutation } = kernelOrder(shape, this.block);
    const viewed = this.graph.view(plain, split);
    const moved = this.graph.node("Transpose", [viewed], { perm: permutation });
    return this.graph.view(moved, shape);
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new RangeError(`there is no value ${name}`);
    return entry;
  }
}

/** Elements of a shape, for reshapes to one axis. */
export function flat(shape: Shape): Shape {
  return [sizeOf(shape)];
}
