/**
 * Processes that decode small images ahead of the threads that make batches, into the memory that those share. The library
 * that decodes takes locks of its whole process for every image, so that where images are small, threads wait for each other:
 * 16 cores decode no more than one. Processes only save time: what does not come from them, the threads decode.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { frameReader, imagePipe, type DecodingJob } from "./decoder-protocol.js";
import { freeMemory } from "./free-memory.js";
import { keeper } from "./kept-images.js";
import type { SplitSource } from "./split-source.js";

/** Decoded sooner than the processes would have started. */
const few = 2_000;
/** Of a process that decodes, in bytes. */
const processBytes = 2 ** 27;

/** How many processes decode: one for every core but two, at most 16; none where cores or memory are short. */
export function decoderCount(cores = availableParallelism(), free = freeMemory()): number {
  return cores < 4 ? 0 : Math.min(16, cores - 2, Math.floor(free / 2 / processBytes));
}

/** The file that such a process starts from, beside that of the threads; undefined where there is none. */
export function decoderFile(worker: URL): URL | undefined {
  const file = new URL("./data-decoder.js", worker);
  return existsSync(fileURLToPath(file)) ? file : undefined;
}

/** Whether the images of a split are worth it. */
export function areManySmall(source: SplitSource, size: number): boolean {
  return source.kind === "folder" && source.kept !== undefined && size >= few;
}

export class Decoders {
  readonly #running = new Set<Decoder>();

  constructor(
    private readonly file: URL,
    private readonly count: number,
  ) {}

  /** Begins to decode the images of a split that are to be kept. @returns what ends that, where it has not ended. */
  start(source: SplitSource): () => void {
    if (source.kind !== "folder" || source.kept === undefined) return () => undefined;
    const { folder, classes, kept } = source;
    const { height, width, channels } = kept;
    const put = keeper(kept);
    const begun: Decoder[] = [];
    for (let part = 0; part < this.count; part++) {
      const size = { height, width, channels };
      const job: DecodingJob = { folder, classes, size, part, parts: this.count };
      const decoder = new Decoder(this.file, job, frameReader(height * width * channels, put));
      begun.push(decoder);
      this.#running.add(decoder);
      void decoder.ended.then(() => this.#running.delete(decoder));
    }
    return () => begun.forEach((decoder) => decoder.kill());
  }

  /** Waits until all that was begun is decoded, or can be no more. */
  async finished(): Promise<void> {
    await Promise.all([...this.#running].map((decoder) => decoder.wait()));
  }

  /** Ends the processes. */
  async close(): Promise<void> {
    for (const decoder of this.#running) decoder.kill();
    await this.finished();
  }
}

/** One process, which holds this one open only while its end is waited for. */
class Decoder {
  readonly #child: ChildProcess;
  readonly #pipes: readonly Socket[];
  /** However it ends, and where it does not even begin: the threads decode what is missing. */
  readonly ended: Promise<void>;

  constructor(file: URL, job: DecodingJob, take: (piece: Uint8Array) => void) {
    const child = spawn(process.execPath, [fileURLToPath(file)], {
      stdio: ["pipe", "ignore", "ignore", "pipe"],
      windowsHide: true,
    });
    const [input, images] = [child.stdio[0], child.stdio[imagePipe]] as [Socket, Socket];
    this.#child = child;
    this.#pipes = [input, images];
    this.ended = new Promise((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => resolve());
    });
    for (const pipe of this.#pipes) pipe.on("error", () => this.kill());
    images.on("data", take);
    input.end(JSON.stringify(job));
    for (const each of [child, ...this.#pipes]) each.unref();
  }

  kill(): void {
    this.#child.kill();
  }

  async wait(): Promise<void> {
    for (const each of [this.#child, ...this.#pipes]) each.ref();
    await this.ended;
  }
}
