/** The Python that tests hold files against: that of RESNETC_PYTHON, or `python3`. */
import { spawnSync } from "node:child_process";

export const python = process.env["RESNETC_PYTHON"] ?? "python3";

/**
 * Python, where it can import some modules; else undefined, and a line on the console says why.
 *
 * @param what as the line calls it.
 */
export function pythonWith(what: string, modules: string): string | undefined {
  const given = ["-c", `import ${modules}`];
  const { status, error, stderr } = spawnSync(python, given, { encoding: "utf8" });
  if (status === 0) return python;
  const why = error?.message ?? stderr.trimEnd().split("\n").at(-1) ?? `status ${status}`;
  console.warn(`SKIPPED: ${python} has no ${what}: ${why} (set RESNETC_PYTHON)`);
  return undefined;
}
