/** Which specs a command means that takes files, folders and patterns, and the working folder where it takes none. */
import { join } from "node:path";
import { isFolder } from "./folders.js";
import { specFiles } from "./spec-files.js";

/** A spec, and whether it was named by its own path, and not as one of a folder's or a pattern's. */
export interface MeantFile {
  readonly path: string;
  readonly named: boolean;
}

/**
 * The specs that files, folders and patterns stand for, each once, in order. A folder stands for all specs below
 * it; what is not there is kept as named, so that whoever reads it says so.
 */
export async function lintedFiles(patterns: readonly string[]): Promise<readonly MeantFile[]> {
  const files = new Map<string, MeantFile>();
  for (const pattern of patterns.length === 0 ? ["."] : patterns) {
    const named = !isFolder(pattern);
    const paths = named ? await specFiles([pattern]) : await specsBelow(pattern);
    for (const path of paths) {
      const own = named && path === pattern;
      files.set(path, { path, named: own || (files.get(path)?.named ?? false) });
    }
  }
  return [...files.values()];
}

async function specsBelow(folder: string): Promise<readonly string[]> {
  const { glob } = await import("tinyglobby");
  const found = await glob("**/*.resnet", {
    cwd: folder,
    ignore: ["**/node_modules/**"],
    // A link to a folder above would bring every file again.
    followSymbolicLinks: false,
  });
  return found.sort().map((file) => join(folder, file));
}
