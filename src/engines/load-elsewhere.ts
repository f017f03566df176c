/** Loads a native library in a process of its own, so that one that is missing or crashes does not end this one. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

const minutes = 2;

/** What has a group of its own is not ended with ours: the pipe from us is closed then, whatever ended us. */
const endWithUs = 'process.stdin.on("close", () => process.exit(1)).resume().unref();';

/**
 * Runs `script` in a new Node with `entry` as its first argument. The script prints what it found as JSON
 * on a line of its own that begins with `@@`. It is in a process group of its own, as a terminal sends Ctrl-C to all of
 * ours: what that ends is said by whoever takes it over, and not by a library that seems to be broken.
 *
 * @returns what it found, with what the library printed meanwhile; or one line on how the process ended.
 */
export async function loadElsewhere<T>(
  script: string,
  entry: string,
  env: Readonly<Record<string, string>> = {},
): Promise<(T & { readonly printed: string }) | { readonly error: string }> {
  const child = spawn(process.execPath, ["-e", `${endWithUs}${script}`, entry], {
    env: { ...process.env, ...env },
    timeout: minutes * 60_000,
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const ended = new Promise<string>((resolve) => {
    child.on("error", ({ message }) => resolve(`it cannot be started: ${message}`));
    child.on("close", (code, signal) => {
      if (child.killed) resolve("loading took over two minutes");
      else if (signal !== null) resolve(`loading it ended with ${signal}`);
      else resolve(`loading it ended with status ${code ?? 0}`);
    });
  });
  const [printed, stdout, how] = await Promise.all([text(child.stderr), text(child.stdout), ended]);
  const line = stdout.split("\n").find((each) => each.startsWith("@@"));
  return line === undefined ? { error: how } : { ...(JSON.parse(line.slice(2)) as T), printed };
}
