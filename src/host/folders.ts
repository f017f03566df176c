/** Which folders are there. */
import { statSync } from "node:fs";
import { dirname } from "node:path";

/** Whether there is a folder at a path, or a link to one; none is where a file is in the way. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whoever reads the path says what is wrong with it: a NUL in it, a circle of links, a name that is too long.
    if (code === undefined) throw error;
    return false;
  }
}

/** A folder, or the nearest above it that is there. @param folder absolute. */
export function nearestFolder(folder: string): string {
  let at = folder;
  while (!isFolder(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
