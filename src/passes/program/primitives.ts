/**
 * The attributes of every primitive of a tensor program: what an instruction says beyond its operands.
 * All values are plain data. Maps are (N, C, H, W), kernels (Cout, Cin / groups, KH, KW); pairs are
 * [height, width].
 */
import type { Pair } from "../../ops/attributes.js";
import type { DataType, Shape, ValueType } from "./value-type.js";

/** Zeros [before the first, after the last] row or column. */
export type Sides = readonly [number, number];

/** How windows lie on a map; the extent that is left is floor((x + before + after - reach) / s) + 1. */
export interface Windows {
  readonly stride: Pair;
  /** Per axis, and not always the same on both sides. */
  readonly padding: readonly [Sides, Sides];
}

export interface Convolution extends Windows {
  readonly dilation: Pair;
  readonly groups: number;
}

export interface Pool extends Windows {
  readonly kernel: Pair;
}

export type Direction = "equal" | "less" | "greater" | "greaterOrEqual";

type None = Readonly<Record<string, never>>;

/** Every element by itself, or out of nothing. */
export interface ElementwiseAttributes {
  readonly constant: { readonly type: ValueType; readonly values: readonly number[] };
  readonly iota: { readonly size: number; readonly dtype: DataType };
  readonly convert: { readonly dtype: DataType };

  readonly negate: None;
  readonly exp: None;
  readonly log: None;
  readonly sqrt: None;
  readonly rsqrt: None;
  readonly tanh: None;
  readonly cos: None;
  readonly sigmoid: None;
  readonly relu: None;

  readonly add: None;
  readonly subtract: None;
  readonly multiply: None;
  readonly divide: None;
  readonly maximum: None;
  readonly minimum: None;
  readonly xor: None;
  readonly shiftRight: { readonly by: number };
  readonly compare: { readonly direction: Direction };
  readonly select: None;
  readonly reluGradient: None;
  readonly affine: None;
}

/** Elements move, are repeated, dropped or joined. */
export interface ShapingAttributes {
  readonly reshape: { readonly shape: Shape };
  readonly transpose: { readonly permutation: readonly number[] };
  /** Axis i of the operand becomes axis `axes[i]` of the result. */
  readonly broadcast: { readonly shape: Shape; readonly axes: readonly number[] };
  readonly slice: { readonly start: Shape; readonly limit: Shape; readonly stride: Shape };
  /** Zeros before, after and (`interior`) between the elements of each axis. */
  readonly pad: { readonly low: Shape; readonly high: Shape; readonly interior: Shape };
  readonly concat: { readonly axis: number };
  /** How many times each row and each column stands there. */
  readonly upsample: { readonly factor: Pair };
}

/** Linear in each of two operands. */
export interface ContractionAttributes {
  readonly matmul: { readonly transposeLeft: boolean; readonly transposeRight: boolean };
  readonly conv: Convolution;
  /** `shape` is that of the convolution's map. */
  readonly convInputGradient: Convolution & { readonly shape: Shape };
  /** `shape` is that of the convolution's kernel. */
  readonly convKernelGradient: Convolution & { readonly shape: Shape };
}

/** One element of many. */
export interface ReductionAttributes {
  readonly reduceSum: { readonly axes: readonly number[] };
  readonly reduceMean: { readonly axes: readonly number[] };
  readonly variance: { readonly axes: readonly number[] };
  readonly argmax: { readonly axis: number };
  readonly logSoftmax: { readonly axis: number };

  readonly maxPool: Pool;
  readonly maxPoolGradient: Pool;
  readonly averagePool: Pool;
  /** `shape` is that of the pool's map. */
  readonly averagePoolGradient: Pool & { readonly shape: Shape };
}

export interface PrimitiveAttributes
  extends ElementwiseAttributes, ShapingAttributes, ContractionAttributes, ReductionAttributes {}

export type Primitive = keyof PrimitiveAttributes;
