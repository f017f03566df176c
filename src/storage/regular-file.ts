/**
 * Reads a regular file as a whole. A named pipe or a device in its place is refused: opening the one waits for
 * someone who writes to it, and reading the other may never end.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";

/** Without the second, opening a named pipe would wait. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** Opens a file to read; what it is has to be looked at before it is read. @throws the file system's error. */
export function openToRead(path: string): Promise<FileHandle> {
  return open(path, flags);
}

/** @throws the file system's error; EINVAL where it is no regular file. */
export async function readRegularFile(path: string): Promise<Buffer> {
  const handle = await openToRead(path);
  try {
    refuseOther(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** @throws the file system's error; EINVAL where it is no regular file. */
export function readRegularFileSync(path: string): Buffer {
  const descriptor = openSync(path, flags);
  try {
    refuseOther(fstatSync(descriptor));
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a path leads to a pipe, a socket or a device; what cannot be looked at is none. */
export async function isSpecial(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && !isOrdinary(status);
}

/** A folder is left to the read, which says EISDIR. */
function refuseOther(status: Stats): void {
  if (isOrdinary(status)) return;
  throw Object.assign(new Error("it is a pipe or a device, not a file"), { code: "EINVAL" });
}

function isOrdinary(status: Stats): boolean {
  return status.isFile() || status.isDirectory();
}
