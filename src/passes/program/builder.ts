/**
 * Writes a tensor program instruction by instruction. Types come from the shape rules; names tell the
 * scope (a graph's node, a part of the step) and the primitive, and are stable from run to run. What
 * would change nothing (a reshape to the same shape) writes nothing.
 */
import type { Direction, Primitive, PrimitiveAttributes } from "./primitives.js";
import type { Instruction, Program, ProgramOutput, Value } from "./program.js";
import { resultType } from "./registry.js";
import {
  sameShape,
  sameValueType,
  type DataType,
  type Shape,
  type ValueType,
} from "./value-type.js";

export class ProgramBuilder {
  readonly #inputs: Value[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #outputs: ProgramOutput[] = [];
  readonly #taken = new Map<string, number>();
  readonly #primitives = new Map<string, Primitive>();
  #scope: readonly string[] = [];

  /** Everything written so far, in order. */
  get instructions(): readonly Instruction[] {
    return this.#instructions;
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  /** The primitive that computes a value; undefined for an input. */
  primitiveOf({ name }: Value): Primitive | undefined {
    return this.#primitives.get(name);
  }

  input(name: string, type: ValueType): Value {
    this.#taken.set(name, 1);
    this.#inputs.push({ name, type });
    return { name, type };
  }

  output(name: string, value: Value): void {
    this.#outputs.push({ name, value: value.name });
  }

  /** Names what `write` writes `SCOPE/...`. */
  within<T>(scope: string, write: () => T): T {
    const outer = this.#scope;
    this.#scope = [...outer, scope];
    try {
      return write();
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds one instruction. @throws ShapeFault where the operands do not fit. */
  apply<K extends Primitive>(
    primitive: K,
    attributes: PrimitiveAttributes[K],
    ...operands: readonly Value[]
  ): Value {
    const types = operands.map(({ type }) => type);
    const type = resultType(primitive, attributes, types);
    const name = this.#fresh([...this.#scope, primitive].join("/"));
    const names = operands.map((operand) => operand.name);
    const instruction = { name, primitive, attributes, operands: names, type };
    this.#instructions.push(instruction as unknown as Instruction);
    this.#primitives.set(name, primitive);
    return { name, type };
  }

  build(name: string): Program {
    return {
      format: "resnetc-program",
      version: 1,
      name,
      inputs: this.#inputs,
      instructions: this.#instructions,
      outputs: this.#outputs,
    };
  }

  /** One number for every element. */
  fill(value: number, shape: Shape = [], dtype: DataType = "f32"): Value {
    return this.apply("constant", { type: { dtype, shape }, values: [value] });
  }

  /** `value` in the type of `like`. */
  fillLike(value: number, like: Value): Value {
    return this.fill(value, like.type.shape, like.type.dtype);
  }

  iota(size: number, dtype: DataType): Value {
    return this.apply("iota", { size, dtype });
  }

  convert(x: Value, dtype: DataType): Value {
    return x.type.dtype === dtype ? x : this.apply("convert", { dtype }, x);
  }

  add(left: Value, right: Value): Value {
    return this.apply("add", {}, left, right);
  }

  subtract(left: Value, right: Value): Value {
    return this.apply("subtract", {}, left, right);
  }

  multiply(left: Value, right: Value): Value {
    return this.apply("multiply", {}, left, right);
  }

  divide(left: Value, right: Value): Value {
    return this.apply("divide", {}, left, right);
  }

  negate(x: Value): Value {
    return this.apply("negate", {}, x);
  }

  /** Every element times one number known now. */
  scale(x: Value, factor: number): Value {
    return factor === 1 ? x : this.multiply(x, this.fillLike(factor, x));
  }

  /** Every element plus one number known now. */
  shift(x: Value, by: number): Value {
    return by === 0 ? x : this.add(x, this.fillLike(by, x));
  }

  compare(left: Value, direction: Direction, right: Value): Value {
    return this.apply("compare", { direction }, left, right);
  }

  select(condition: Value, yes: Value, no: Value): Value {
    return this.apply("select", {}, condition, yes, no);
  }

  reshape(x: Value, shape: Shape): Value {
    return sameShape(x.type.shape, shape) ? x : this.apply("reshape", { shape }, x);
  }

  transpose(x: Value, permutation: readonly number[]): Value {
    const moves = permutation.some((axis, i) => axis !== i);
    return moves ? this.apply("transpose", { permutation }, x) : x;
  }

  /** Axis i of `x` becomes axis `axes[i]` of `shape`. */
  broadcast(x: Value, shape: Shape, axes: readonly number[]): Value {
    const type = { dtype: x.type.dtype, shape };
    return sameValueType(x.type, type) ? x : this.apply("broadcast", { shape, axes }, x);
  }

  /** A scalar, repeated to the shape of `like`. */
  broadcastLike(scalar: Value, like: Value): Value {
    return this.broadcast(scalar, like.type.shape, []);
  }

  /** One number per channel (axis 1), repeated to `shape`. */
  perChannel(vector: Value, shape: Shape): Value {
    return this.broadcast(vector, shape, [1]);
  }

  pad(x: Value, low: Shape, high: Shape, interior: Shape = low.map(() => 0)): Value {
    const changes = [...low, ...high, ...interior].some((zeros) => zeros !== 0);
    return changes ? this.apply("pad", { low, high, interior }, x) : x;
  }

  slice(x: Value, start: Shape, limit: Shape, stride: Shape = start.map(() => 1)): Value {
    const whole = x.type.shape.every((extent, axis) => start[axis] === 0 && limit[axis] === extent);
    const changes = !whole || stride.some((by) => by !== 1);
    return changes ? this.apply("slice", { start, limit, stride }, x) : x;
  }

  /** The sum over some axes, or all. */
  sum(x: Value, axes: readonly number[] = x.type.shape.map((_, axis) => axis)): Value {
    return axes.length === 0 ? x : this.apply("reduceSum", { axes }, x);
  }

  #fresh(base: string): string {
    const count = (this.#taken.get(base) ?? 0) + 1;
    this.#taken.set(base, count);
    if (count === 1) return base;
    const numbered = `${base}${count}`;
    return this.#taken.has(numbered) ? this.#fresh(base) : (this.#taken.set(numbered, 1), numbered);
  }
}
