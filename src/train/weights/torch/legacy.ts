/**
 * The files of PyTorch before 1.6, and of `_use_new_zipfile_serialization=False`: pickles of a magic number, of a
 * version and of the machine; the pickle of what was saved; that of the storages' keys; and for each key how many
 * numbers it has, as eight bytes, and the numbers. All of it has the lowest byte first, whatever the machine.
 * Source: torch/serialization.py, `_legacy_load`.
 */
import type { FileHandle } from "node:fs/promises";
import { isStrings } from "../../json-values.js";
import { readBytes } from "../../tensor-file.js";
import { unpickle } from "./pickle.js";
import { TorchObjects, type Storage } from "./stored-tensors.js";
import { longestPickle, type TorchContent } from "./torch-content.js";
import { CutShortError, TorchFileError } from "./torch-file-error.js";

/** `torch.serialization.MAGIC_NUMBER` */
const magicNumber = 0x1950a86a20f9469cfc6cn;
const version = 1001;
/** Before the numbers of a storage, which say how many they are. */
const countBytes = 8;
/** More than the pickles of most files. */
const firstRead = 1 << 20;

/** @param size bytes in the file. @throws TorchFileError where it is damaged. */
export async function openLegacy(handle: FileHandle, size: number): Promise<TorchContent> {
  const { saved, objects, keys, end } = await readPickles(handle, size);
  const places = await storagePlaces(handle, size, { objects, keys, end });
  return {
    saved,
    async bytesOf({ key, format, count }) {
      const place = places.get(key);
      if (place === undefined) throw new TorchFileError(`its storage ${key} is missing`);
      const bytes = new Uint8Array(count * format.bytes);
      const { length } = await readBytes(handle, bytes, place);
      if (length < bytes.length) throw cutShort(size);
      return bytes;
    },
  };
}

interface Pickles {
  readonly saved: unknown;
  readonly objects: TorchObjects;
  /** Of the storages, in the order in which they follow. */
  readonly keys: readonly string[];
  /** Where the first of them begins. */
  readonly end: number;
}

/** Reads more and more of the file, until its pickles are whole. */
async function readPickles(handle: FileHandle, size: number): Promise<Pickles> {
  const most = Math.min(size, longestPickle);
  for (let length = Math.min(firstRead, most); ; length = Math.min(8 * length, most)) {
    const bytes = await readBytes(handle, new Uint8Array(length));
    try {
      return picklesOf(bytes);
    } catch (error) {
      if (!(error instanceof CutShortError) || length === most) throw error;
    }
  }
}

function picklesOf(bytes: Uint8Array): Pickles {
  const objects = new TorchObjects();
  let end = 0;
  const next = (): unknown => {
    const { value, end: after } = unpickle(bytes, objects, end);
    end = after;
    return value;
  };
  if (next() !== magicNumber) throw new TorchFileError("it does not begin as PyTorch's files do");
  const found = next();
  if (found !== version)
    throw new TorchFileError(`its version is ${String(found)}, not ${version}`);
  // Of the machine that wrote it, which makes no difference.
  next();
  const saved = next();
  const keys = next();
  if (!isStrings(keys)) throw new TorchFileError("it has no list of its storages");
  return { saved, objects, keys, end };
}

/** Where the numbers of each storage begin. */
async function storagePlaces(
  handle: FileHandle,
  size: number,
  { objects, keys, end }: Omit<Pickles, "saved">,
): Promise<ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  let at = end;
  for (const key of keys) {
    const storage = objects.storages.get(key);
    if (storage === undefined) throw new TorchFileError(`its storage ${key} is of no tensor`);
    await checkCount(handle, at, storage);
    places.set(key, at + countBytes);
    at += countBytes + storage.count * storage.format.bytes;
    if (at > size) throw cutShort(size);
  }
  return places;
}

async function checkCount(handle: FileHandle, at: number, { key, count }: Storage): Promise<void> {
  const bytes = await readBytes(handle, new Uint8Array(countBytes), at);
  if (bytes.length < countBytes)
    throw new CutShortError(`it is cut short before its storage ${key}`);
  const found = new DataView(bytes.buffer).getBigInt64(0, true);
  if (found !== BigInt(count)) {
    throw new TorchFileError(`its storage ${key} has ${found} numbers, and should have ${count}`);
  }
}

function cutShort(size: number): CutShortError {
  return new CutShortError(`it is cut short: its storages do not end within its ${size} bytes`);
}
