/** Runs a resnetc to its end, in the editor's own Node where it is a script. */
import { spawn } from "node:child_process";
import type { Resnetc } from "./server-choice.js";

/** What starts a resnetc with words behind it. */
export interface Invocation {
  readonly command: string;
  readonly arguments: readonly string[];
  /** What is added to the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a resnetc is started. Inside the editor, `process.execPath` is the editor, which this makes a Node. */
export function invocation({ kind, path }: Resnetc, words: readonly string[]): Invocation {
  if (kind === "program") return { command: path, arguments: words, environment: {} };
  return {
    command: process.execPath,
    arguments: [path, ...words],
    environment: { ELECTRON_RUN_AS_NODE: "1" },
  };
}

/** @throws the system's error where it cannot be started. */
export function runToEnd(
  resnetc: Resnetc,
  words: readonly string[],
  folder: string | undefined,
): Promise<Ended> {
  const { command, arguments: given, environment } = invocation(resnetc, words);
  return new Promise((done, failed) => {
    const child = spawn(command, given, {
      ...(folder !== undefined && { cwd: folder }),
      env: { ...process.env, ...environment, NO_COLOR: "1", COLUMNS: "100" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", failed);
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
}

/** Whether a resnetc has a command: an older one, of a workspace, may not. */
export async function hasCommand(resnetc: Resnetc, command: string): Promise<boolean> {
  const { status, stdout } = await runToEnd(resnetc, [command, "--help"], undefined);
  // The help of an unknown command is that of the whole program.
  return status === 0 && stdout.includes(`Usage: resnetc ${command}`);
}
