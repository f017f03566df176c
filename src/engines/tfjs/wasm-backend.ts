/** Starts the WebAssembly backend of TensorFlow.js under Node, with the gradients that it lacks. */
import { dirname, sep } from "node:path";
import { createRequire } from "node:module";
import {
  enableProdMode,
  engine,
  findBackend,
  findBackendFactory,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
  type KernelBackend,
} from "@tensorflow/tfjs-core";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { EngineError } from "../engine.js";
import { startInTurn } from "./backend-start.js";
import { outOfMemory } from "./out-of-memory.js";
import { registerGradients } from "./register-gradients.js";

/** Makes wasm the current backend. @throws EngineError where its binary does not start. */
export function startWasm(): Promise<void> {
  return startInTurn(start);
}

async function start(): Promise<void> {
  enableProdMode();
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(dirname(entry) + sep);
  registerGradients("wasm");
  if (!("wasm" in engine().registry)) await make();
  if (!(await setBackend("wasm"))) throw doesNotStart();
  await ready();
  guardMemory(findBackend("wasm") as unknown as Heap);
}

/**
 * Makes the backend before TensorFlow.js hears of it: while one is on its way there, no session on any other can
 * compute.
 */
async function make(): Promise<void> {
  let backend: KernelBackend;
  const before = failureListeners();
  try {
    backend = await findBackendFactory("wasm")();
  } catch {
    // What is thrown tells how to serve the binary to a browser.
    throw doesNotStart();
  } finally {
    keepOnly(before);
  }
  removeBackend("wasm");
  registerBackend("wasm", () => backend);
}

interface FailureListeners {
  readonly exceptions: readonly NodeJS.UncaughtExceptionListener[];
  readonly rejections: readonly NodeJS.UnhandledRejectionListener[];
}

function failureListeners(): FailureListeners {
  return {
    exceptions: process.listeners("uncaughtException"),
    rejections: process.listeners("unhandledRejection"),
  };
}

/**
 * Takes away what the backend's loader hears of the process: it would throw a program's own errors again, as if
 * they came from within it.
 */
function keepOnly({ exceptions, rejections }: FailureListeners): void {
  const now = failureListeners();
  for (const each of now.exceptions) {
    if (!exceptions.includes(each)) process.off("uncaughtException", each);
  }
  for (const each of now.rejections) {
    if (!rejections.includes(each)) process.off("unhandledRejection", each);
  }
}

function doesNotStart(): EngineError {
  return new EngineError(
    "the WebAssembly backend of TensorFlow.js does not start",
    "reinstall the package's dependencies with `npm ci`, or use another engine (`resnetc engines`)",
  );
}

/** The part of the backend that allocates. */
interface Heap {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void };
}

const guarded = new WeakSet<Heap>();

/**
 * Stops at an allocation that fails. The backend itself would take the null pointer for an address and
 * write over its own data.
 */
function guardMemory(heap: Heap): void {
  if (guarded.has(heap)) return;
  guarded.add(heap);
  // The first call replaces the function by the real one.
  heap.wasm._free(heap.wasm._malloc(1));
  const allocate = heap.wasm._malloc.bind(heap.wasm);
  heap.wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw outOfMemory();
  };
}
