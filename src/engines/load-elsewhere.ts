/** Loads a native library in a process of its own, so that one that is missing or crashes does not end this one. */
import { execFile } from "node:child_process";

const minutes = 2;

/**
 * Runs `script` in a new Node with `entry` as its first argument. The script prints what it found as JSON
 * on a line of its own that begins with `@@`.
 * @returns what it found, with what the library printed meanwhile; or one line on how the process ended.
 */
export function loadElsewhere<T>(
  script: string,
  entry: string,
  env: Readonly<Record<string, string>> = {},
): Promise<(T & { readonly printed: string }) | { readonly error: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["-e", script, entry],
      { env: { ...process.env, ...env }, timeout: minutes * 60_000 },
      (failure, stdout, stderr) => {
        const line = stdout.split("\n").find((text) => text.startsWith("@@"));
        if (line !== undefined) resolve({ ...(JSON.parse(line.slice(2)) as T), printed: stderr });
        else if (failure?.killed === true) resolve({ error: "loading took over two minutes" });
        else if (failure?.signal) resolve({ error: `loading it ended with ${failure.signal}` });
        else resolve({ error: `loading it ended with status ${failure?.code ?? 0}` });
      },
    );
  });
}
