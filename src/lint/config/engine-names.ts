/** The engines that a configuration can name; a test holds the list to the engines that there are. */
export const engineNames = ["node-gpu", "webgpu", "onnx", "node", "wasm", "cpu"] as const;
