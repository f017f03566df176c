/**
 * How a value lies in memory. The runtime's blocked operators keep channels in blocks of as many as a
 * register holds; a blocked value has the extents of the plain one and another order of its elements, so
 * elementwise operators take either.
 *
 * - `plain`: row-major, maps (N, C, H, W), kernels (Cout, Cin, KH, KW).
 * - `blocked`: a map as (N, C / b, H, W, b).
 * - `kernel`: a kernel as (Cout / b, Cin / b, KH, KW, b of Cin, b of Cout), or, where it has fewer than
 *   b input channels, as (Cout / b, Cin, KH, KW, b of Cout).
 * - `line`: the same elements in the same order as in `kernel`, under the extents (1, b, Cout / b,
 *   Cin KH KW), in which a depthwise convolution takes them. The runtime copies an input or an output to see
 *   it under other extents, so a model may take and give kernels as lines.
 */
import type { Shape, ValueType } from "../../passes/program/value-type.js";

export type Form = "plain" | "blocked" | "kernel" | "line";

/** Channels in a block; undefined where the processor has no blocked operators. */
export type Block = number | undefined;

/** Whether a value can be kept as a blocked map. */
export function canBlock({ dtype, shape }: ValueType, block: Block): block is number {
  return (
    dtype === "f32" && shape.length === 4 && block !== undefined && axis(shape, 1) % block === 0
  );
}

/** Whether a value can be kept as a blocked kernel. */
export function canBlockKernel({ dtype, shape }: ValueType, block: Block): block is number {
  if (dtype !== "f32" || shape.length !== 4 || block === undefined) return false;
  const [outputs, inputs] = [axis(shape, 0), axis(shape, 1)];
  return outputs % block === 0 && (inputs % block === 0 || inputs < block);
}

/** The form in which a convolution reads its kernel best. */
export function kernelForm(shape: Shape, groups: number, block: Block): Form {
  return groups === 1 && canBlockKernel({ dtype: "f32", shape }, block) ? "kernel" : "plain";
}

/** (N, C / b, H W, b) of a blocked map: the view in which its axes can be named. */
export function blockedView(shape: Shape, block: number): Shape {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  return [n, c / block, h * w, block];
}

/** (N, C / b, H, W, b). */
export function blockedSpatialView(shape: Shape, block: number): Shape {
  const [n = 1, c = 1, h = 1, w = 1] = shape;
  return [n, c / block, h, w, block];
}

/** The extents of a kernel as a line. */
export function lineView(shape: Shape, block: number): Shape {
  return [1, block, axis(shape, 0) / block, axis(shape, 1) * axis(shape, 2) * axis(shape, 3)];
}

export interface KernelOrder {
  /** The kernel's extents with its blocked axes split in two. */
  readonly split: Shape;
  /** Axis i of the blocked order is axis `permutation[i]` of the split ones. */
  readonly permutation: readonly number[];
  /** The extents in the blocked order. */
  readonly extents: Shape;
}

/** The order of the elements of a blocked kernel. */
export function kernelOrder(shape: Shape, block: number): KernelOrder {
  const [outputs, inputs, height, width] = [0, 1, 2, 3].map((i) => axis(shape, i)) as [
    number,
    number,
    number,
    number,
  ];
  const few = inputs < block;
  const split = few
    ? [outputs / block, block, inputs, height, width]
    : [outputs / block, block, inputs / block, block, height, width];
  const permutation = few ? [0, 2, 3, 4, 1] : [0, 2, 4, 5, 3, 1];
  return { split, permutation, extents: permutation.map((from) => axis(split, from)) };
}

/** Extent `i` of a shape. @throws RangeError where it has none. */
export function axis(shape: Shape, i: number): number {
  const extent = shape[i];
  if (extent === undefined) throw new RangeError(`[${shape.join()}] has no axis ${i}`);
  return extent;
}
