/** Tensors of the interpreter: a shape and float64 numbers in row-major order, whatever the element type. */
import { elementCount } from "../../shapes/index.js";
import type { Shape } from "../program/value-type.js";

export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A tensor whose element at each position is `value(index)`, in row-major order. */
export function tensorOf(shape: Shape, value: (index: number) => number): Tensor {
  const data = new Float64Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = value(i);
  return { shape, data };
}

export function zerosOf(shape: Shape): Tensor {
  return { shape, data: new Float64Array(elementCount(shape)) };
}

/** The element at an index. @throws RangeError outside. */
export function elementAt({ data }: Tensor, index: number): number {
  const value = data[index];
  if (value === undefined) throw new RangeError(`there is no element ${index} of ${data.length}`);
  return value;
}
