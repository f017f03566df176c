/** Starts the backend of TensorFlow.js that stands on TensorFlow's own library. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { enableProdMode, ready, setBackend } from "@tensorflow/tfjs-core";
import { EngineError } from "../engine.js";
import { resolveNative, supplyUtil, type NativePackage } from "../native-package.js";
import { startInTurn } from "./backend-start.js";
import { registerGradients } from "./register-gradients.js";

/** Makes TensorFlow the current backend. @throws EngineError where it does not start after all. */
export function startNative(native: NativePackage): Promise<void> {
  return startInTurn(async () => {
    loadNative(native);
    registerGradients("tensorflow");
    if (!(await setBackend("tensorflow"))) throw new EngineError(`${native.name} does not start`);
    await ready();
  });
}

/** Loads the package, which registers its backend, `tensorflow`. @throws EngineError where there is none. */
export function loadNative(native: NativePackage): void {
  const entry = resolveNative(native);
  if (entry === undefined) throw new EngineError(`the package ${native.name} is not installed`);
  enableProdMode();
  const require = createRequire(import.meta.url);
  silence(require, native);
  supplyUtil(require("node:util") as object);
  shareCopies(require, entry);
  require(entry);
}

/**
 * Keeps what TensorFlow tells of itself off the terminal, unless the user asks for it. It reads the variable as
 * it is loaded, and prints before it has; a build has a module that goes before (scripts/tensorflow/quiet.cc).
 */
function silence(require: NodeJS.Require, { build }: NativePackage): void {
  if (process.env["TF_CPP_MIN_LOG_LEVEL"] !== undefined) return;
  process.env["TF_CPP_MIN_LOG_LEVEL"] = "3";
  const quiet = join(build, "quiet.node");
  if (existsSync(quiet)) require(quiet);
}

/**
 * A build has copies of TensorFlow.js's own packages beside it. Ours stand in for them: one set of
 * classes in the process.
 */
function shareCopies(require: NodeJS.Require, entry: string): void {
  const union = createRequire(createRequire(entry).resolve("@tensorflow/tfjs"));
  for (const name of ["tfjs-core", "tfjs-layers", "tfjs-backend-cpu"]) {
    const ours = require.resolve(`@tensorflow/${name}`);
    const theirs = union.resolve(`@tensorflow/${name}`);
    require(ours);
    require.cache[theirs] = require.cache[ours];
  }
}
