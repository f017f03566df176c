/** The command as it is shipped: built into a folder of its own, and run as a process. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";

export const repository = resolve(import.meta.dirname, "..", "..");

/** A file that comes with the repository. */
export function spec(name: string): string {
  return join(repository, "specs", name);
}

/** Builds the package once for a test file. @returns its folder. */
export function buildPackage(options: { readonly types: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-package-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(repository, "scripts", "build.mjs");
  const given = [script, folder, ...(options.types ? [] : ["--no-types"])];
  execFileSync(process.execPath, given, { cwd: repository, stdio: "inherit" });
  return folder;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the command of a built package in `cwd`, as in a terminal that is not one. */
export function start(
  folder: string,
  given: readonly string[],
  { cwd = repository, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Running {
  const { NO_COLOR: _no, FORCE_COLOR: _force, COLUMNS: _columns, ...plain } = process.env;
  const child = spawn(process.execPath, [join(folder, "bin", "resnetc.cjs"), ...given], {
    cwd,
    env: { ...plain, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((done, failed) => {
    child.on("error", failed);
    child.on("close", (status, signal) => done({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}
