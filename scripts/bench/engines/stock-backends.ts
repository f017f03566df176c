/** Starts the backends of TensorFlow.js as they come, with none of this project's gradients. */
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { enableProdMode } from "@tensorflow/tfjs-core";
import type { EngineName } from "../../../src/engines/engine.js";
import { nativePackage } from "../../../src/engines/node.js";

const starters: Partial<Record<EngineName, () => Promise<string>>> = {
  wasm: async () => {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(dirname(entry) + sep);
    return "wasm";
  },
  node: async () => {
    const { loadNative } = await import("../../../src/engines/tfjs/native-backend.js");
    loadNative(nativePackage);
    return "tensorflow";
  },
  cpu: async () => {
    await import("@tensorflow/tfjs-backend-cpu");
    return "cpu";
  },
};

/** Whether an engine stands on a backend of TensorFlow.js. */
export function hasStock(engine: EngineName): boolean {
  return starters[engine] !== undefined;
}

/** @returns the backend's name. @throws Error where the engine is none of TensorFlow.js. */
export async function startStock(engine: EngineName): Promise<string> {
  const start = starters[engine];
  if (start === undefined) throw new Error(`${engine} is no backend of TensorFlow.js`);
  enableProdMode();
  return start();
}
