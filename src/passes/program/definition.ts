/** What a primitive is: its shape rule, what it computes, and what ONNX and StableHLO call it. */
import type { Primitive, PrimitiveAttributes } from "./primitives.js";
import { printValueType, sameShape, type Shape, type ValueType } from "./value-type.js";

export interface PrimitiveDefinition<K extends Primitive> {
  /** How many values it takes; "several" is one or more. */
  readonly operands: 0 | 1 | 2 | 3 | "several";
  /** What it computes, in one line. */
  readonly meaning: string;
  /** The operators of ONNX that compute it. */
  readonly onnx: string;
  /** The operation of StableHLO that it is. */
  readonly stablehlo: string;
  /** The type of the result. @throws ShapeFault where the operands do not fit. */
  type(attributes: PrimitiveAttributes[K], operands: readonly ValueType[]): ValueType;
}

/** Operands that do not fit a primitive: a bug of whoever wrote the program. */
export class ShapeFault extends RangeError {
  override readonly name = "ShapeFault";
}

/** The type of operand `index`. @throws ShapeFault where there is none. */
export function operandAt(operands: readonly ValueType[], index: number): ValueType {
  const found = operands[index];
  if (found === undefined) throw new ShapeFault(`operand ${index} is missing`);
  return found;
}

/** @throws ShapeFault saying `fault` unless `holds`. */
export function demand(holds: boolean, fault: string): void {
  if (!holds) throw new ShapeFault(fault);
}

/** @throws ShapeFault unless the type is f32 and, where it is given, of that rank. */
export function demandFloat(type: ValueType, rank?: number): void {
  demand(type.dtype === "f32", `it takes f32, not ${printValueType(type)}`);
  if (rank === undefined) return;
  demand(type.shape.length === rank, `it takes rank ${rank}, not ${printValueType(type)}`);
}

/** @throws ShapeFault unless the shapes are equal. */
export function demandShape(found: Shape, wanted: Shape, what: string): void {
  demand(sameShape(found, wanted), `${what} is [${found.join(",")}], not [${wanted.join(",")}]`);
}

/** @throws ShapeFault unless every axis is one of `rank` and none stands twice. */
export function demandAxes(axes: readonly number[], rank: number): void {
  const sound = axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < rank);
  demand(sound && new Set(axes).size === axes.length, `axes ${axes.join(",")} of rank ${rank}`);
}

/** The extent of an axis. @throws ShapeFault where the shape has none. */
export function extentOf(shape: Shape, axis: number): number {
  const extent = shape[axis];
  if (extent === undefined) throw new ShapeFault(`there is no axis ${axis}`);
  return extent;
}
