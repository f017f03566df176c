/**
 * Replaces a file as a whole or not at all: whoever opens the path reads either the old content or
 * the new, whatever happens to the process, the disk's space or the power in between.
 */
import { fsync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { errorCode } from "./error-code.js";

/** How the unfinished files end, so that a later run can clear away what a crash left. */
export const partialSuffix = ".partial";

/**
 * Writes `chunks`, one after the other, to `path` by way of a file beside it: write, fsync, rename,
 * fsync of the folder. A write that the disk takes only a part of goes on with the rest, so that a
 * full disk is an error here and not a short file.
 *
 * @param mode the file's permissions; those of any new file where left out.
 * @throws the file system's error; `path` is then as it was and the file beside it is gone.
 */
export async function writeAtomically(
  path: string,
  chunks: Iterable<Uint8Array>,
  mode?: number,
): Promise<void> {
  const partial = `${path}.${process.pid}${partialSuffix}`;
  const handle = await open(partial, "w");
  try {
    try {
      if (mode !== undefined) await handle.chmod(mode);
      for (const chunk of chunks) await writeWhole(handle, chunk);
      await synced(handle);
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) {
    written += (await handle.write(chunk, written, chunk.byteLength - written)).bytesWritten;
  }
}

/**
 * Brings what was written to the disk. The file system that Yarn puts in the place of Node's has handles without a
 * `sync`: there it is the descriptor's, and where that cannot be had either, the system writes when it sees fit.
 *
 * @throws the file system's error.
 */
export async function synced(handle: Pick<FileHandle, "sync" | "fd">): Promise<void> {
  for (const sync of [async () => handle.sync(), async () => promisify(fsync)(handle.fd)]) {
    try {
      return await sync();
    } catch (error) {
      // An error of the system has a code; one of a method that is not there has none.
      if (errorCode(error) !== undefined) throw error;
    }
  }
}

/** Makes a rename last through a power cut. Windows has no such call on folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await synced(handle);
  } finally {
    await handle.close();
  }
}
