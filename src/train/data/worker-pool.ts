/**
 * Threads that make batches while the one that asks does something else. They start with the first
 * epoch that needs them, are kept for those that follow, and hold no process open. One that dies is an
 * error of every batch that it owes and of every later one, never a wait without end.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import type { Batch } from "../../engines/engine.js";
import { startThread } from "../../engines/own-thread.js";
import { readFrame, type Frame, type MakingOptions, type Outcome } from "./batch-maker.js";
import type { Maker } from "./batches.js";
import { DataError, type Split } from "./data-set.js";
import { decoderCount, decoderFile, Decoders, manySmall } from "./decoders.js";
import type { SplitSource } from "./split-source.js";
import { receivedError, type FromWorker, type ToWorker } from "./worker-protocol.js";

/** The way from a split to the threads that make its batches. */
export interface SplitThreads {
  /** The maker of one epoch; undefined where there are no threads. */
  maker(options: MakingOptions): Maker | undefined;
}

/** How long a thread that is told to close may take, in milliseconds. */
const closingTime = 5_000;

/** How many threads make batches: one for every core but one, at most eight; none on a single core. */
export function threadCount(cores = availableParallelism()): number {
  return Math.min(8, cores - 1);
}

/**
 * The file that a thread starts from, beside this one or in the folder of chunks, as the build lays it;
 * undefined where the code runs from its sources.
 */
export function workerFile(): URL | undefined {
  const places = ["./data-worker.js", "./chunks/data-worker.js"];
  const files = places.map((place) => new URL(place, import.meta.url));
  return files.find((file) => existsSync(fileURLToPath(file)));
}

export class WorkerPool {
  readonly #threads: WorkerThread[] = [];
  readonly #decoders: Decoders | undefined;
  #splits = 0;
  #epochs = 0;
  #closed = false;

  /**
   * @param file of `workerFile`. @param count how many threads.
   * @param processes how many decode small images ahead of them.
   */
  constructor(
    private readonly file: URL,
    private readonly count: number,
    processes = decoderCount(),
  ) {
    const decoder = processes === 0 ? undefined : decoderFile(file);
    this.#decoders = decoder && new Decoders(decoder, processes);
  }

  /** Ties a split that has a source to these threads. */
  adopt(split: Split): Split {
    const { source } = split;
    if (source === undefined) return split;
    const known = { number: this.#splits++, source };
    const many = manySmall(source, split.size);
    let endDecoding: (() => void) | undefined;
    const maker = (options: MakingOptions): Maker => {
      const { preprocess, augment, sizes, seed, epoch, parallel } = options;
      const plain = {
        ...{ preprocess, augment, seed, epoch },
        ...(sizes && { sizes }),
        ...(parallel !== undefined && { parallel }),
      };
      const threads = this.#start();
      if (many) endDecoding ??= this.#decoders?.start(many.source, many.kept);
      return new PooledMaker(threads, split, known, this.#epochs++, plain, endDecoding);
    };
    return { ...split, threads: { maker } };
  }

  /** Ends the threads; what is still asked of them fails. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = this.#threads.splice(0).map((thread) => thread.close());
    await Promise.all([...threads, this.#decoders?.close()]);
  }

  #start(): readonly WorkerThread[] {
    if (this.#closed) throw new DataError("the data set has been closed");
    while (this.#threads.length < this.count) this.#threads.push(new WorkerThread(this.file));
    return this.#threads;
  }
}

interface KnownSplit {
  readonly number: number;
  readonly source: SplitSource;
}

/** One epoch over the threads: each batch goes to the thread that owes the fewest. */
class PooledMaker implements Maker {
  readonly width: number;
  #frame: Promise<Frame> | undefined;
  #stopped = false;

  constructor(
    private readonly threads: readonly WorkerThread[],
    private readonly split: Split,
    private readonly known: KnownSplit,
    private readonly epoch: number,
    private readonly options: MakingOptions,
    private readonly onStop: () => void = () => undefined,
  ) {
    this.width = threads.length;
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const thread of this.threads) thread.end(this.epoch);
    this.onStop();
  }

  async outcome(number: number, indices: Uint32Array): Promise<Outcome> {
    try {
      // All threads hold samples against the epoch's first one, as one thread would.
      this.#frame ??= readFrame(this.split, this.options, indices[0] ?? 0);
      const frame = await this.#frame;
      if (this.#stopped) throw new Error("the iteration over the batches has ended");
      const thread = this.threads.reduce((a, b) => (b.owed < a.owed ? b : a));
      const { known, epoch, options } = this;
      thread.begin(known, { kind: "begin", epoch, split: known.number, options, frame });
      // A copy of its own: what is sent is the whole buffer behind an array.
      return { batch: await thread.make(epoch, number, indices.slice()) };
    } catch (error) {
      return { error };
    }
  }
}

interface Waiting {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

class WorkerThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #splits = new Set<number>();
  readonly #epochs = new Set<number>();
  #next = 0;
  #ended: DataError | undefined;

  constructor(file: URL) {
    this.#worker = startThread(file);
    this.#worker.unref();
    this.#worker.on("message", (answer: FromWorker) => this.#take(answer));
    this.#worker.on("messageerror", (error) => this.#end(error.message));
    this.#worker.on("error", (error) => this.#end(String(error)));
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        this.#end(`it ended with code ${code}`);
        resolve();
      });
    });
  }

  /** How many batches it has been asked for and has not given. */
  get owed(): number {
    return this.#waiting.size;
  }

  /** Makes an epoch known to the thread, and its split; once each. */
  begin({ number, source }: KnownSplit, message: Extract<ToWorker, { kind: "begin" }>): void {
    if (this.#epochs.has(message.epoch)) return;
    this.#epochs.add(message.epoch);
    if (!this.#splits.has(number)) this.#send({ kind: "split", split: number, source });
    this.#splits.add(number);
    this.#send(message);
  }

  /** @throws DataError if the sample cannot be read or the thread has died. */
  make(epoch: number, number: number, indices: Uint32Array): Promise<Batch> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // While something is waited for, the process must go on.
      this.#worker.ref();
      this.#send({ kind: "make", id, epoch, number, indices });
    });
  }

  end(epoch: number): void {
    if (this.#epochs.delete(epoch)) this.#send({ kind: "end", epoch });
  }

  async close(): Promise<void> {
    this.#ended ??= new DataError("the data set has been closed");
    this.#worker.ref();
    this.#send({ kind: "close" });
    const late = setTimeout(() => void this.#worker.terminate(), closingTime);
    await this.#exited;
    clearTimeout(late);
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #take(answer: FromWorker): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("error" in answer) waiting?.reject(receivedError(answer.error));
    else waiting?.resolve(answer.batch);
  }

  #end(why: string): void {
    this.#ended ??= new DataError(
      `a thread that prepares images has died: ${why}`,
      "go on from the last checkpoint with `--resume`; a smaller `batch` needs less memory",
    );
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
