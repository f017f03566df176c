/**
 * The safetensors format (https://github.com/huggingface/safetensors, "Format") for tensors of float32,
 * for other floats, which are read as float32, and for counters of 64 bits:
 * eight bytes with the header's length N as an unsigned little-endian number; N bytes of JSON that
 * map each tensor's name to its dtype, shape and range of bytes, and `__metadata__` to a map of
 * strings; then the tensors' little-endian bytes without gaps. A file that breaks a rule is an
 * error, never a read out of bounds. Tensors are not copied, on either way, where they need not be.
 */
import { createScanner } from "jsonc-parser";
import { bracketed } from "../diagnostics/lists.js";
import type { NamedTensor } from "../engines/engine.js";
import { elementCount } from "../shapes/index.js";
import { bytesOfDtype, floatsOf, readableDtypes } from "./dtypes.js";
import { DamagedFileError } from "./errors.js";
import { isRecord } from "./json-values.js";

export interface TensorFile {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** Tensors of int64, such as PyTorch's `num_batches_tracked`. */
  readonly integers?: ReadonlyMap<string, IntegerTensor>;
}

export interface IntegerTensor {
  readonly shape: readonly number[];
  readonly data: BigInt64Array;
}

/** Bytes that are not a safetensors file, or one with a number format that is not read. */
export class SafetensorsError extends DamagedFileError {
  override readonly name = "SafetensorsError";
}

/** The longest header that the format's reference implementation reads, in bytes. */
const maximumHeaderLength = 100_000_000;

/** Kinds of the scanner's tokens, whose enumeration leaves nothing behind to import. */
const token = { openBrace: 1, closeBrace: 2, colon: 6, string: 10, end: 17 } as const;

const metadataKey = "__metadata__";
const bytesPerValue = 4;
const bytesPerInteger = 8;
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * The file as chunks of bytes, to be written one after the other. The chunks of the tensors are
 * views of their values: write them before the values change.
 *
 * @throws RangeError if a tensor's shape does not fit its values, or its name is `__metadata__`.
 */
export function encodeSafetensors(file: TensorFile): Uint8Array[] {
  const entries: [string, unknown][] = [[metadataKey, Object.fromEntries(file.metadata)]];
  const chunks: Uint8Array[] = [];
  let end = 0;
  const append = (
    name: string,
    dtype: string,
    { shape, data }: NamedTensor | IntegerTensor,
    bytes: Uint8Array,
  ): void => {
    if (name === metadataKey) throw new RangeError(`a tensor cannot be named ${metadataKey}`);
    if (data.length !== elementCount(shape)) {
      throw new RangeError(`${name}: ${data.length} values for ${bracketed(shape)}`);
    }
    const start = end;
    end += bytes.length;
    entries.push([name, { dtype, shape, data_offsets: [start, end] }]);
    chunks.push(bytes);
  };
  // The wider numbers first, so that all are aligned.
  for (const [name, tensor] of file.integers ?? []) {
    append(name, "I64", tensor, integerBytes(tensor.data));
  }
  for (const [name, tensor] of file.tensors) append(name, "F32", tensor, tensorBytes(tensor.data));
  return [headerBytes(JSON.stringify(Object.fromEntries(entries))), ...chunks];
}

/** The length and the JSON, filled up with spaces so that the tensors begin at a multiple of 8. */
function headerBytes(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > maximumHeaderLength) throw new RangeError(`the header has ${length} bytes`);
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}

/** The bytes of numbers as a file has them, little-endian: a view of them where the machine has them so too. */
export function tensorBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return littleEndian ? bytes : reversed(bytes);
}

function integerBytes(values: BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesPerInteger);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setBigInt64(i * bytesPerInteger, value, true));
  return bytes;
}

/** A copy with the bytes of every value in the opposite order, for big-endian machines. */
function reversed(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (let i = 0; i < copy.length; i += bytesPerValue) {
    copy.subarray(i, i + bytesPerValue).reverse();
  }
  return copy;
}

/**
 * The header's length that the file's first eight bytes give.
 *
 * @param fileLength bytes in the whole file.
 * @throws SafetensorsError if there is no room for it, in the file or in reason.
 */
export function headerLength(bytes: Uint8Array, fileLength: number): number {
  if (bytes.length < 8) {
    throw new SafetensorsError(`it ends after ${bytes.length} bytes, before the header's length`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maximumHeaderLength)) {
    throw new SafetensorsError(`its header would have ${length} bytes, more than any real one`);
  }
  if (Number(length) > fileLength - 8) {
    throw new SafetensorsError(
      `it is cut short: its header has ${length} bytes and the file only ${fileLength}`,
    );
  }
  return Number(length);
}

