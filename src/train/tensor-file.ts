/** Reads safetensors files from a disk, with an error in words for whatever can be wrong with one. */
import { access, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../storage/error-code.js";
import { messageOf } from "./data/file-errors.js";
import { Float32RangeError } from "./dtypes.js";
import { CheckpointError, DamagedFileError } from "./errors.js";
import type { NamedTensor } from "../engines/engine.js";
import { openToRead } from "../storage/regular-file.js";
import { numericFault } from "./finite.js";
import { foreignFormat } from "./foreign-format.js";
import { decodeMetadata, decodeSafetensors, headerLength, type TensorFile } from "./safetensors.js";

/** What a file is read as, for the messages. */
export interface FileKind {
  /** `checkpoint`, `weights file`. */
  readonly noun: string;
  /** Which files are one: "name one: …". */
  readonly where: string;
}

/**
 * Reads a file as a whole; its tensors are views of the bytes read.
 *
 * @throws CheckpointError if there is none, it may not be read or is damaged, or its numbers cannot be computed with.
 */
export async function readTensorFile(path: string, kind: FileKind): Promise<TensorFile> {
  return whileOpen(path, kind, async (handle) => {
    const { size } = await headerOf(handle, path, kind);
    const file = decodeSafetensors(await readBytes(handle, new Uint8Array(size)));
    refuseUncomputable(path, kind, file.tensors);
    return file;
  });
}

/**
 * Reads the metadata of a file and none of its tensors, which may be damaged.
 *
 * @throws CheckpointError if there is none, it may not be read, or what comes before the tensors is damaged.
 */
export async function readTensorMetadata(
  path: string,
  kind: FileKind,
): Promise<ReadonlyMap<string, string>> {
  return whileOpen(path, kind, async (handle) => {
    const { header } = await headerOf(handle, path, kind);
    const bytes = await readBytes(handle, new Uint8Array(header));
    return decodeMetadata(bytes.subarray(lengthBytes));
  });
}

/**
 * What `read` makes of a file, which is closed after it.
 *
 * @throws CheckpointError where it cannot be opened or read, or `read` finds it damaged.
 */
export async function whileOpen<T>(
  path: string,
  kind: FileKind,
  read: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await openToRead(path);
  } catch (error) {
    throw readFailure(path, kind, error);
  }
  try {
    return await read(handle);
  } catch (error) {
    if (error instanceof DamagedFileError) throw damaged(path, kind, error);
    if (error instanceof Float32RangeError) {
      const { where } = kind;
      throw new CheckpointError(`${path}: ${error.message}`, `use another one: ${where}`, {
        cause: error,
      });
    }
    if (errorCode(error) !== undefined) throw readFailure(path, kind, error);
    throw error;
  } finally {
    await handle.close();
  }
}

/** @throws CheckpointError naming a tensor with numbers that no network could go on from. */
export function refuseUncomputable(
  path: string,
  { where }: FileKind,
  tensors: ReadonlyMap<string, NamedTensor>,
): void {
  const fault = numericFault(tensors);
  if (fault === undefined) return;
  throw new CheckpointError(
    `${path} has ${fault}`,
    `a run that diverged may have left them, or damage to the file; use another one: ${where}`,
  );
}

/** Bytes before the header, which give its length. */
const lengthBytes = 8;

/** By which the formats of files are told apart; those of a tar archive come last, after the name of a file in it. */
const beginningBytes = 265;

/**
 * How many bytes a file has, and the first of them. It is not read further, so that a large file of another kind is
 * not.
 *
 * @throws CheckpointError where it is no regular file.
 */
export async function beginningOf(
  handle: FileHandle,
  path: string,
  { noun, where }: FileKind,
): Promise<{ readonly size: number; readonly first: Uint8Array }> {
  const stats = await handle.stat();
  if (stats.isDirectory()) {
    const best = join(path, "best.safetensors");
    const inside = await access(best).then(
      () => `\`${best}\``,
      () => where,
    );
    throw new CheckpointError(`${path} is a folder, not a ${noun}`, `name the file: ${inside}`);
  }
  if (!stats.isFile()) {
    throw new CheckpointError(`${path} is not a regular file`, `name a ${noun}`);
  }
  const first = await readBytes(handle, new Uint8Array(Math.min(beginningBytes, stats.size)));
  return { size: stats.size, first };
}

/** How many bytes a file has, and where its header ends. */
async function headerOf(
  handle: FileHandle,
  path: string,
  kind: FileKind,
): Promise<{ readonly size: number; readonly header: number }> {
  const { size, first } = await beginningOf(handle, path, kind);
  const foreign = foreignFormat(path, first);
  if (foreign !== undefined) {
    const { what, help = `use another one: ${kind.where}` } = foreign;
    throw new CheckpointError(`${path} is ${what}, not a ${kind.noun}`, help);
  }
  return { size, header: lengthBytes + headerLength(first, size) };
}

/** No system reads more at a time. */
const mostPerRead = 1 << 30;

/**
 * Reads until `into` is full or the file ends; what is returned is what was there.
 *
 * @param start the place of the first byte.
 */
export async function readBytes<T extends Uint8Array>(
  handle: FileHandle,
  into: T,
  start = 0,
): Promise<T> {
  let length = 0;
  while (length < into.length) {
    const most = Math.min(into.length - length, mostPerRead);
    const { bytesRead } = await handle.read(into, length, most, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return into.subarray(0, length) as T;
}

/** What to say where a file cannot be opened or read. */
export function readFailure(
  path: string,
  { noun, where }: FileKind,
  error: unknown,
): CheckpointError {
  const options = { cause: error };
  switch (errorCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return new CheckpointError(`there is no ${noun} ${path}`, `name one: ${where}`, options);
    case "EACCES":
    case "EPERM":
      return new CheckpointError(
        `${path} may not be read`,
        `change its permissions, or name another ${noun}`,
        options,
      );
    default:
      return new CheckpointError(
        `${path} cannot be read: ${messageOf(error)}`,
        `name another ${noun}`,
        options,
      );
  }
}

function damaged(
  path: string,
  { noun, where }: FileKind,
  error: DamagedFileError,
): CheckpointError {
  return new CheckpointError(
    `${path} is not a whole ${noun}: ${error.message}`,
    `use another one: ${where}`,
    { cause: error },
  );
}
