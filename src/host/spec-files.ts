/**
 * Patterns such as `specs/*.resnet`, for shells and configuration files that do not expand them.
 * A path that exists is itself, whatever signs are in it.
 */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";

/** What makes a path a pattern. */
const magic = /[*?[\]{}]/;

/** Whether a path that is not there is a pattern, and no file's name. */
export function isPattern(path: string): boolean {
  return magic.test(path) && !existsSync(path);
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
  const hash = pattern.lastIndexOf("#");
  const [path, network] = hash < 0 ? [pattern, ""] : [pattern.slice(0, hash), pattern.slice(hash)];
  if (!isPattern(path)) return [pattern];
  const { glob } = await import("tinyglobby");
  const found = await glob(path.replaceAll("\\", "/"), {
    absolute: isAbsolute(path),
    ignore: ["**/node_modules/**"],
    // A link to a folder above would bring every file again.
    followSymbolicLinks: false,
  });
  return found.length === 0 ? [pattern] : found.sort().map((file) => `${file}${network}`);
}
