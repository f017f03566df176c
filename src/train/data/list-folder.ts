/** What lies in a folder of images: names only, sorted by code unit so that every machine sees the same order. */
import { readdir, stat } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../storage/error-code.js";
import { DataError } from "./data-set.js";
import { refusalOf } from "./file-errors.js";

/** Archives that macOS makes have its own files in such a folder, beside what was packed. */
const macArchiveFolder = "__MACOSX";

/** What lies in a folder, hidden entries left out; both lists sorted. */
export interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Those of the files that are links to what is not there. */
  readonly dangling: readonly string[];
}

/**
 * Lists a folder.
 *
 * @throws DataError if it does not exist, is a file or cannot be read.
 */
export async function listFolder(folder: string): Promise<Listing> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") {
      throw new DataError(
        `${folder} does not exist`,
        "name the folder that holds the images, in the recipe or with `--data FOLDER`",
      );
    }
    if (code === "ENOTDIR") {
      throw new DataError(
        `${folder} is a file where a folder of images is needed`,
        "give the folder of class folders; extract it first if it is an archive",
      );
    }
    throw new DataError(`${folder} cannot be read: ${refusalOf(error)}`);
  }
  const folders: string[] = [];
  const files: string[] = [];
  const dangling: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === macArchiveFolder) continue;
    const leads = await leadsTo(folder, entry);
    if (leads === "folder") folders.push(entry.name);
    else files.push(entry.name);
    if (leads === "nothing") dangling.push(entry.name);
  }
  return { folders: folders.sort(), files: files.sort(), dangling };
}

/** A link counts as what it leads to; one that leads nowhere as a file as well, which fails when it is read. */
async function leadsTo(parent: string, entry: Dirent): Promise<"folder" | "file" | "nothing"> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? "folder" : "file";
  try {
    return (await stat(join(parent, entry.name))).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (["ENOENT", "ELOOP"].includes(errorCode(error) ?? "")) return "nothing";
    throw new DataError(`${join(parent, entry.name)} cannot be read: ${refusalOf(error)}`);
  }
}
