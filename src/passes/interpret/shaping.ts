/** Evaluates the primitives that move elements. */
import { elementCount } from "../../shapes/index.js";
import type { ShapingAttributes } from "../program/primitives.js";
import { indexAt, positionsOf, stridesOf } from "../program/positions.js";
import type { Shape } from "../program/value-type.js";
import { at, type Evaluate } from "./evaluation.js";
import { elementAt, zerosOf, type Tensor } from "./tensor.js";

/**
 * A result whose elements, in row-major order, lie in `x` from `start` on, `strides` apart along each axis.
 */
function gather(shape: Shape, x: Tensor, strides: readonly number[], start = 0): Tensor {
  const result = zerosOf(shape);
  const axes = joinedAxes(shape, strides);
  const { extent: row, stride: step } = axes.pop() ?? { extent: 1, stride: 0 };
  const position = axes.map(() => 0);
  let from = start;
  for (let to = 0; to < result.data.length; to += row) {
    for (let t = 0; t < row; t++) result.data[to + t] = elementAt(x, from + t * step);
    for (let i = axes.length - 1; i >= 0; i--) {
      const { extent, stride } = axes[i] as Axis;
      const next = (position[i] ?? 0) + 1;
      position[i] = next < extent ? next : 0;
      from += next < extent ? stride : stride * (1 - extent);
      if (next < extent) break;
    }
  }
  return result;
}

interface Axis {
  readonly extent: number;
  readonly stride: number;
}

/** The axes, with those in one where the elements of the two lie equally far apart. */
function joinedAxes(shape: Shape, strides: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  for (const [i, extent] of shape.entries()) {
    const stride = strides[i] ?? 0;
    const before = axes.at(-1);
    if (extent === 1) continue;
    const joins = before?.stride === stride * extent;
    if (joins) axes.pop();
    axes.push({ extent: joins ? before.extent * extent : extent, stride });
  }
  return axes;
}

/** Axis i of the result is axis `permutation[i]` of `x`. */
export function transposed(x: Tensor, permutation: readonly number[]): Tensor {
  const strides = stridesOf(x.shape);
  const shape = permutation.map((axis) => x.shape[axis] ?? 1);
  return gather(
    shape,
    x,
    permutation.map((axis) => strides[axis] ?? 0),
  );
}

export const shaping: { readonly [K in keyof ShapingAttributes]: Evaluate<K> } = {
  reshape: ({ type }, operands) => ({ shape: type.shape, data: at(operands, 0).data }),

  transpose: ({ attributes: { permutation } }, operands) =>
    transposed(at(operands, 0), permutation),

  broadcast: ({ type, attributes: { axes } }, operands) => {
    const x = at(operands, 0);
    const own = stridesOf(x.shape);
    const strides = type.shape.map((_, axis) => {
      const i = axes.indexOf(axis);
      return x.shape[i] === 1 ? 0 : (own[i] ?? 0);
    });
    return gather(type.shape, x, strides);
  },

  slice: ({ type, attributes: { start, stride } }, operands) => {
    const x = at(operands, 0);
    const own = stridesOf(x.shape);
    const strides = own.map((by, axis) => by * (stride[axis] ?? 1));
    return gather(type.shape, x, strides, indexAt(own, start));
  },

  pad: ({ type, attributes: { low, interior } }, operands) => {
    const x = at(operands, 0);
    const strides = stridesOf(type.shape);
    const result = zerosOf(type.shape);
    let i = 0;
    for (const position of positionsOf(x.shape)) {
      const moved = position.map(
        (place, axis) => (low[axis] ?? 0) + place * ((interior[axis] ?? 0) + 1),
      );
      result.data[indexAt(strides, moved)] = elementAt(x, i++);
    }
    return result;
  },

  concat: ({ type, attributes: { axis } }, operands) => {
    const result = zerosOf(type.shape);
    const outer = elementCount(type.shape.slice(0, axis));
    const whole = elementCount(type.shape.slice(axis));
    let offset = 0;
    for (const { shape, data } of operands) {
      const part = elementCount(shape.slice(axis));
      for (let row = 0; row < outer; row++) {
        result.data.set(data.subarray(row * part, (row + 1) * part), row * whole + offset);
      }
      offset += part;
    }
    return result;
  },

  upsample: ({ type, attributes: { factor } }, operands) => {
    const x = at(operands, 0);
    const strides = stridesOf(x.shape);
    const result = zerosOf(type.shape);
    let i = 0;
    for (const [n = 0, c = 0, row = 0, column = 0] of positionsOf(type.shape)) {
      const [y, z] = [Math.floor(row / factor[0]), Math.floor(column / factor[1])];
      result.data[i++] = elementAt(x, indexAt(strides, [n, c, y, z]));
    }
    return result;
  },
};
