/**
 * One epoch as batches, in a given order and from a given batch on. What a batch holds depends on its
 * number alone, so a resumed epoch goes on with what the unbroken one would have given. A fixed number
 * of batches is made ahead, in other threads where the split has some; memory does not grow with it.
 */
import type { Batch } from "../../engines/engine.js";
import { randomKey, randomPermutation } from "../../random/random.js";
import { BatchMaker, type MakingOptions, type Outcome } from "./batch-maker.js";
import { DataError, type Split } from "./data-set.js";

export interface BatchesOptions extends MakingOptions {
  /** Sample indices in the order of the epoch. */
  readonly order: Uint32Array;
  /** The number of the first batch, counted from 0; those before it are not read. */
  readonly from: number;
  /** Images per batch; the last batch of an epoch may have fewer. */
  readonly batch: number;
  /** Ends the iteration by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** How many batches are made ahead of the one in use, besides one per thread. Default 2. */
  readonly ahead?: number;
  /** Is told how long each batch was waited for, in milliseconds. */
  readonly onWait?: (milliseconds: number) => void;
}

/** What makes the batches of an epoch; they are asked for in order, each before those before it are done. */
export interface Maker {
  /** How many batches are made at once. */
  readonly width: number;
  /** @param number the batch's place in the epoch. @returns the batch or its error; never rejects. */
  outcome(number: number, indices: Uint32Array): Promise<Outcome>;
  /** Lets what is being made come to an end soon, with an error. */
  stop(): void;
}

/** The order of `epoch`: an exact permutation of 0 … size - 1, or that range itself unshuffled. */
export function epochOrder(
  seed: number,
  epoch: number,
  size: number,
  shuffle: boolean,
): Uint32Array {
  if (shuffle) return randomPermutation(randomKey("order", seed, epoch), size);
  return Uint32Array.from({ length: size }, (_, index) => index);
}

/** How many batches an epoch of `size` samples has. */
export function batchCount(size: number, batch: number, dropLast = false): number {
  return dropLast ? Math.floor(size / batch) : Math.ceil(size / batch);
}

/**
 * The batches of one epoch, in order. Leaving the loop early ends the reading ahead; what is being
 * read by then is waited for, so that the data can be closed afterwards.
 *
 * @throws DataError if a sample cannot be read, or differs in size or channels from the others, or a
 * thread that reads them has died.
 * @throws the reason of `signal` once it is aborted.
 */
export async function* batches(
  split: Split,
  options: BatchesOptions,
): AsyncGenerator<Batch, void, void> {
  const { order, batch: size, from, signal, onWait, ahead = 2 } = options;
  const total = batchCount(order.length, size, options.dropLast);
  requireSensible(options, total);
  const maker = makerFor(split, options, total - from);
  const made: Promise<Outcome>[] = [];
  let next = from;
  const makeAhead = (count: number): void => {
    for (; made.length < count && next < total; next++) {
      const indices = order.subarray(next * size, Math.min(order.length, (next + 1) * size));
      made.push(maker.outcome(next, indices));
    }
  };
  const stop = (): void => maker.stop();
  signal?.addEventListener("abort", stop);
  try {
    for (;;) {
      signal?.throwIfAborted();
      makeAhead(ahead + maker.width);
      const first = made.shift();
      if (first === undefined) return;
      const asked = performance.now();
      const outcome = await first;
      onWait?.(performance.now() - asked);
      if ("error" in outcome) {
        signal?.throwIfAborted();
        throw outcome.error;
      }
      yield outcome.batch;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    maker.stop();
    await Promise.all(made);
  }
}

/** Other threads are worth asking where there is something to make ahead. */
function makerFor(split: Split, options: BatchesOptions, count: number): Maker {
  return (count > 1 ? split.threads?.maker(options) : undefined) ?? new BatchMaker(split, options);
}

function requireSensible(
  { from, batch, ahead, parallel, augment }: BatchesOptions,
  total: number,
): void {
  const whole = (name: string, value: number, minimum: number): void => {
    if (Number.isInteger(value) && value >= minimum) return;
    throw new RangeError(`${name} is ${value}; it must be a whole number from ${minimum}`);
  };
  whole("batch", batch, 1);
  whole("from", from, 0);
  whole("ahead", ahead ?? 0, 0);
  whole("parallel", parallel ?? 1, 1);
  for (const kind of ["mixup", "cutmix"]) {
    if (augment.filter((one) => one.kind === kind).length < 2) continue;
    throw new DataError(`\`augment\` has \`${kind}\` more than once`, "leave one of them");
  }
  if (from > total) {
    throw new DataError(
      `the epoch has ${total} batches of ${batch}; it cannot be resumed at batch ${from}`,
      "resume with the data and the batch size that the run was started with",
    );
  }
}
