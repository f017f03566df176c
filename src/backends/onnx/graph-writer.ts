/** Writes ONNX nodes one after the other; names are unique, and equal small constants are one. */
import type {
  Attribute,
  ElementType,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
  TensorData,
} from "./model.js";

export const nchwc = "com.microsoft.nchwc";
export const microsoft = "com.microsoft";

type Given = number | readonly number[] | string | { readonly float: number };

/** Attributes as they are written by hand: whole numbers, lists of them, texts, `{ float }`. */
export type GivenAttributes = Readonly<Record<string, Given>>;

export class GraphWriter {
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxTensor>();
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: { readonly value: OnnxValue; readonly from: string }[] = [];
  readonly #taken = new Map<string, number>();
  readonly #known = new Map<string, string>();
  readonly #written = new Map<string, string>();
  /** The values whose elements they are, under other extents, by the names of views. */
  readonly #viewed = new Map<string, string>();
  /** What the names of the next nodes begin with. */
  scope = "";

  input(value: OnnxValue): string {
    this.#taken.set(value.name, 1);
    this.#inputs.push(value);
    return value.name;
  }

  /** Keeps a name for an output that comes later. */
  reserve(name: string): void {
    this.#taken.set(name, 1);
  }

  /** Gives a value out under a name of its own. */
  output(value: OnnxValue, from: string): void {
    this.#taken.set(value.name, 1);
    this.#outputs.push({ value, from });
  }

  /** Adds a node with one result, and gives its name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: GivenAttributes = {},
    domain = "",
  ): string {
    return this.nodes(op, inputs, 1, attributes, domain)[0] as string;
  }

  /** Adds a node with several results. */
  nodes(
    op: string,
    inputs: readonly string[],
    results: number,
    attributes: GivenAttributes = {},
    domain = "",
  ): readonly string[] {
    const name = this.#fresh(this.scope === "" ? op : `${this.scope}/${op}`);
    const outputs = Array.from({ length: results }, (_, i) => (i === 0 ? name : `${name}:${i}`));
    const written = Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]);
    this.#nodes.push({
      name,
      op,
      domain,
      inputs,
      outputs,
      attributes: Object.fromEntries(written) as Readonly<Record<string, Attribute>>,
    });
    return outputs;
  }

  /** An operator of the blocked layout. */
  blocked(op: string, inputs: readonly string[], attributes: GivenAttributes = {}): string {
    return this.node(op, inputs, attributes, nchwc);
  }

  /**
   * The same elements under other extents; costs nothing at run time. An extent of 0 stays what it is, one
   * of -1 takes what is left. A constant is one under other extents.
   */
  view(value: string, dims: readonly number[]): string {
    const write = (from: string): string => {
      const view = this.node("Reshape", [from, this.integers(dims)]);
      this.#viewed.set(view, this.#viewed.get(from) ?? from);
      return view;
    };
    if (!dims.every((extent) => extent > 0)) return write(value);
    const known = this.#constants.get(value);
    if (known !== undefined) return this.weight({ ...known, dims });
    // A view of a view is one of what that is of.
    const from = this.#viewed.get(value) ?? value;
    return this.once(`${from} as [${dims.join()}]`, () => write(from));
  }

  /** A tensor of zeros, one for each scope: what many read lies in memory until the last has. */
  zeros(dims: readonly number[]): string {
    return this.once(`zeros [${dims.join()}] in ${this.scope}`, () =>
      this.node("Expand", [this.scalar(0), this.integers(dims)]),
    );
  }

  constant(
    type: ElementType,
    dims: readonly number[],
    data: TensorData,
    hint = "constant",
  ): string {
    const key =
      data.length <= 4096
        ? `${type}[${dims.join()}]${Array.from(data, exactly).join()}`
        : undefined;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const name = this.weight({ name: hint, type, dims, data });
    if (key !== undefined) this.#known.set(key, name);
    return name;
  }

  /** A constant that keeps a name of its own, whatever its numbers are. */
  weight(tensor: OnnxTensor): string {
    const name = this.#fresh(tensor.name);
    this.#constants.set(name, { ...tensor, name });
    return name;
  }

  /** New axes of extent 1, at these places of the result. */
  unsqueeze(value: string, axes: readonly number[]): string {
    const known = this.#constants.get(value);
    if (known === undefined) return this.node("Unsqueeze", [value, this.integers(axes)]);
    const dims = [...known.dims];
    for (const axis of axes) dims.splice(axis, 0, 1);
    return this.view(value, dims);
  }

  /** What `write` gives, written once for every key. */
  once(key: string, write: () => string): string {
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const made = write();
    this.#written.set(key, made);
    return made;
  }

  /** A list of whole numbers, int64, as shapes and axes are given. */
  integers(values: readonly number[]): string {
    return this.constant(
      "int64",
      [values.length],
      BigInt64Array.from(values.map(BigInt)),
      "integers",
    );
  }

  /** A float32 scalar. */
  scalar(value: number): string {
    return this.constant("float32", [], Float32Array.of(value), "scalar");
  }

  model(
    name: string,
    documentation = "",
    metadata: ReadonlyMap<string, string> = new Map(),
  ): OnnxModel {
    return {
      name,
      documentation,
      metadata,
      inputs: this.#inputs,
      outputs: this.#outputs.map(({ value }) => value),
      nodes: this.#withOutputs(),
      constants: [...this.#constants.values()],
    };
  }

  /**
   * The nodes, in which what is given out bears its name there. What no node computes, or what is given
   * out twice, is copied.
   */
  #withOutputs(): readonly OnnxNode[] {
    const computed = new Set(this.#nodes.flatMap(({ outputs }) => outputs));
    const renamed = new Map<string, string>();
    const copies: OnnxNode[] = [];
    for (const { value, from } of this.#outputs) {
      if (computed.has(from) && !renamed.has(from)) renamed.set(from, value.name);
      else copies.push(copyNode(renamed.get(from) ?? from, value.name));
    }
    const current = (name: string): string => renamed.get(name) ?? name;
    const nodes = this.#nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(current),
      outputs: node.outputs.map(current),
    }));
    return [...nodes, ...copies];
  }

  #fresh(base: string): string {
    const count = (this.#taken.get(base) ?? 0) + 1;
    this.#taken.set(base, count);
    if (count === 1) return base;
    const numbered = `${base}_${count}`;
    return this.#taken.has(numbered) ? this.#fresh(base) : (this.#taken.set(numbered, 1), numbered);
  }
}

/** A number as text, zero with its sign. */
function exactly(value: number | bigint): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function copyNode(from: string, to: string): OnnxNode {
  const name = `${to}/copy`;
  return { name, op: "Identity", domain: "", inputs: [from], outputs: [to], attributes: {} };
}

function attributeOf(given: Given): Attribute {
  if (typeof given === "number") return { int: given };
  if (typeof given === "string") return { text: given };
  if ("float" in given) return given;
  return { ints: given };
}
