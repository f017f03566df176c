/** What engines and files cannot run of a checked graph, as facts that the linter tells early and the lowering refuses by. */
import type { PoolAttributes } from "../ops/attributes.js";
import type { TensorType } from "../shapes/index.js";
import { bothSides, croppedSides, exactMode, mapWindow, zeroSides } from "./window-padding.js";

/** The engines that train tf.layers. */
export const layerEngines: readonly string[] = ["node-gpu", "webgpu", "node", "wasm", "cpu"];

/**
 * Whether stock tf.layers can compute a convolution of so many input channels in so many groups: one group is a
 * convolution, as many as channels a depthwise one. They ignore any other number of groups without a word.
 */
export function layersCanGroup(channels: number, groups: number): boolean {
  return groups === 1 || groups === channels;
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
