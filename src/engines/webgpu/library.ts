/**
 * Finds Dawn, which is WebGPU for Node, and the adapters that it sees, in a process of its own: a driver that is
 * missing or that crashes then becomes an error message and does not end our process.
 */
import { pathToFileURL } from "node:url";
import { packageVersion, resolvePackage } from "../installed-package.js";
import { loadElsewhere } from "../load-elsewhere.js";
import { rankAdapters, type Adapter, type Reported } from "./adapters.js";

const packageName = "webgpu";

/** What is there: the package and its adapters, the best first; or why nothing is, and what to do. */
export type Library =
  | {
      readonly entry: string;
      readonly version: string;
      readonly adapters: readonly Adapter[];
      /** Why adapters that are there cannot be used, in Dawn's words. */
      readonly passedOver: readonly string[];
    }
  | { readonly problem: string; readonly remedy: string };

type Report =
  | { readonly adapters: readonly Reported[]; readonly hidden: readonly string[] }
  | { readonly error: string };

/**
 * Dawn lists its adapters only in the error for a name that none has. An instance that is still there would
 * keep the process from ending by itself.
 */
const script = `
const { writeSync } = require("node:fs");
const report = (value) => {
  writeSync(1, "\\n@@" + JSON.stringify(value) + "\\n");
  process.exit(0);
};
const main = async () => {
  const { create, globals } = await import(process.argv[1]);
  Object.assign(globalThis, globals);
  const listed = await create(["adapter=\\u0001"]).requestAdapter().then(() => "", (error) => error.message);
  const adapters = [];
  const found = [...listed.matchAll(/backend: '([^']*)', name: '(.*)'$/gm)];
  const plain = (text = "") => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const hidden = [];
  for (const [, backend, name] of found) {
    const gpu = create(["backend=" + backend, "adapter=" + name]);
    const adapter = await gpu.requestAdapter().catch(() => null);
    if (adapter === null) continue;
    const { vendor, architecture, device, description, isFallbackAdapter: fallback } = adapter.info;
    // Dawn gives the first whose name contains what is asked for.
    const other = found.find(([, , each]) => plain(each) === plain(device) && plain(each) !== plain(name));
    if (other !== undefined) {
      hidden.push(name + " cannot be told from " + other[2] + " by its name");
      continue;
    }
    adapters.push({ name, backend, vendor, architecture, driver: description, fallback });
  }
  report({ adapters, hidden });
};
main().catch((error) => report({ error: String(error?.message ?? error).split("\\n")[0] }));
`;

/** Where the package's entry is. Undefined where it is not installed. */
export function resolveWebgpu(from: string | URL = import.meta.url): string | undefined {
  return resolvePackage(packageName, from);
}

/** What Dawn prints of an adapter that lacks something. */
const unusableAdapter = /^Warning: (.+?)\.?\n - While initializing adapter/gm;

/** Loads the package elsewhere and asks it for its adapters. @param entry as `resolveWebgpu` gives it. */
export async function findLibrary(entry = resolveWebgpu()): Promise<Library> {
  if (entry === undefined) {
    return {
      problem: `the package ${packageName} is not installed`,
      remedy: `npm install ${packageName}`,
    };
  }
  const report = await loadElsewhere<Report>(script, pathToFileURL(entry).href);
  if ("error" in report) {
    return {
      problem: `${packageName} is installed, but its library does not load: ${report.error}`,
      remedy: `use x64 or arm64 with Linux (glibc), macOS or Windows; or npm install ${packageName}`,
    };
  }
  const passedOver = [...report.printed.matchAll(unusableAdapter)].map(([, why = ""]) => why);
  return {
    entry,
    version: packageVersion(packageName, entry),
    adapters: rankAdapters(report.adapters),
    passedOver: [...new Set([...passedOver, ...report.hidden])],
  };
}
