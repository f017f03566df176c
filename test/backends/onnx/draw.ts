/**
 * Draws programs' operands: values of a wanted shape that come to an instruction in one of the ways in
 * which the translation keeps them (row-major, blocked, repeated, as a kernel, as an affine not yet
 * written), with numbers that stay the same in each.
 */
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import type { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { windowCount } from "../../../src/passes/program/contractions.js";
import type { Convolution, Pool } from "../../../src/passes/program/primitives.js";
import type { Value } from "../../../src/passes/program/program.js";
import type { DataType, Shape } from "../../../src/passes/program/value-type.js";
import { randomBelow, randomBits, randomKey, randomNormal } from "../../../src/random/random.js";
import { elementCount } from "../../../src/shapes/index.js";

/** Channels that fall into blocks of any processor. */
const whole = 16;

export type Numbers = (normal: number) => number;

export const positive: Numbers = (x) => Math.abs(x) + 0.5;
/** Few different ones, so that some are equal; zero among them. */
export const coarse: Numbers = (x) => Math.round(2 * x) / 2;

const unit = {
  stride: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  dilation: [1, 1],
  groups: 1,
} as const;

export class Draw {
  #draws = 0;

  constructor(
    readonly b: ProgramBuilder,
    readonly inputs: Map<string, Tensor>,
    readonly seed: number,
    /** Says that something else in the program must be computed too. */
    readonly also: (value: Value) => void,
  ) {}

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + randomBelow(randomKey("draw", this.seed), this.#draws++, high - low + 1);
  }

  happens(): boolean {
    return this.whole(0, 1) === 1;
  }

  one<T>(of: readonly T[]): T {
    return of[this.whole(0, of.length - 1)] as T;
  }

  pair(low: number, high: number): readonly [number, number] {
    return [this.whole(low, high), this.whole(low, high)];
  }

  sides(low: number, high: number) {
    return [this.pair(low, high), this.pair(low, high)] as const;
  }

  shape(rank: number, high = 4): number[] {
    return Array.from({ length: rank }, () => this.whole(1, high));
  }

  /** Some of the axes of a rank, rising. */
  axes(rank: number): number[] {
    return Array.from({ length: rank }, (_, axis) => axis).filter(() => this.happens());
  }

  /** (N, C, H, W) with channels that fall into blocks. */
  map(): number[] {
    return [this.whole(1, 3), whole * this.whole(1, 2), this.whole(1, 4), this.whole(1, 4)];
  }

  /** Mostly a map with channels in blocks; else of any rank. */
  anyShape(): number[] {
    return this.whole(0, 3) > 0 ? this.map() : this.shape(this.whole(0, 4));
  }

  /** An input of normal numbers, or of what `f` makes of them. */
  input(shape: Shape, f: Numbers = (x) => x): Value {
    const key = randomKey("numbers", this.seed, this.inputs.size);
    return this.#give("f32", shape, (i) => Math.fround(f(randomNormal(key, i))));
  }

  /** An input of whole numbers (near zero and far), or of truths. */
  wholeInput(dtype: Exclude<DataType, "f32">, shape: Shape): Value {
    const key = randomKey("wholes", this.seed, this.inputs.size);
    return this.#give(dtype, shape, (i) => {
      const bits = randomBits(key, i);
      if (dtype === "bool") return bits & 1;
      const value = bits & 1 ? (bits >>> 1) << 1 : (bits >>> 8) % 5;
      const signed = bits & 2 ? -value : value;
      return dtype === "u32" ? signed >>> 0 : signed | 0;
    });
  }

  #give(dtype: DataType, shape: Shape, value: (i: number) => number): Value {
    const name = `x${this.inputs.size}`;
    const data = Float64Array.from({ length: elementCount(shape) }, (_, i) => value(i));
    this.inputs.set(name, { shape, data });
    return this.b.input(name, { dtype, shape });
  }

  /** A value that comes in any of the ways that its shape allows. */
  value(shape: Shape, f?: Numbers): Value {
    const { b } = this;
    const ways: (() => Value)[] = [
      () => this.input(shape, f),
      () => b.broadcast(this.input([], f), shape, []),
      () => b.fill(f?.(0.7) ?? 0.7, shape),
      () => this.repeated(shape, (own) => this.input(own, f)),
    ];
    if (shape.length === 4 && (shape[1] ?? 0) % whole === 0) {
      const [n = 1, channels = 1] = shape;
      const blocked = (): Value => this.blocked(this.input(shape, f));
      ways.push(
        blocked,
        blocked,
        () => this.pending(blocked()),
        () => this.pending(this.input(shape, f)),
        () => b.broadcast(this.input([channels], f), shape, [1]),
        () => b.broadcast(this.input([n, channels], f), shape, [0, 1]),
        () => b.broadcast(this.blocked(this.input([n, channels, 1, 1], f)), shape, [0, 1, 2, 3]),
        () => b.fill(f?.(-0.3) ?? -0.3, shape),
      );
      if ((shape[0] ?? 0) % whole === 0) {
        ways.push(
          () => this.kernel(shape, f),
          () => this.kernel(shape, f),
        );
      }
    }
    return this.one(ways)();
  }

  /** A repeated value: some of its axes are missing, some of one element. */
  repeated(shape: Shape, source: (own: Shape) => Value): Value {
    const axes = this.axes(shape.length);
    const own = axes.map((axis) => (this.whole(0, 2) === 0 ? 1 : (shape[axis] ?? 1)));
    return this.b.broadcast(source(own), shape, axes);
  }

  /** The same map, left in blocks by a convolution with the identity. */
  blocked(x: Value): Value {
    const channels = x.type.shape[1] ?? 1;
    const type = { dtype: "f32", shape: [channels, channels, 1, 1] } as const;
    const values = Array.from({ length: channels ** 2 }, (_, i) =>
      i % (channels + 1) === 0 ? 1 : 0,
    );
    return this.b.apply("conv", unit, x, this.b.apply("constant", { type, values }));
  }

  /** 2 x, as an affine of the map. */
  pending(x: Value): Value {
    const channels = [x.type.shape[1] ?? 1];
    const { b } = this;
    return b.apply("affine", {}, x, b.broadcast(b.fill(2), channels, []), b.fill(0, channels));
  }

  /** An input that a convolution elsewhere reads as its kernel. */
  kernel(shape: Shape, f?: Numbers): Value {
    const kernel = this.input(shape, f);
    const [, inputs = 1, height = 1, width = 1] = shape;
    this.also(this.b.apply("conv", unit, this.input([1, inputs, height, width]), kernel));
    return kernel;
  }
}

