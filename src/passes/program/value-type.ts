/** The type of a value in a tensor program: an element type and a shape of known extents, batch included. */
import { elementCount } from "../../shapes/index.js";

/**
 * f32 is what an engine computes in float32 (the interpreter in float64); u32 arithmetic wraps around
 * at 2^32; i32 counts and names classes.
 */
export type DataType = "f32" | "i32" | "u32" | "bool";

export type Shape = readonly number[];

export interface ValueType {
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** Bytes of a value: 4 an element, 1 for a bool. */
export function bytesOf({ dtype, shape }: ValueType): number {
  return elementCount(shape) * (dtype === "bool" ? 1 : 4);
}

export function sameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((extent, axis) => extent === right[axis]);
}

export function sameValueType(left: ValueType, right: ValueType): boolean {
  return left.dtype === right.dtype && sameShape(left.shape, right.shape);
}

/** `f32[8,3,32,32]`, and `f32` for a scalar. */
export function printValueType({ dtype, shape }: ValueType): string {
  return shape.length === 0 ? dtype : `${dtype}[${shape.join(",")}]`;
}
