/**
 * The order of the axes of PyTorch's tensors: a convolution's weight is (Cout, Cin / groups, KH, KW)
 * there and (KH, KW, Cin / groups, Cout) here, a linear layer's (out, in) there and (in, out) here; where
 * a 1x1 convolution there is a dense layer here, its weight is (out, in, 1, 1). Groups divide the output
 * channels in the same order on both sides.
 */
import { elementCount } from "../../shapes/index.js";

export type TensorKind = "convolution" | "pointwise" | "dense" | "vector";

/** A tensor in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Which of our axes stands at each place there. */
const axesThere: Readonly<Record<TensorKind, readonly number[]>> = {
  convolution: [3, 2, 0, 1],
  pointwise: [1, 0],
  dense: [1, 0],
  vector: [0],
};

/** The extents that stand after those there. */
function extraExtents(kind: TensorKind): readonly number[] {
  return kind === "pointwise" ? [1, 1] : [];
}

/** The shape there of a tensor that has `shape` here. */
export function torchShape(kind: TensorKind, shape: readonly number[]): readonly number[] {
  return [...axesThere[kind].map((axis) => shape[axis] ?? 0), ...extraExtents(kind)];
}

/** The shape here of a tensor that has `shape` there; undefined where it has another number of axes. */
export function shapeFromTorch(
  kind: TensorKind,
  shape: readonly number[],
): readonly number[] | undefined {
  const axes = axesThere[kind];
  const extra = extraExtents(kind);
  if (shape.length !== axes.length + extra.length) return undefined;
  if (shape.slice(axes.length).join() !== extra.join()) return undefined;
  return axes.map((_, axis) => shape[axes.indexOf(axis)] ?? 0);
}

/** Our tensor as it is there. */
export function toTorch(kind: TensorKind, tensor: Tensor): Tensor {
  const { shape, data } = transposed(tensor, axesThere[kind]);
  return { shape: [...shape, ...extraExtents(kind)], data };
}

/** A tensor from there as it is here. */
export function fromTorch(kind: TensorKind, { shape, data }: Tensor): Tensor {
  const axes = axesThere[kind];
  return transposed(
    { shape: shape.slice(0, axes.length), data },
    axes.map((_, axis) => axes.indexOf(axis)),
  );
}

/** The tensor whose axis i is the axis `axes[i]` of the one given. */
function transposed({ shape, data }: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 1) return { shape, data };
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const extents = axes.map((axis) => shape[axis] ?? 0);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const result = new Float32Array(data.length);
  let next = 0;
  const copy = (axis: number, from: number): void => {
    const extent = extents[axis] ?? 0;
    const step = steps[axis] ?? 0;
    if (axis === extents.length - 1) {
      for (let i = 0; i < extent; i++) result[next++] = data[from + i * step] ?? 0;
      return;
    }
    for (let i = 0; i < extent; i++) copy(axis + 1, from + i * step);
  };
  copy(0, 0);
  return { shape: extents, data: result };
}
