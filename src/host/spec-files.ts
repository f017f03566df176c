/**
 * Patterns such as `specs/*.resnet`, for shells and configuration files that do not expand them.
 * A path that exists is itself, whatever signs are in it.
 */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";

/** What makes a path a pattern. */
const magic = /[*?[\]{}]/;

/** Whether a path that is not there, with `#Network` or without, is a pattern and no file's name. */
export function isPattern(spec: string): boolean {
  const [path] = parted(spec);
  return magic.test(path) && !existsSync(path);
}

/** A path, and `#Network` behind it or nothing. */
function parted(spec: string): readonly [path: string, network: string] {
  const hash = spec.lastIndexOf("#");
  return hash < 0 ? [spec, ""] : [spec.slice(0, hash), spec.slice(hash)];
}

/**
 * The specs that patterns stand for, sorted, each pattern in its place; `#Network` stays with every
 * file. A pattern that fits nothing is kept, so that whoever reads it says that it is not there.
 */
export async function specFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const expanded: string[] = [];
  for (const pattern of patterns) expanded.push(...(await filesOf(pattern)));
  return expanded;
}

async function filesOf(pattern: string): Promise<readonly string[]> {
  if (!isPattern(pattern)) return [pattern];
  const [path, network] = parted(pattern);
  const { glob } = await import("tinyglobby");
  const found = await glob(path.replaceAll("\\", "/"), {
    absolute: isAbsolute(path),
    ignore: ["**/node_modules/**"],
    // A link to a folder above would bring every file again.
    followSymbolicLinks: false,
  });
  return found.length === 0 ? [pattern] : found.sort().map((file) => `${file}${network}`);
}
