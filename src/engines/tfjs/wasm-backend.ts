/** Starts the WebAssembly backend of TensorFlow.js under Node, with the gradients that it lacks. */
import { dirname, sep } from "node:path";
import { createRequire } from "node:module";
import { enableProdMode, ready, setBackend } from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { EngineError } from "../engine.js";
import { registerGradients } from "./register-gradients.js";

/** Makes wasm the current backend. @throws EngineError where its binary does not start. */
export async function startWasm(): Promise<void> {
  enableProdMode();
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(dirname(entry) + sep);
  registerGradients("wasm");
  if (!(await setBackend("wasm"))) {
    throw new EngineError(
      "the WebAssembly backend of TensorFlow.js does not start",
      "reinstall the package's dependencies with `npm ci`, or use another engine (`resnetc engines`)",
    );
  }
  await ready();
}
