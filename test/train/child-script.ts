/** Runs a TypeScript file of the tests as a process of its own, bundled to plain JavaScript. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

/** @returns the path of the bundle, in `folder`. @param name a file beside this one. */
export async function bundle(name: string, folder: string): Promise<string> {
  const outfile = join(folder, name.replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    // A package's modules, where it has them: its CommonJS may ask for more as it runs.
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  return outfile;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command and tells, when it ends, how. */
export function start(
  command: string,
  parameters: readonly string[],
): { readonly child: ChildProcess; readonly end: Promise<ChildEnd> } {
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const end = new Promise<ChildEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, end };
}
