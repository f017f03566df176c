/** Which folders are there. */
import { statSync } from "node:fs";
import { dirname } from "node:path";

/** Whether there is a folder at a path, or a link to one; none is where a file is in the way. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
}

/** A folder, or the nearest above it that is there. @param folder absolute. */
export function nearestFolder(folder: string): string {
  let at = folder;
  while (!isFolder(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
