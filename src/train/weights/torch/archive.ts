/**
 * The files of PyTorch since 1.6: a ZIP archive with one folder, in it `data.pkl`, the pickle of what was saved;
 * `data/KEY`, the bytes of each storage, which are not compressed; and `byteorder`. Sources: torch/serialization.py,
 * `_load`; caffe2/serialize/inline_container.h.
 */
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import zlib from "node:zlib";
import yauzl from "yauzl";
import { errorCode } from "../../../storage/error-code.js";
import { messageOf } from "../../data/file-errors.js";
import { CheckpointError } from "../../errors.js";
import { readBytes } from "../../tensor-file.js";
import { unpickle } from "./pickle.js";
import { programAdvice } from "./python-advice.js";
import { TorchObjects } from "./stored-tensors.js";
import { longestPickle, type TorchContent } from "./torch-content.js";
import { TorchFileError } from "./torch-file-error.js";

/** Of a large state dictionary with its optimizer, not a fifth. */
const mostEntries = 50_000;
const bytesPerRead = 1 << 20;

/**
 * @param size bytes in the file.
 * @throws TorchFileError where it is damaged.
 * @throws CheckpointError where it is an archive of something else.
 */
export async function openArchive(
  path: string,
  handle: FileHandle,
  size: number,
): Promise<TorchContent> {
  const archive = await Archive.open(handle, size);
  const pickle = archive.names.find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw new CheckpointError(
      `${path} is a ZIP archive without a data.pkl, not a file of PyTorch`,
      "unpack it, and name the file of weights in it",
    );
  }
  const folder = pickle.replace(/data\.pkl$/, "");
  if (archive.names.includes(`${folder}constants.pkl`)) {
    throw new CheckpointError(
      `${path} is a program of TorchScript, not weights alone`,
      programAdvice(path),
    );
  }
  const order = await archive.textOf(`${folder}byteorder`);
  const saved = unpickle(await archive.bytesOf(pickle, longestPickle), new TorchObjects()).value;
  const isOtherOrder = order !== undefined && order !== "little";
  return {
    saved,
    ...(isOtherOrder && {
      unread: `has numbers whose bytes are in the order ${order}, not little`,
    }),
    async bytesOf({ key, format, count }) {
      const bytes = await archive.bytesOf(`${folder}data/${key}`, size);
      const wanted = count * format.bytes;
      if (bytes.length === wanted) return bytes;
      throw new TorchFileError(
        `its storage ${key} has ${bytes.length} bytes, and should have ${wanted}`,
      );
    },
  };
}

/** The files in a ZIP archive, by their names. */
class Archive {
  private constructor(
    private readonly zip: yauzl.ZipFile,
    private readonly entries: ReadonlyMap<string, yauzl.Entry>,
  ) {}

  static async open(handle: FileHandle, size: number): Promise<Archive> {
    const zip = await new Promise<yauzl.ZipFile>((done, failed) => {
      const options = { lazyEntries: true, autoClose: false };
      yauzl.fromRandomAccessReader(new HandleReader(handle), size, options, (error, opened) =>
        error === null ? done(opened) : failed(damaged(error)),
      );
    });
    if (zip.entryCount > mostEntries) {
      throw new TorchFileError(
        `its ZIP archive would have ${zip.entryCount} files, more than any real one`,
      );
    }
    const entries = new Map<string, yauzl.Entry>();
    await new Promise<void>((done, failed) => {
      zip.on("error", (error) => failed(damaged(error)));
      zip.on("end", done);
      zip.on("entry", (entry: yauzl.Entry) => {
        entries.set(entry.fileName, entry);
        zip.readEntry();
      });
      zip.readEntry();
    });
    return new Archive(zip, entries);
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** A short text; undefined where there is no such file. */
  async textOf(name: string): Promise<string | undefined> {
    if (!this.entries.has(name)) return undefined;
    return new TextDecoder().decode(await this.bytesOf(name, longestPickle));
  }

  /** @param most bytes that it may have. @throws TorchFileError where it has more, is missing or damaged. */
  async bytesOf(name: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new TorchFileError(`its ${name} is missing`);
    if (entry.isCompressed()) {
      throw new TorchFileError(`its ${name} is compressed, as PyTorch writes none`);
    }
    if (entry.uncompressedSize > most) {
      throw new TorchFileError(`its ${name} would have ${entry.uncompressedSize} bytes`);
    }
    const bytes = new Uint8Array(entry.uncompressedSize);
    let length = 0;
    try {
      for await (const chunk of await this.#streamOf(entry)) {
        bytes.set(chunk as Uint8Array, length);
        length += (chunk as Uint8Array).length;
      }
    } catch (error) {
      const isKnown = error instanceof TorchFileError || errorCode(error) !== undefined;
      throw isKnown ? error : damaged(error);
    }
    refuseOtherSum(entry, bytes);
    return bytes;
  }

  #streamOf(entry: yauzl.Entry): Promise<Readable> {
    return new Promise((done, failed) => {
      this.zip.openReadStream(entry, (error, stream) =>
        error === null ? done(stream) : failed(damaged(error)),
      );
    });
  }
}

/** A file that is open, as the archive is read. A place that no file has is an error there, never thrown past it. */
class HandleReader extends yauzl.RandomAccessReader {
  constructor(private readonly handle: FileHandle) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    readBytes(this.handle, buffer.subarray(offset, offset + length), position).then(
      (read) => callback(null, read.length),
      (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error))),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#chunks(start, end));
  }

  async *#chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; at += bytesPerRead) {
      yield await readBytes(this.handle, new Uint8Array(Math.min(bytesPerRead, end - at)), at);
    }
  }
}

/** Checks what a file of an archive says of its bytes; PyTorch can be told not to say it. */
function refuseOtherSum({ fileName, crc32 }: yauzl.Entry, bytes: Uint8Array): void {
  // Node has it from 20.15 on.
  const sum = (zlib as Partial<typeof zlib>).crc32?.(bytes);
  if (crc32 === 0 || sum === undefined || sum === crc32) return;
  throw new TorchFileError(`its ${fileName} is not as it was written: its checksum is another`);
}

function damaged(error: unknown): TorchFileError {
  if (messageOf(error).startsWith("End of central directory record signature not found")) {
    return new TorchFileError(
      "it is cut short: a ZIP archive ends with its directory, and this has none",
    );
  }
  return new TorchFileError(`its ZIP archive is damaged or cut short: ${messageOf(error)}`);
}
