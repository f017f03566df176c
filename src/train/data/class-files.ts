/** The files of a class, in its folder and in all folders below it, by their paths from there. */
import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { DataError } from "./data-set.js";
import { refusalOf } from "./file-errors.js";
import { listFolder } from "./list-folder.js";

export interface ClassFiles {
  /** Sorted by code unit, with `/` between folders on every machine. */
  readonly files: readonly string[];
  /** The folders that lie in the class folder directly. */
  readonly folders: readonly string[];
}

/**
 * Lists a class folder and what is below it. Links to folders are followed, but for those that lead back to a folder
 * around them; a folder that several lead to is listed once, by the first of its names.
 *
 * @throws DataError if a folder cannot be read.
 */
export async function classFiles(folder: string): Promise<ClassFiles> {
  const { files, folders } = await listFolder(folder);
  if (folders.length === 0) return { files, folders };
  const real = await realOf(folder);
  const below = await filesBelow(folder, folders, [real], new Set([real]));
  return { files: [...files, ...below].sort(), folders };
}

/**
 * @param around the real paths of `folder`, and of the folders that led to it.
 * @param seen those of all that have been listed, to which more are added.
 */
async function filesBelow(
  folder: string,
  folders: readonly string[],
  around: readonly string[],
  seen: Set<string>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of folders) {
    const inner = join(folder, name);
    const real = await realOf(inner);
    if (seen.has(real) || around.some((each) => isWithin(each, real))) continue;
    seen.add(real);
    const listing = await listFolder(inner);
    const below = await filesBelow(inner, listing.folders, [...around, real], seen);
    found.push(...[...listing.files, ...below].map((file) => `${name}/${file}`));
  }
  return found;
}

/** @throws DataError if where a folder lies cannot be told. */
async function realOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw new DataError(`${folder} cannot be read: ${refusalOf(error)}`);
  }
}

/** Whether a folder is another, or lies in it. */
function isWithin(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(other.endsWith(sep) ? other : other + sep);
}
