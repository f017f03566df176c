/**
 * Finds out whether ONNX Runtime's library works here, in a process of its own: a library that is missing,
 * of another version, or not made for this processor then becomes an error message and does not end our process.
 */
import type { Availability } from "../engine.js";
import { resolvePackage } from "../installed-package.js";
import { loadElsewhere } from "../load-elsewhere.js";

/** The blocked operators are internal to the runtime: only the version that they were written for will do. */
export const runtimeVersion = "1.30.0";

const packageName = "onnxruntime-node";

type Report = { readonly version: string } | { readonly error: string };

const script = `
const report = (value) => process.stdout.write("\\n@@" + JSON.stringify(value) + "\\n");
try {
  report({ version: require(process.argv[1]).env.versions.node });
} catch (error) {
  report({ error: String(error?.message ?? error).split("\\n")[0] });
}
`;

/**
 * Keeps the library from sending its maker what it runs on and how it is used, as it does from 1.30 on where nothing is
 * said. To be called before it is loaded; what the user has set stays.
 */
export function refuseTelemetry(): void {
  process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
}

/** Where the library's entry is. Undefined where the package is not installed. */
export function resolveRuntime(from: string | URL = import.meta.url): string | undefined {
  return resolvePackage(packageName, from);
}

const install = `ONNXRUNTIME_NODE_INSTALL=skip npm install ${packageName}@${runtimeVersion}`;

/**
 * Whether the library loads, and if not, why and what to do.
 * @param entry the package's entry, as `resolveRuntime` gives it.
 */
export async function probeRuntime(entry = resolveRuntime()): Promise<Availability> {
  if (entry === undefined) {
    return {
      available: false,
      detail: `the package ${packageName} is not installed`,
      remedy: install,
    };
  }
  refuseTelemetry();
  const report = await loadElsewhere<Report>(script, entry);
  if ("error" in report) {
    return {
      available: false,
      detail: `${packageName} is installed, but its library does not load: ${report.error}`,
      remedy: `use x64 or arm64 with Linux (glibc 2.28 or later), macOS 14 or Windows; or ${install}`,
    };
  }
  if (report.version !== runtimeVersion) {
    return {
      available: false,
      detail: `${packageName} is ${report.version}, and resnetc needs ${runtimeVersion}`,
      remedy: install,
    };
  }
  return { available: true, detail: `ONNX Runtime ${report.version}` };
}
