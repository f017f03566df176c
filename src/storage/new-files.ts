/** Several files that belong together: after a failure in the middle none of them is there, and nothing is lost. */
import { rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAtomically } from "./atomic-write.js";
import { makeFolder } from "./make-folder.js";
import { readRegularFile } from "./regular-file.js";
import { cannotWrite } from "./text-replacement.js";

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes all files, with the folders that lead to them; what is there already is replaced.
 *
 * @throws ReplacementError where one cannot be written; all are then as they were.
 */
export async function writeTogether(files: readonly NewFile[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  for (const { path, text } of files) {
    try {
      const before = await contentOf(path);
      const made = await makeFolder(dirname(path));
      if (made !== undefined) undo.push(() => removeFolders(dirname(path), made));
      undo.push(() =>
        before === undefined ? rm(path, { force: true }) : writeAtomically(path, [before]),
      );
      await writeAtomically(path, [Buffer.from(text)]);
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw cannotWrite(path, error);
    }
  }
}

async function contentOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Removes the folders from `last` up to `first`, which were made for a file that is gone again. */
async function removeFolders(last: string, first: string): Promise<void> {
  for (let folder = last; folder.length >= first.length; folder = dirname(folder)) {
    await rmdir(folder);
    if (folder === first) return;
  }
}
