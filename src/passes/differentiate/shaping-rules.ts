/** Gradient rules of the primitives that move elements: each is linear, and its transpose moves them back. */
import type { ShapingAttributes } from "../program/primitives.js";
import type { Value } from "../program/program.js";
import { linear } from "./factories.js";
import { operand, type GradientPlace, type GradientRule } from "./rule.js";

function shapeOf(place: { readonly operands: readonly Value[] }, index = 0): readonly number[] {
  return operand(place, index).type.shape;
}

export const shapingRules: { readonly [K in keyof ShapingAttributes]: GradientRule<K> } = {
  reshape: linear(({ b, dy, operands }) => b.reshape(dy, shapeOf({ operands }))),

  // The inverse permutation.
  transpose: linear(({ b, dy, attributes: { permutation } }) =>
    b.transpose(
      dy,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ),

  // An element that was repeated collects the sum of its copies.
  broadcast: linear(({ b, dy, attributes: { axes }, operands }) => {
    const shape = shapeOf({ operands });
    const kept = axes.filter((axis, i) => shape[i] === dy.type.shape[axis]);
    const repeated = dy.type.shape.map((_, axis) => axis).filter((axis) => !kept.includes(axis));
    return b.reshape(b.sum(dy, repeated), shape);
  }),

  // What was dropped gets zeros.
  slice: linear(({ b, dy, attributes: { start, stride }, operands }) => {
    const interior = stride.map((by) => by - 1);
    const high = shapeOf({ operands }).map((extent, axis) => {
      const count = dy.type.shape[axis] ?? 1;
      return extent - (start[axis] ?? 0) - ((count - 1) * (stride[axis] ?? 1) + 1);
    });
    return b.pad(dy, start, high, interior);
  }),

  // The zeros' share is dropped.
  pad: linear(({ b, dy, attributes: { low, interior }, operands }) => {
    const stride = interior.map((between) => between + 1);
    const limit = shapeOf({ operands }).map(
      (extent, axis) => (low[axis] ?? 0) + (extent - 1) * (stride[axis] ?? 1) + 1,
    );
    return b.slice(dy, low, limit, stride);
  }),

  concat: concatShare,

  // A pixel that was repeated collects the sum of its copies: their mean, times how many they are.
  upsample: linear(({ b, dy, attributes: { factor } }) => {
    const none = [0, 0] as const;
    const window = { kernel: factor, stride: factor, padding: [none, none] } as const;
    return b.scale(b.apply("averagePool", window, dy), factor[0] * factor[1]);
  }),
};

/** Each operand gets the part of dy that it became. */
function concatShare(
  { b, dy, attributes: { axis }, operands }: GradientPlace<"concat">,
  index: number,
): Value {
  const extent = (i: number): number => shapeOf({ operands }, i)[axis] ?? 0;
  let from = 0;
  for (let i = 0; i < index; i++) from += extent(i);
  const start = dy.type.shape.map(() => 0).with(axis, from);
  return b.slice(dy, start, dy.type.shape.with(axis, from + extent(index)));
}