/**
 * Metadata and tensors of a whole file. The tensors are views of `bytes` where their alignment (and
 * the machine's byte order) allows it, in the order in which they stand in the file.
 *
 * @throws SafetensorsError saying which rule of the format is broken.
 */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  const length = headerLength(bytes, bytes.length);
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const data = bytes.subarray(8 + length);
  const entries: Entry[] = [];
  let metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataKey) metadata = metadataOf(value);
    else entries.push(entryOf(name, value));
  }
  entries.sort((left, right) => left.start - right.start || left.end - right.end);
  checkCoverage(entries, data.length);
  const tensors = new Map<string, NamedTensor>();
  const integers = new Map<string, IntegerTensor>();
  for (const { name, dtype, shape, start, end } of entries) {
    const bytes = data.subarray(start, end);
    if (dtype === "I64") integers.set(name, { shape, data: integersOf(bytes) });
    else tensors.set(name, { shape, data: floatsOf(name, dtype, bytes) });
  }
  return { metadata, tensors, ...(integers.size > 0 && { integers }) };
}

/**
 * The metadata that a header holds, without the tensors after it.
 *
 * @param header the bytes between the header's length and the tensors.
 * @throws SafetensorsError where it is no header.
 */
export function decodeMetadata(header: Uint8Array): ReadonlyMap<string, string> {
  const entries = new Map(Object.entries(parseHeader(header)));
  return metadataOf(entries.get(metadataKey) ?? {});
}

function parseHeader(bytes: Uint8Array): object {
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
    refuseRepeated(text);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    throw new SafetensorsError("its header is not JSON");
  }
  if (!isRecord(header)) throw new SafetensorsError("its header is not a JSON object");
  return header;
}

/**
 * JSON leaves open which of two values of one name counts.
 *
 * @param json is JSON: in it a colon stands after a name, and nowhere else.
 */
function refuseRepeated(json: string): void {
  const scanner = createScanner(json, true);
  const open: Set<string>[] = [];
  let text = "";
  while (scanner.scan() !== token.end) {
    const kind = scanner.getToken();
    if (kind === token.string) text = scanner.getTokenValue();
    else if (kind === token.openBrace) open.push(new Set());
    else if (kind === token.closeBrace) open.pop();
    else if (kind === token.colon) {
      if (open.at(-1)?.has(text)) {
        const what = open.length === 1 ? "tensors of the name" : "values of";
        throw new SafetensorsError(`its header has two ${what} ${text}`);
      }
      open.at(-1)?.add(text);
    }
  }
}

function metadataOf(value: unknown): Map<string, string> {
  if (!isRecord(value)) throw new SafetensorsError("its metadata is not a JSON object");
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw new SafetensorsError(`its metadata ${key} is not a string`);
    metadata.set(key, text);
  }
  return metadata;
}

function entryOf(name: string, value: unknown): Entry {
  const problem = (what: string) => new SafetensorsError(`its tensor ${name} ${what}`);
  if (!isRecord(value)) throw problem("is not described by a JSON object");
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype === undefined) throw problem("has no dtype");
  const width = dtype === "I64" ? bytesPerInteger : bytesOfDtype(String(dtype));
  if (typeof dtype !== "string" || width === undefined) {
    const known = [...readableDtypes, "I64"].join(", ");
    throw problem(`is of dtype ${JSON.stringify(dtype)}, not one of ${known}`);
  }
  if (!isWholeNumbers(shape)) throw problem("has a shape that is not a list of whole numbers");
  if (!isWholeNumbers(offsets)) throw problem("has offsets that are not whole numbers");
  const [start, end] = offsets;
  if (start === undefined || end === undefined || offsets.length > 2) {
    throw problem("does not have two offsets");
  }
  const length = elementCount(shape) * width;
  if (end - start !== length) {
    throw problem(`has shape ${bracketed(shape)}, ${length} bytes, but offsets ${start}, ${end}`);
  }
  return { name, dtype, shape, start, end };
}

/** Every byte of the data belongs to exactly one tensor. */
function checkCoverage(entries: readonly Entry[], dataLength: number): void {
  let end = 0;
  for (const entry of entries) {
    if (entry.start !== end) {
      throw new SafetensorsError(
        `its tensor ${entry.name} begins at ${entry.start}, not at ${end}`,
      );
    }
    end = entry.end;
  }
  if (dataLength < end) {
    throw new SafetensorsError(
      `it is cut short: ${dataLength} of ${end} bytes of tensors are there`,
    );
  }
  if (dataLength > end) {
    throw new SafetensorsError(`${dataLength - end} bytes follow its last tensor`);
  }
}

function integersOf(bytes: Uint8Array): BigInt64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return BigInt64Array.from({ length: bytes.length / bytesPerInteger }, (_, i) =>
    view.getBigInt64(i * bytesPerInteger, true),
  );
}

function isWholeNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
