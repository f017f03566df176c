/** TensorFlow on an NVIDIA GPU, by `@tensorflow/tfjs-node-gpu`. */
import type { Engine } from "./engine.js";
import { nativeEngine } from "./native.js";
import { buildFolder } from "./tensorflow-build.js";

export const nodeGpu: Engine = nativeEngine(
  "node-gpu",
  "TensorFlow on an NVIDIA GPU with CUDA: for networks and images of full size",
  {
    name: "@tensorflow/tfjs-node-gpu",
    gpu: true,
    from: import.meta.url,
    build: buildFolder(true),
  },
);
