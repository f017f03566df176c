/**
 * Makes a folder with all that lead to it, one by one: the recursive `mkdir` of Node never ends where
 * a file system answers ENOENT for a folder whose parent exists, as /proc does.
 */
import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * @returns the first folder that had to be made, as the recursive `mkdir` does.
 * @throws the file system's error; ENOTDIR where a file is in the way.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      if ((await stat(path)).isDirectory()) return undefined;
      throw Object.assign(new Error(`${path} is a file`), { code: "ENOTDIR" });
    }
    const parent = dirname(resolve(path));
    if (code !== "ENOENT" || (await isFolder(parent))) throw error;
    const first = await makeFolder(parent);
    await mkdir(path).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again;
    });
    return first ?? path;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
