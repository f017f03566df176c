/**
 * Patterns such as `specs/*.resnet`, for shells and configuration files that do not expand them.
 * A path that exists is itself, whatever signs are in it.
 */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { isFolder } from "./folders.js";

/** What makes a path a pattern. */
const magic = /[*?[\]{}]/;

/** Whether a path that is not there, with `#Network` or without, is a pattern and no file's name. */
export function isPattern(spec: string): boolean {
  const { file } = partsOf(spec);
  return magic.test(file) && !existsSync(file);
}

/** A spec's file, and what stands behind its `#`: a network's name, or nothing. */
export interface SpecParts {
  readonly file: string;
  /** Absent where there is no `#`. */
  readonly network?: string;
}

/**
 * Takes `FILE` or `FILE#Network` apart. A path may have any signs in it, `#` among them: one that exists is a file as
 * a whole, and any other is cut before a name that stands behind the last `#`, unless that would leave a folder.
 */
export function partsOf(spec: string): SpecParts {
  const [, file, network] = /^(.+)#([^#/\\.*?[\]{}()!]*)$/s.exec(spec) ?? [];
  if (file === undefined || network === undefined || existsSync(spec)) return { file: spec };
  return isFolder(file) ? { file: spec } : { file, network };
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
  const { file: path, network } = partsOf(pattern);
  const { glob } = await import("tinyglobby");
  const found = await glob(path.replaceAll("\\", "/"), {
    absolute: isAbsolute(path),
    ignore: ["**/node_modules/**"],
    // A link to a folder above would bring every file again.
    followSymbolicLinks: false,
  });
  const behind = network === undefined ? "" : `#${network}`;
  return found.length === 0 ? [pattern] : found.sort().map((file) => `${file}${behind}`);
}
