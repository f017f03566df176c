/**
 * Finds out whether one of TensorFlow's native packages works here, in a process of its own: a library
 * that is missing, built for another machine or crashing is then a sentence and not the end of ours.
 */
import { createRequire } from "node:module";
import * as util from "node:util";
import type { Availability } from "./engine.js";
import { loadElsewhere } from "./load-elsewhere.js";

export interface NativePackage {
  /** `@tensorflow/tfjs-node`, or the one for GPUs. */
  readonly name: string;
  readonly gpu: boolean;
  /** The module from which it is resolved, as a URL or an absolute path. */
  readonly from: string | URL;
}

/** What the other process reports. */
type Report =
  | { readonly tfjs: string; readonly tensorflow: string; readonly gpu: boolean }
  | { readonly error: string };

const script = `
const report = (value) => process.stdout.write("\\n@@" + JSON.stringify(value) + "\\n");
try {
  const tf = require(process.argv[1]);
  const backend = tf.backend();
  const { TF_Version: tensorflow = "of unknown version" } = backend.binding ?? {};
  const tfjs = tf.version?.["tfjs-node"] ?? tf.version?.["tfjs-core"] ?? "of unknown version";
  report({ tfjs, tensorflow, gpu: backend.isUsingGpuDevice === true });
} catch (error) {
  report({ error: String(error?.message ?? error).split("\\n")[0] });
}
`;

/** Where the package's code is. Undefined where it is not installed. */
export function resolveNative({ name, from }: NativePackage): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Whether the package works here, and if not, why and what to do. */
export async function probeNative(native: NativePackage): Promise<Availability> {
  const entry = resolveNative(native);
  if (entry === undefined) {
    return {
      available: false,
      detail: `the package ${native.name} is not installed`,
      remedy: `npm install ${native.name}${hardware(native)}`,
    };
  }
  // TensorFlow's own log goes to stderr; 3 leaves only what is fatal.
  const quiet = { TF_CPP_MIN_LOG_LEVEL: "3" };
  const report = await loadElsewhere<Report>(script, entry, quiet);
  if ("error" in report) {
    return {
      available: false,
      detail: `${native.name} is installed, but its native library does not load: ${report.error}`,
      remedy: `npm install ${native.name}, where its install script can fetch the library${hardware(native)}`,
    };
  }
  if (typeof Reflect.get(util, "isNullOrUndefined") !== "function") {
    return {
      available: false,
      detail: `${native.name} ${report.tfjs} needs Node 22 or earlier; this is ${process.version}`,
      remedy: "run resnetc with Node 20 or 22",
    };
  }
  if (native.gpu && !report.gpu) {
    return {
      available: false,
      detail: `${native.name} loads, but TensorFlow finds no GPU that it can use`,
      remedy:
        "install the driver of an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1, or use the engine node",
    };
  }
  return {
    available: true,
    detail: `TensorFlow.js ${report.tfjs} on TensorFlow ${report.tensorflow}`,
  };
}

function hardware({ gpu }: NativePackage): string {
  return gpu ? "; it needs an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1" : "";
}
