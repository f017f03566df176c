/** The order of a blocked kernel, element by element: a measure for what the engine and the models do. */
import { axis, kernelOrder } from "../../../src/backends/onnx/form.js";
import type { Shape } from "../../../src/passes/program/value-type.js";
import { elementCount } from "../../../src/shapes/index.js";

/**
 * For every element of a blocked kernel, in order, the index of the same element of the plain one
 * (row-major).
 */
export function kernelPlaces(shape: Shape, block: number): Int32Array {
  const { split, permutation, extents } = kernelOrder(shape, block);
  const strides = split.map((_, i) => elementCount(split.slice(i + 1)));
  const moved = permutation.map((from) => axis(strides, from));
  const places = new Int32Array(elementCount(shape));
  const position = extents.map(() => 0);
  let index = 0;
  for (let place = 0; place < places.length; place++) {
    places[place] = index;
    for (let i = extents.length - 1; i >= 0; i--) {
      index += axis(moved, i);
      position[i] = axis(position, i) + 1;
      if (axis(position, i) < axis(extents, i)) break;
      index -= axis(moved, i) * axis(extents, i);
      position[i] = 0;
    }
  }
  return places;
}
