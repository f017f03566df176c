/** Positions and indices in row-major order. */
import { elementCount } from "../../shapes/index.js";
import type { Shape } from "./value-type.js";

/** How far apart neighbours along each axis lie. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Every position of a shape, in row-major order. The array is reused: read it, do not keep it. */
export function* positionsOf(shape: Shape): Generator<readonly number[]> {
  const position = shape.map(() => 0);
  const count = elementCount(shape);
  for (let i = 0; i < count; i++) {
    yield position;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      position[axis] = next < (shape[axis] ?? 0) ? next : 0;
      if (next < (shape[axis] ?? 0)) break;
    }
  }
}

/** The row-major index of a position. */
export function indexAt(strides: readonly number[], position: readonly number[]): number {
  let index = 0;
  for (let axis = 0; axis < strides.length; axis++) {
    index += (strides[axis] ?? 0) * (position[axis] ?? 0);
  }
  return index;
}
