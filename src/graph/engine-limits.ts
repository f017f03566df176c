/** What engines and files cannot run of a checked graph, as facts that the linter tells early and the lowering refuses by. */
import type { PoolAttributes } from "../ops/attributes.js";
import type { TensorType } from "../shapes/index.js";
import {
  bothSides,
  croppedSides,
  exactMode,
  mapWindow,
  zeroSides,
  type BothSides,
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

/** How tf.layers compute a pool: padded as they pad, over a map with zeros around, or at every position and then cropped. */
export type PoolWay =
  | { readonly kind: "padded"; readonly mode: "valid" | "same" }
  | { readonly kind: "zeros"; readonly padding: BothSides }
  | { readonly kind: "cropped"; readonly cropping: BothSides };

/**
 * The first way in which tf.layers compute a pool exactly; undefined where there is none.
 *
 * @param nonNegative whether nothing that it pools is below zero, so that zeros around are no maximum.
 */
export function poolWay(
  op: "maxpool" | "avgpool",
  attributes: PoolAttributes,
  type: TensorType,
  nonNegative: boolean,
): PoolWay | undefined {
  const windows = mapWindow(type, attributes, [1, 1], attributes.ceil);
  const mode = exactMode(windows);
  if (mode !== undefined) return { kind: "padded", mode };
  const padding = op === "maxpool" && nonNegative ? bothSides(windows, zeroSides) : undefined;
  if (padding !== undefined) return { kind: "zeros", padding };
  const cropping = bothSides(windows, croppedSides);
  return cropping && { kind: "cropped", cropping };
}
