/**
 * The type of a value: the spatial extents, the channels and the dtype of one image's tensor. The
 * batch axis is not part of it. Layout is (H, W, C) for a map and (C) for a vector.
 */
import { sameExtent, type Extent } from "./extent.js";

export interface TensorType {
  /** [height, width] of a feature map; empty for a vector. */
  readonly spatial: readonly [] | readonly [Extent, Extent];
  /** Channels of a map, length of a vector. At least 1. */
  readonly channels: number;
  readonly dtype: "float32";
}

/** Whether two types are written alike: rank, channels, dtype, and extents in normal form. */
export function sameType(left: TensorType, right: TensorType): boolean {
  if (left.channels !== right.channels || left.dtype !== right.dtype) return false;
  const [height, width] = left.spatial;
  const [otherHeight, otherWidth] = right.spatial;
  if (height === undefined || otherHeight === undefined) return height === otherHeight;
  if (width === undefined || otherWidth === undefined) return width === otherWidth;
  return sameExtent(height, otherHeight) && sameExtent(width, otherWidth);
}
