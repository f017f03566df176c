/**
 * The type of a value: the spatial extents, the channels and the dtype of one image's tensor. The
 * batch axis is not part of it. Layout is (H, W, C) for a map and (C) for a vector.
 */
import type { Extent } from "./extent.js";

export interface TensorType {
  /** [height, width] of a feature map; empty for a vector. */
  readonly spatial: readonly [] | readonly [Extent, Extent];
  /** Channels of a map, length of a vector. At least 1. */
  readonly channels: number;
  readonly dtype: "float32";
}
