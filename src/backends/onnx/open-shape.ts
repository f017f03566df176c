/**
 * Shapes whose extents are not all known: what a program that was lowered at one size has at every size.
 * An extent is a number, or an exact function of the symbol of an input; it is undefined where a value
 * is repeated to fit whatever it is joined with.
 */
import type { ValueType } from "../../passes/program/value-type.js";
import { printExtent, type Extent } from "../../shapes/index.js";
import { axis as axisOf } from "./form.js";
import type { Dimension } from "./model.js";

export type OpenShape = readonly (Extent | undefined)[];

/** Whether no extent depends on anything. */
export function isClosed(shape: OpenShape): boolean {
  return shape.every((extent) => typeof extent === "number");
}

/** The extents as a model declares them: `ceil(H / 2)` is a symbol there. */
export function dimensionsOf(shape: OpenShape, type: ValueType): readonly Dimension[] {
  return shape.map((extent, axis) =>
    extent === undefined
      ? axisOf(type.shape, axis)
      : typeof extent === "number"
        ? extent
        : printExtent(extent),
  );
}
