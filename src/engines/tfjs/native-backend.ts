/** Starts the backend of TensorFlow.js that stands on TensorFlow's own library. */
import { createRequire } from "node:module";
import { enableProdMode, ready, setBackend } from "@tensorflow/tfjs-core";
import { EngineError } from "../engine.js";
import type { NativePackage } from "../native-package.js";
import { registerGradients } from "./register-gradients.js";

/** Makes TensorFlow the current backend. @throws EngineError where it does not start after all. */
export async function startNative({ name, from }: NativePackage): Promise<void> {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "3";
  enableProdMode();
  // The package registers its backend, `tensorflow`, as it is loaded.
  createRequire(from)(name);
  registerGradients("tensorflow");
  if (!(await setBackend("tensorflow"))) {
    throw new EngineError(`${name} does not start`, `npm install ${name}`);
  }
  await ready();
}
