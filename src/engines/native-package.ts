/**
 * Finds out whether one of TensorFlow's native packages works here, in a process of its own: a library that is
 * missing, built for another machine or crashing then becomes an error message and does not end our process.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Availability } from "./engine.js";
import { resolvePackage } from "./installed-package.js";
import { loadElsewhere } from "./load-elsewhere.js";
import { buildCommand } from "./tensorflow-build.js";

export interface NativePackage {
  /** `@tensorflow/tfjs-node`, or the one for GPUs. */
  readonly name: string;
  readonly gpu: boolean;
  /** The module from which it is resolved, as a URL or an absolute path. */
  readonly from: string | URL;
  /** The folder of a build of our own (tensorflow-build.ts), which goes before the package of `from`. */
  readonly build: string;
}

/** What the other process reports. */
type Report =
  | { readonly tfjs: string; readonly tensorflow: string; readonly gpu: boolean }
  | { readonly error: string };

/**
 * Restores the functions of Node's `util` that the packages call: Node 23 removed them, and Node 22 warns of them.
 * It uses nothing from outside its body: the other process runs this function's text.
 * @param util the module as `require` gives it.
 */
export function supplyUtil(util: object): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}

const script = `
const report = (value) => process.stdout.write("\\n@@" + JSON.stringify(value) + "\\n");
try {
  (${supplyUtil})(require("node:util"));
  const tf = require(process.argv[1]);
  const backend = tf.backend();
  const { TF_Version: tensorflow = "of unknown version" } = backend.binding ?? {};
  const tfjs = tf.version?.["tfjs-node"] ?? tf.version?.["tfjs-core"] ?? "of unknown version";
  report({ tfjs, tensorflow, gpu: backend.isUsingGpuDevice === true });
} catch (error) {
  report({ error: String(error?.message ?? error).split("\\n")[0] });
}
`;

/** The package of the build, as a file from which it can be resolved. */
function builtPackage({ name, build }: NativePackage): string | undefined {
  const file = join(build, "node_modules", name, "package.json");
  return existsSync(file) ? file : undefined;
}

/** Where the package's code is: in the build, or else where it is installed. Undefined where it is neither. */
export function resolveNative(native: NativePackage): string | undefined {
  return resolvePackage(native.name, builtPackage(native) ?? native.from);
}

/** Whether the package works here, and if not, why and what to do. */
export async function probeNative(native: NativePackage): Promise<Availability> {
  const { name, gpu } = native;
  const entry = resolveNative(native);
  if (entry === undefined) {
    const detail = `the package ${name} is not installed`;
    return { available: false, detail, remedy: remedy(native) };
  }
  const built = builtPackage(native) !== undefined;
  // TensorFlow's own log goes to stderr; 3 leaves only what is fatal.
  const quiet = { TF_CPP_MIN_LOG_LEVEL: "3" };
  const report = await loadElsewhere<Report>(script, entry, quiet);
  if ("error" in report) {
    const there = `${name} is ${built ? "built" : "installed"}`;
    const detail = /native addon module .* can not be found/.test(report.error)
      ? `${there} without its native library`
      : `${there}, but its native library does not load: ${report.error}`;
    return { available: false, detail, remedy: remedy(native, built) };
  }
  if (gpu && !report.gpu) {
    const driver = "see that nvidia-smi shows an NVIDIA GPU and its driver";
    return {
      available: false,
      detail: `${name} loads, but TensorFlow finds no GPU that it can use`,
      remedy: built ? `${driver}, or use the engine node` : `${driver}; then ${remedy(native)}`,
    };
  }
  return {
    available: true,
    detail: `TensorFlow.js ${report.tfjs} on TensorFlow ${report.tensorflow}`,
  };
}

/** The command that installs the package with its library; `again` where one is there that does not work. */
function remedy({ name, gpu }: NativePackage, again = false): string {
  const command = buildCommand(gpu);
  if (command !== undefined) return `${command}${again ? " --force" : ""}`;
  const needs = gpu ? "; it needs an NVIDIA GPU with CUDA 11.2 and cuDNN 8.1" : "";
  return `npm install ${name}, where its install script can fetch the library${needs}`;
}
