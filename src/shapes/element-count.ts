/** How many elements a tensor has. */

/** The product of a shape's extents; 1 for the shape of a scalar, which has none. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
