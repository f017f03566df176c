/** An exported file appears whole, or what stood at its path stays as it was. */
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAtomically } from "../storage/atomic-write.js";
import { makeFolder } from "../storage/make-folder.js";
import { WriteError, writeFailure } from "../train/errors.js";

/** Writes chunks of bytes, with the folders on the way. @throws WriteError if that cannot be done. */
export async function writeExport(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  let made: string | undefined;
  try {
    made = await makeFolder(dirname(path));
    await refuseDevice(path);
    await writeAtomically(path, chunks);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    // Where nothing has come of it, the folders that were made on the way go too.
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw writeFailure(path, error);
  }
}

/** What stands at the path is replaced, which must not happen to a device or a pipe. */
async function refuseDevice(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.isFile() || there.isDirectory()) return;
  throw new WriteError(
    `cannot write ${path}: it is a device or a pipe`,
    "name a file (`-o` of the command)",
  );
}
