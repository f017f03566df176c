/** A script of this repository as its user starts it: bundled by scripts/run.mjs, in a process of its own. */
import { spawn } from "node:child_process";

export interface EndedScript {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param entry such as `scripts/bench/index.ts`. */
export function runScript(
  entry: string,
  given: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<EndedScript> {
  return ended(["scripts/run.mjs", entry, ...given], env);
}

/** Runs `node WORDS` in the repository. */
export function ended(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<EndedScript> {
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
}
