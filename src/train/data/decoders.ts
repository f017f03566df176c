/**
 * Processes that decode small images ahead of the threads that make batches. They send pixels through pipes to this process,
 * which puts them into the memory that the threads share. The library that decodes takes locks of its whole process for every image, so that where images are small, threads wait for each other:
 * 16 cores decode no more than one. Processes only save time: what does not come from them, the threads decode.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { frameReader, imagePipe, type DecodingJob } from "./decoder-protocol.js";
import { freeMemory } from "./free-memory.js";
import { storeOf, type Keepable, type KeptImages } from "./kept-images.js";
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

/** The source of a split whose images are worth it, and where they are kept. */
export function manySmall(
  source: SplitSource,
  size: number,
): { readonly source: FolderSource; readonly kept: KeptImages } | undefined {
  if (source.kind !== "folder" || source.kept === undefined || size < few) return undefined;
  return { source, kept: source.kept };
}

type FolderSource = Extract<SplitSource, { kind: "folder" }>;

/** The files of a part, in the order of their numbers. */
function pathsOf(
  { classes }: FolderSource,
  { part, parts }: Pick<DecodingJob, "part" | "parts">,
): readonly string[] {
  const paths: string[] = [];
  let index = 0;
  for (const { folder, files } of classes) {
    for (const file of files) if (index++ % parts === part) paths.push(join(folder, file));
  }
  return paths;
}

/** In milliseconds: of a clock of which nothing is wanted but that it runs. */
const longWait = 60_000;

/** Frames from one look at whether all images are known to the next. */
const betweenLooks = 512;

export class Decoders {
  readonly #runs = new Set<DecodingRun>();

  constructor(
    private readonly file: URL,
    private readonly count: number,
  ) {}

  /**
   * Begins to decode the images of a split that are to be kept.
   * @returns what ends that where all of them are known by now.
   */
  start(source: FolderSource, kept: KeptImages): () => void {
    const run = new DecodingRun(this.file, this.count, source, kept);
    this.#runs.add(run);
    return () => run.endIfDone();
  }

  /** Waits until all that was begun is decoded, or can be no more. */
  async finished(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.finished()));
  }

  /** Ends the processes. */
  async close(): Promise<void> {
    for (const run of this.#runs) run.end();
    await this.finished();
  }
}

/** The processes that decode one split. */
class DecodingRun {
  readonly #known: Int32Array;
  readonly #put: (image: Keepable) => void;
  readonly #decoders: Decoder[] = [];
  readonly #begun: Promise<void>;
  #frames = 0;
  #isOver = false;

  constructor(
    private readonly file: URL,
    private readonly count: number,
    private readonly source: FolderSource,
    private readonly kept: KeptImages,
  ) {
    this.#known = new Int32Array(kept.known);
    this.#put = storeOf(kept).put;
    this.#begun = this.#begin();
  }

  /** One in each turn of the event loop, for which others wait too. */
  async #begin(): Promise<void> {
    const { height, width, channels } = this.kept;
    const take = (image: Keepable): void => {
      this.#put(image);
      if (++this.#frames % betweenLooks === 0) this.endIfDone();
    };
    for (let part = 0; part < this.count; part++) {
      await setImmediate();
      if (this.#isOver) return;
      const of = { part, parts: this.count };
      const size = { height, width, channels };
      const job: DecodingJob = { size, paths: pathsOf(this.source, of), ...of };
      const decoder = Decoder.start(this.file, job, frameReader(height * width * channels, take));
      // Where there is no place for one more process, there is none for others.
      if (decoder === undefined) return;
      this.#decoders.push(decoder);
    }
  }

  endIfDone(): void {
    if (this.#known.every((state) => state > 0)) this.end();
  }

  end(): void {
    this.#isOver = true;
    for (const decoder of this.#decoders) decoder.kill();
  }

  async finished(): Promise<void> {
    await this.#begun;
    // The processes hold this one open no more; whoever waits for them does.
    const open = setInterval(() => undefined, longWait);
    try {
      await Promise.all(this.#decoders.map(({ ended }) => ended));
    } finally {
      clearInterval(open);
    }
  }
}

/** One process, which holds this one open only while its end is waited for. */
class Decoder {
  private constructor(
    private readonly child: ChildProcess,
    /** However it ends: the threads decode what is missing. */
    readonly ended: Promise<void>,
  ) {}

  /** @returns undefined where it cannot be started. */
  static start(
    file: URL,
    job: DecodingJob,
    take: (piece: Uint8Array) => void,
  ): Decoder | undefined {
    let child: ChildProcess;
    try {
      child = spawn(process.execPath, [fileURLToPath(file)], {
        stdio: ["pipe", "ignore", "ignore", "pipe"],
        windowsHide: true,
      });
    } catch (error) {
      // Memory, or a permission, is missing. Any other mistake is ours.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      return undefined;
    }
    const ended = new Promise<void>((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => resolve());
    });
    // Without descriptors for its pipes, it has none.
    const pipes = (child.stdio ?? []) as readonly (Socket | null | undefined)[];
    const [input, images] = [pipes[0], pipes[imagePipe]];
    if (!input || !images) return undefined;
    for (const pipe of [input, images]) pipe.on("error", () => child.kill());
    images.on("data", take);
    input.write(`${JSON.stringify(job)}\n`);
    for (const each of [child, input, images]) each.unref();
    return new Decoder(child, ended);
  }

  kill(): void {
    this.child.kill();
  }
}
