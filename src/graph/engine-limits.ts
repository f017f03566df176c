/** What engines and files cannot run of a checked graph, as facts that the linter tells early and the lowering refuses by. */
import type { Pair, PoolAttributes } from "../ops/attributes.js";
import type { TensorType } from "../shapes/index.js";
import {
  croppedSides,
  isSame,
  isValid,
  zeroSides,
  type AxisWindow,
  type Sides,
} from "./window-padding.js";

/** The engines that train tf.layers. */
export const layerEngines: readonly string[] = ["node-gpu", "webgpu", "node", "wasm", "cpu"];

/**
 * Whether stock tf.layers can compute a convolution of so many input channels in so many groups: one group is a
 * convolution, as many as channels a depthwise one. They ignore any other number of groups without a word.
 */
export function layersCanGroup(channels: number, groups: number): boolean {
  return groups === 1 || groups === channels;
}

/** Of both axes of a map, rows first. */
export type MapWindow = readonly [AxisWindow, AxisWindow];

/** The axes of a window over a map of this type. @throws RangeError where it is a vector. */
export function mapWindow(
  type: TensorType,
  window: { readonly kernel: Pair; readonly stride: Pair; readonly padding: Pair },
  dilation: Pair,
  ceil: boolean,
): MapWindow {
  const along = (axis: 0 | 1): AxisWindow => {
    const extent = type.spatial[axis];
    if (extent === undefined) throw new RangeError("a window over a vector");
    return {
      extent,
      kernel: window.kernel[axis],
      stride: window.stride[axis],
      padding: window.padding[axis],
      dilation: dilation[axis],
      ceil,
    };
  };
  return [along(0), along(1)];
}

/** 'valid' or 'same' where one of them is exact already. */
export function exactMode(windows: MapWindow): "valid" | "same" | undefined {
  if (windows.every(isValid)) return "valid";
  return windows.every(isSame) ? "same" : undefined;
}

/** What `sides` says of both axes; undefined where it is not known of one. */
export function bothSides(
  windows: MapWindow,
  sides: (window: AxisWindow) => Sides | undefined,
): [[number, number], [number, number]] | undefined {
  const rows = sides(windows[0]);
  const columns = sides(windows[1]);
  if (rows === undefined || columns === undefined) return undefined;
  return [
    [rows[0], rows[1]],
    [columns[0], columns[1]],
  ];
}

/**
 * Whether tf.layers can compute a pool: padded as they pad, or at every position and then cropped, or, of a maximum over
 * what is never negative, with zeros around.
 */
export function layersCanPool(
  op: "maxpool" | "avgpool",
  attributes: PoolAttributes,
  type: TensorType,
  nonNegative: boolean,
): boolean {
  const windows = mapWindow(type, attributes, [1, 1], attributes.ceil);
  if (exactMode(windows) !== undefined) return true;
  if (op === "maxpool" && nonNegative && bothSides(windows, zeroSides) !== undefined) return true;
  return bothSides(windows, croppedSides) !== undefined;
}
