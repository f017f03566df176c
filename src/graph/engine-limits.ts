/** What engines cannot run of a checked graph, as facts that the linter tells early and the lowering refuses by. */

/** The engines that train tf.layers. */
export const layerEngines: readonly string[] = ["node-gpu", "webgpu", "node", "wasm", "cpu"];

/**
 * Whether stock tf.layers can compute a convolution of so many input channels in so many groups: one group is a
 * convolution, as many as channels a depthwise one. They ignore any other number of groups without a word.
 */
export function layersCanGroup(channels: number, groups: number): boolean {
  return groups === 1 || groups === channels;
}
