/** TensorFlow on all cores of the processor, by `@tensorflow/tfjs-node`. */
import type { Engine } from "./engine.js";
import type { NativePackage } from "./native-package.js";
import { nativeEngine } from "./native.js";
import { buildFolder } from "./tensorflow-build.js";

export const nativePackage: NativePackage = {
  name: "@tensorflow/tfjs-node",
  gpu: false,
  from: import.meta.url,
  build: buildFolder(false),
};

export const node: Engine = nativeEngine(
  "node",
  "TensorFlow on the processor, all cores: several times faster than wasm",
  nativePackage,
);
