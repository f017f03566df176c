/** Which specs a command means that takes files, folders and patterns, and the working folder where it takes none. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { specFiles } from "./spec-files.js";

/**
 * The specs that files, folders and patterns stand for, each once, in order. A folder stands for all specs below
 * it; what is not there is kept, so that whoever reads it says so.
 */
export async function lintedFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const pattern of patterns.length === 0 ? ["."] : patterns) {
    if (isFolder(pattern)) files.push(...(await specsBelow(pattern)));
    else files.push(...(await specFiles([pattern])));
  }
  return [...new Set(files)];
}

async function specsBelow(folder: string): Promise<readonly string[]> {
  const { glob } = await import("tinyglobby");
  const found = await glob("**/*.resnet", { cwd: folder, ignore: ["**/node_modules/**"] });
  return found.sort().map((file) => join(folder, file));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
