/** Writes pickles of protocol 2 by hand, for values that PyTorch would not save. */

export type Pickle = Buffer;

const code = (text: string): Buffer => Buffer.from(text, "latin1");

function length(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(count);
  return bytes;
}

export const none = code("N");

export function text(value: string): Pickle {
  return Buffer.concat([code("X"), length(Buffer.byteLength(value)), Buffer.from(value)]);
}

/** A whole number of up to eight bytes. */
export function whole(value: number | bigint): Pickle {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return Buffer.concat([code("\x8a\x08"), bytes]);
}

export function tuple(...items: readonly Pickle[]): Pickle {
  return Buffer.concat([code("("), ...items, code("t")]);
}

export function list(...items: readonly Pickle[]): Pickle {
  return Buffer.concat([code("]("), ...items, code("e")]);
}

export function dictionary(entries: Readonly<Record<string, Pickle>>): Pickle {
  const items = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([code("}("), ...items, code("u")]);
}

export function global(module: string, name: string): Pickle {
  return code(`c${module}\n${name}\n`);
}

export function call(callee: Pickle, ...given: readonly Pickle[]): Pickle {
  return Buffer.concat([callee, tuple(...given), code("R")]);
}

export interface StoredAs {
  readonly key?: string;
  readonly kind?: string;
  readonly count: number | bigint;
  readonly offset?: number | bigint;
  readonly shape: readonly (number | bigint)[];
  readonly strides: readonly (number | bigint)[];
}

/** A tensor of a file before PyTorch 1.6. */
export function tensor({ key = "0", kind = "Float", offset = 0, ...given }: StoredAs): Pickle {
  const type = global("torch", `${kind}Storage`);
  const id = tuple(text("storage"), type, text(key), text("cpu"), whole(given.count), none);
  const storage = Buffer.concat([id, code("Q")]);
  const [shape, strides] = [given.shape, given.strides].map((each) => tuple(...each.map(whole)));
  const rebuild = global("torch._utils", "_rebuild_tensor_v2");
  return call(rebuild, storage, whole(offset), shape ?? none, strides ?? none);
}

/** A pickle as a file has it. */
export function pickled(value: Pickle): Buffer {
  return Buffer.concat([code("\x80\x02"), value, code(".")]);
}

const magicNumber = code("\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19");

/** A file as PyTorch wrote it before 1.6. @param storages each with its key and how many floats it has, all zero. */
export function legacyFile(saved: Pickle, storages: Readonly<Record<string, number>> = {}): Buffer {
  const keys = Object.keys(storages).map(text);
  const numbers = Object.values(storages).map((count) => {
    const bytes = Buffer.alloc(8 + 4 * count);
    bytes.writeBigInt64LE(BigInt(count));
    return bytes;
  });
  const pickles = [magicNumber, whole(1001), dictionary({}), saved, list(...keys)].map(pickled);
  return Buffer.concat([...pickles, ...numbers]);
}
