/** Programs that are run to their end, with what they print. */
import { spawn } from "node:child_process";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HowRun {
  readonly env?: NodeJS.ProcessEnv;
  /** In milliseconds; after it, the program is killed. */
  readonly timeout?: number;
}

/** Runs `node WORDS` in this folder, with `env` besides what this process has. */
export function ended(words: readonly string[], { env, timeout }: HowRun = {}): Promise<Ended> {
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
}
