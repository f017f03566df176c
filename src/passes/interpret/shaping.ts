/** Evaluates the primitives that move elements. */
import type { ShapingAttributes } from "../program/primitives.js";
import { indexAt, positionsOf, stridesOf } from "../program/positions.js";
import { sizeOf, type Shape } from "../program/value-type.js";
import { at, type Evaluate } from "./evaluation.js";
import { elementAt, zerosOf, type Tensor } from "./tensor.js";

/** A result whose element at each position is the operand's at `from(position)`. */
function gather(
  shape: Shape,
  x: Tensor,
  from: (position: readonly number[]) => readonly number[],
): Tensor {
  const strides = stridesOf(x.shape);
  const result = zerosOf(shape);
  let i = 0;
  for (const position of positionsOf(shape)) {
    result.data[i++] = elementAt(x, indexAt(strides, from(position)));
  }
  return result;
}

export const shaping: { readonly [K in keyof ShapingAttributes]: Evaluate<K> } = {
  reshape: ({ type }, operands) => ({ shape: type.shape, data: at(operands, 0).data }),

  transpose: ({ type, attributes: { permutation } }, operands) => {
    const from = permutation.map((_, axis) => permutation.indexOf(axis));
    return gather(type.shape, at(operands, 0), (position) =>
      from.map((axis) => position[axis] ?? 0),
    );
  },

  broadcast: ({ type, attributes: { axes } }, operands) => {
    const x = at(operands, 0);
    return gather(type.shape, x, (position) =>
      axes.map((axis, i) => (x.shape[i] === 1 ? 0 : (position[axis] ?? 0))),
    );
  },

  slice: ({ type, attributes: { start, stride } }, operands) =>
    gather(type.shape, at(operands, 0), (position) =>
      position.map((place, axis) => (start[axis] ?? 0) + place * (stride[axis] ?? 1)),
    ),

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
    const outer = sizeOf(type.shape.slice(0, axis));
    const whole = sizeOf(type.shape.slice(axis));
    let offset = 0;
    for (const { shape, data } of operands) {
      const part = sizeOf(shape.slice(axis));
      for (let row = 0; row < outer; row++) {
        result.data.set(data.subarray(row * part, (row + 1) * part), row * whole + offset);
      }
      offset += part;
    }
    return result;
  },
};
