/** TensorFlow on all cores of the processor, by `@tensorflow/tfjs-node`. */
import type { Engine } from "./engine.js";
import { nativeEngine } from "./native.js";

export const node: Engine = nativeEngine(
  "node",
  "TensorFlow on the processor, all cores: several times faster than wasm",
  { name: "@tensorflow/tfjs-node", gpu: false, from: import.meta.url },
);
