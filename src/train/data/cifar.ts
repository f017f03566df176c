/**
 * CIFAR-10 and CIFAR-100 in their published binary format (Krizhevsky 2009). Records are read one at
 * a time, by position, from open files; a file is never held in memory as a whole.
 */
import { open, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../storage/error-code.js";
import { readRegularFile } from "../../storage/regular-file.js";
import { archiveHelp, cifarFormats, findCifarFolder, type CifarKind } from "./cifar-layout.js";
import { DataError, type DataSet, type Sample, type Split } from "./data-set.js";
import { refusalOf } from "./file-errors.js";

const side = 32;
const plane = side * side;

/** A file and where its records stand among those of the split. */
export interface RecordRange {
  readonly path: string;
  readonly first: number;
  readonly records: number;
}

interface RecordFile extends RecordRange {
  readonly handle: FileHandle;
}

/**
 * Opens CIFAR in `folder` or in the sub-folder that the published archive makes. Images are (32, 32, 3).
 *
 * @throws DataError if a file is missing, truncated, or has names for another number of classes.
 */
export async function openCifar(kind: CifarKind, folder: string): Promise<DataSet> {
  const format = cifarFormats[kind];
  const found = await findCifarFolder(kind, folder);
  const classes = await readNames(kind, join(found, format.names));
  const opened: FileHandle[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((handle) => handle.close()));
  };
  try {
    const notes: string[] = [];
    const openAll = async (names: readonly string[], published: number): Promise<RecordFile[]> => {
      const files: RecordFile[] = [];
      let first = 0;
      for (const name of names) {
        const file = await openRecords(kind, join(found, name), first, opened);
        if (file.records !== published) {
          notes.push(`${file.path} holds ${file.records} images; the published file ${published}`);
        }
        files.push(file);
        first += file.records;
      }
      return files;
    };
    const train = await openAll(format.train, format.trainRecords);
    const validation = splitOf(kind, await openAll(format.validation, format.validationRecords));
    return {
      name: kind,
      classes,
      notes,
      train: splitOf(kind, train),
      validation,
      // What is published for testing is all there is to validate with.
      test: validation,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/**
 * Opens the files of a split once more, as they were found before.
 *
 * @throws DataError if one cannot be opened.
 */
export async function openCifarSplit(
  kind: CifarKind,
  ranges: readonly RecordRange[],
): Promise<{ readonly split: Split; close(): Promise<void> }> {
  const files: RecordFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(files.splice(0).map(({ handle }) => handle.close()));
  };
  try {
    for (const range of ranges) files.push({ ...range, handle: await open(range.path, "r") });
  } catch (error) {
    const { path } = ranges[files.length] ?? { path: kind };
    await close();
    throw missingOr(kind, path, error);
  }
  return { split: splitOf(kind, [...files]), close };
}

/** Class names, one a line; blank lines (the published file ends with one) are left out. */
async function readNames(kind: CifarKind, path: string): Promise<string[]> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString("utf8");
  } catch (error) {
    throw missingOr(kind, path, error);
  }
  const names = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const { classes } = cifarFormats[kind];
  if (names.length !== classes) {
    throw new DataError(
      `${path} names ${names.length} classes; ${kind} has ${classes}`,
      archiveHelp(kind),
    );
  }
  return names;
}

async function openRecords(
  kind: CifarKind,
  path: string,
  first: number,
  opened: FileHandle[],
): Promise<RecordFile> {
  let size: number;
  let handle: FileHandle;
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new DataError(`${path} is not a file`, archiveHelp(kind));
    size = facts.size;
    handle = await open(path, "r");
  } catch (error) {
    throw missingOr(kind, path, error);
  }
  opened.push(handle);
  const bytes = recordBytes(kind);
  const records = Math.floor(size / bytes);
  if (size === 0) throw new DataError(`${path} is empty (0 bytes)`, archiveHelp(kind));
  if (size !== records * bytes) {
    throw new DataError(
      `${path} is truncated: it ends at byte ${size}, inside record ${records}` +
        ` (bytes ${records * bytes} to ${(records + 1) * bytes - 1}; a record is ${bytes} bytes)`,
      archiveHelp(kind),
    );
  }
  return { path, handle, first, records };
}

function splitOf(kind: CifarKind, files: readonly RecordFile[]): Split {
  const size = files.reduce((sum, file) => sum + file.records, 0);
  const locate = (index: number): { file: RecordFile; record: number } => {
    const file = files.find((one) => index >= one.first && index < one.first + one.records);
    if (file === undefined || !Number.isInteger(index)) {
      throw new RangeError(`sample ${index} of a split of ${size}`);
    }
    return { file, record: index - file.first };
  };
  return {
    size,
    describe: (index) => {
      const { file, record } = locate(index);
      return `${file.path}, record ${record}`;
    },
    read: async (index) => {
      const { file, record } = locate(index);
      return readRecord(kind, file, record);
    },
    source: {
      kind,
      files: files.map(({ path, first, records }) => ({ path, first, records })),
    },
  };
}

async function readRecord(kind: CifarKind, file: RecordFile, record: number): Promise<Sample> {
  const bytes = recordBytes(kind);
  const buffer = new Uint8Array(bytes);
  const start = record * bytes;
  let bytesRead: number;
  try {
    ({ bytesRead } = await file.handle.read(buffer, 0, bytes, start));
  } catch (error) {
    throw new DataError(`${file.path}, record ${record}: cannot be read: ${refusalOf(error)}`);
  }
  if (bytesRead !== bytes) {
    throw new DataError(
      `${file.path}, record ${record}: the file now ends at byte ${start + bytesRead},` +
        ` where the record needs ${bytes} bytes from byte ${start}`,
      archiveHelp(kind),
    );
  }
  const { classes, labelBytes } = cifarFormats[kind];
  const label = buffer[labelBytes - 1] ?? 0;
  if (label >= classes) {
    throw new DataError(
      `${file.path}, record ${record}: label ${label} at byte ${start + labelBytes - 1}` +
        ` is out of range; ${kind} has the labels 0 to ${classes - 1}`,
      archiveHelp(kind),
    );
  }
  return { image: interleave(buffer.subarray(labelBytes)), label };
}

/** From planes (3, 32, 32), red before green before blue, to (32, 32, 3). */
function interleave(planes: Uint8Array): Sample["image"] {
  const pixels = new Uint8Array(3 * plane);
  for (let i = 0, at = 0; i < plane; i++) {
    pixels[at++] = planes[i] ?? 0;
    pixels[at++] = planes[plane + i] ?? 0;
    pixels[at++] = planes[2 * plane + i] ?? 0;
  }
  return { pixels, height: side, width: side, channels: 3 };
}

function recordBytes(kind: CifarKind): number {
  return cifarFormats[kind].labelBytes + 3 * plane;
}

function missingOr(kind: CifarKind, path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  if (errorCode(error) === "ENOENT") return new DataError(`${path} is missing`, archiveHelp(kind));
  return new DataError(`${path} cannot be read: ${refusalOf(error)}`);
}
