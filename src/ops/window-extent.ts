/**
 * The extent that a sliding window leaves, as an exact function of the extent it slides over
 * (Dumoulin and Visin 2016, "A guide to convolution arithmetic"):
 * floor((x + 2p - d (k - 1) - 1) / s) + 1.
 */
import { applyStep, type Extent, type TensorType } from "../shapes/index.js";
import type { Pair } from "./attributes.js";
import { operandAt, type ShapeResult, type Window } from "./operation.js";

/**
 * With `ceil` the last window may hang over the far border, but it must begin inside the map or its
 * near padding: min(ceil(...), ceil((x + p) / s)), which is one floor, since both have divisor s.
 */
export function windowExtent(
  extent: Extent,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceil: boolean,
): Extent {
  const covered = dilation * (kernel - 1) + 1;
  const down = 2 * padding - covered + stride;
  const offset = ceil ? Math.min(down + stride - 1, padding + stride - 1) : down;
  return applyStep(extent, { multiplier: 1, offset, divisor: stride });
}

/** The type of a map after a window; `channels` where the operation changes them. */
export function windowType(
  operands: readonly TensorType[],
  window: Window & { readonly padding: Pair; readonly ceil?: boolean },
  channels?: number,
): ShapeResult {
  const found = operandAt(operands, 0);
  const [height, width] = found.spatial;
  if (height === undefined || width === undefined) {
    return { problem: { kind: "needs-map", found } };
  }
  const along = (extent: Extent, axis: 0 | 1): Extent =>
    windowExtent(
      extent,
      window.kernel[axis],
      window.stride[axis],
      window.padding[axis],
      window.dilation[axis],
      window.ceil ?? false,
    );
  return {
    type: {
      spatial: [along(height, 0), along(width, 1)],
      channels: channels ?? found.channels,
      dtype: found.dtype,
    },
  };
}
