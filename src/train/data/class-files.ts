/** The files of a class, in its folder and in all folders below it, by their paths from there. */
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { listFolder } from "./list-folder.js";

export interface ClassFiles {
  /** Sorted by code unit, with `/` between folders on every machine. */
  readonly files: readonly string[];
  /** The folders that lie in the class folder directly. */
  readonly folders: readonly string[];
}

/**
 * Lists a class folder and what is below it. Links to folders are followed, but for those that lead back to a folder
 * around them.
 *
 * @throws DataError if a folder cannot be read.
 */
export async function classFiles(folder: string): Promise<ClassFiles> {
  const { files, folders } = await listFolder(folder);
  if (folders.length === 0) return { files, folders };
  const below = await filesBelow(folder, folders, [await realpath(folder)]);
  return { files: [...files, ...below].sort(), folders };
}

/** @param around the real paths of `folder`, and of the folders that led to it. */
async function filesBelow(
  folder: string,
  folders: readonly string[],
  around: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of folders) {
    const inner = join(folder, name);
    const real = await realpath(inner);
    if (around.some((each) => isWithin(each, real))) continue;
    const listing = await listFolder(inner);
    const below = await filesBelow(inner, listing.folders, [...around, real]);
    found.push(...[...listing.files, ...below].map((file) => `${name}/${file}`));
  }
  return found;
}

/** Whether a folder is another, or lies in it. */
function isWithin(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(other.endsWith(sep) ? other : other + sep);
}