export interface DrawnConvolution {
  readonly attributes: Convolution;
  readonly x: Shape;
  readonly w: Shape;
  readonly y: Shape;
}

/**
 * A convolution of random geometry whose windows fit.
 * @param most multiply-adds that a test can wait for.
 */
export function drawConvolution(draw: Draw, most = 400_000): DrawnConvolution {
  for (;;) {
    const channels = (): number =>
      draw.happens() ? draw.one([16, 32, 48]) : draw.one([3, 5, 10, 24]);
    let [inputs, outputs] = [channels(), channels()];
    const kind = draw.whole(0, 5);
    let groups = 1;
    if (kind === 0) {
      groups = 2;
      [inputs, outputs] = [2 * draw.one([1, 3, 8, 16]), 2 * draw.one([1, 4, 8, 16])];
    } else if (kind === 1) {
      groups = inputs;
      outputs = inputs * draw.whole(1, 2);
    }
    const square = draw.whole(1, 7);
    const kernel = draw.happens() ? ([square, square] as const) : draw.pair(1, 7);
    const step = draw.whole(1, 3);
    const stride = draw.happens() ? ([step, step] as const) : draw.pair(1, 3);
    const dilation = draw.happens() ? ([1, 1] as const) : draw.pair(1, 3);
    const padding = draw.happens()
      ? draw.sides(0, 3)
      : ([
          [kernel[0] >> 1, kernel[0] >> 1],
          [kernel[1] >> 1, kernel[1] >> 1],
        ] as const);
    const attributes: Convolution = { stride, padding, dilation, groups };
    const batch = draw.one([1, 2, 3, 7, 8, 16, 17, 24, 31]);
    const extents = draw.pair(1, 9);
    const x = [batch, inputs, ...extents];
    const w = [outputs, inputs / groups, ...kernel];
    const windows = ([0, 1] as const).map((i) =>
      windowCount(extents[i], kernel[i], stride[i], padding[i], dilation[i]),
    );
    const y = [batch, outputs, ...windows];
    if (Math.min(...windows) < 1 || elementCount(y) * elementCount(w.slice(1)) > most) continue;
    return { attributes, x, w, y };
  }
}

export interface DrawnPool {
  readonly attributes: Pool;
  readonly x: Shape;
  readonly y: Shape;
}

/** A pool of random geometry, of which every window sees something; padding hangs over as with `ceil`. */
export function drawPool(draw: Draw): DrawnPool {
  for (;;) {
    const kernel = draw.pair(1, 4);
    const stride = draw.pair(1, 4);
    const before = kernel.map((k) => draw.whole(0, k - 1));
    const padding = before.map((zeros, i) => [zeros, draw.whole(0, (kernel[i] ?? 1) + 1)]);
    const attributes = { kernel, stride, padding } as unknown as Pool;
    const [n, c, ...extents] = draw.happens() ? draw.map() : draw.shape(4, 5);
    const windows = ([0, 1] as const).map((i) =>
      windowCount(extents[i] ?? 1, kernel[i], stride[i], attributes.padding[i]),
    );
    const sees = ([0, 1] as const).every(
      (i) => ((windows[i] ?? 1) - 1) * stride[i] - (before[i] ?? 0) < (extents[i] ?? 1),
    );
    if (Math.min(...windows) < 1 || !sees) continue;
    return { attributes, x: [n ?? 1, c ?? 1, ...extents], y: [n ?? 1, c ?? 1, ...windows] };
  }
}
