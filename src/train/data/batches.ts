/**
 * One epoch as batches, in a given order and from a given batch on. What a batch holds depends on its
 * number alone, so a resumed epoch goes on with what the unbroken one would have given. A fixed number
 * of batches is made ahead; memory does not grow with the split.
 */
import type { Batch } from "../../engines/engine.js";
import { randomKey, randomPermutation } from "../../random/random.js";
import type { Augmentation, Preprocessing } from "../../recipe/recipe.js";
import { augmentationKey, augmentImage } from "./augment.js";
import { DataError, type RawImage, type Split } from "./data-set.js";
import { normalisationTable, normaliseInto, resizeImage } from "./preprocess.js";

export interface BatchesOptions {
  /** Sample indices in the order of the epoch. */
  readonly order: Uint32Array;
  /** The number of the first batch, counted from 0; those before it are not read. */
  readonly from: number;
  /** Images per batch; the last batch of an epoch may have fewer. */
  readonly batch: number;
  readonly preprocess: readonly Preprocessing[];
  /** None for validation. */
  readonly augment: readonly Augmentation[];
  readonly seed: number;
  readonly epoch: number;
  /** Ends the iteration by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** How many batches are made ahead of the one in use. Default 2. */
  readonly ahead?: number;
  /** How many samples are read side by side. Default 16. */
  readonly parallel?: number;
  /** Is told how long each batch was waited for, in milliseconds. */
  readonly onWait?: (milliseconds: number) => void;
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

/** A batch that is made, or why it could not be; never a rejection that nobody is waiting for. */
type Outcome = { readonly batch: Batch } | { readonly error: unknown };

/**
 * The batches of one epoch, in order. Leaving the loop early ends the reading ahead; what is being
 * read by then is waited for, so that the data can be closed afterwards.
 *
 * @throws DataError if a sample cannot be read, or differs in size or channels from the others.
 * @throws the reason of `signal` once it is aborted.
 */
export async function* batches(
  split: Split,
  options: BatchesOptions,
): AsyncGenerator<Batch, void, void> {
  const { order, batch: size, signal, onWait, ahead = 2 } = options;
  const total = batchCount(order.length, size, options.dropLast);
  requireSensible(options, total);
  const maker = new BatchMaker(split, options);
  const made: Promise<Outcome>[] = [];
  let next = options.from;
  // Batches are made one after another, so that at most `parallel` samples are in flight.
  let last: Promise<unknown> = Promise.resolve();
  const makeAhead = (count: number): void => {
    for (; made.length < count && next < total; next++) {
      const positions = order.subarray(next * size, Math.min(order.length, (next + 1) * size));
      const outcome = last.then(() => maker.outcome(positions));
      made.push(outcome);
      last = outcome;
    }
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      makeAhead(ahead + 1);
      const first = made.shift();
      if (first === undefined) return;
      const asked = performance.now();
      const outcome = await first;
      onWait?.(performance.now() - asked);
      if ("error" in outcome) throw outcome.error;
      yield outcome.batch;
    }
  } finally {
    maker.stop();
    await Promise.all(made);
  }
}

function requireSensible({ from, batch, ahead, parallel }: BatchesOptions, total: number): void {
  const whole = (name: string, value: number, minimum: number): void => {
    if (Number.isInteger(value) && value >= minimum) return;
    throw new RangeError(`${name} is ${value}; it must be a whole number from ${minimum}`);
  };
  whole("batch", batch, 1);
  whole("from", from, 0);
  whole("ahead", ahead ?? 0, 0);
  whole("parallel", parallel ?? 1, 1);
  if (from > total) {
    throw new DataError(
      `the epoch has ${total} batches of ${batch}; it cannot be resumed at batch ${from}`,
      "resume with the data and the batch size that the run was started with",
    );
  }
}

/** What the first sample of the epoch came out as; every other must agree with it. */
interface Frame {
  readonly image: RawImage;
  readonly sample: string;
  readonly table: Float32Array;
}

class BatchMaker {
  private stopped = false;
  private frame: Frame | undefined;

  constructor(
    private readonly split: Split,
    private readonly options: BatchesOptions,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  /** Makes a batch; after the first failure, or `stop`, only says that it has ended. */
  async outcome(indices: Uint32Array): Promise<Outcome> {
    try {
      const images = await this.readAll(indices);
      return { batch: this.assemble(indices, images) };
    } catch (error) {
      this.stop();
      return { error };
    }
  }

  /**
   * Reads the samples, up to `parallel` at once. Of several failures the first in the batch is
   * thrown: samples are begun in order, so those before it have been begun and are waited for.
   */
  private async readAll(indices: Uint32Array): Promise<Prepared[]> {
    const prepared: Prepared[] = new Array<Prepared>(indices.length);
    const failures: { position: number; error: unknown }[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < indices.length && failures.length === 0) {
        const position = next++;
        try {
          this.throwIfEnded();
          prepared[position] = await this.prepare(indices[position] ?? 0);
        } catch (error) {
          failures.push({ position, error });
        }
      }
    };
    const workers = Math.min(this.options.parallel ?? 16, indices.length);
    await Promise.all(Array.from({ length: workers }, work));
    if (failures.length > 0) {
      throw failures.reduce((a, b) => (a.position <= b.position ? a : b)).error;
    }
    return prepared;
  }

  private throwIfEnded(): void {
    this.options.signal?.throwIfAborted();
    if (this.stopped) throw new Error("the iteration over the batches has ended");
  }

  private async prepare(index: number): Promise<Prepared> {
    const { preprocess, augment, seed, epoch } = this.options;
    const { image, label } = await this.split.read(index);
    try {
      const resized = await resizeImage(image, preprocess);
      const key = augmentationKey(seed, epoch, index);
      return { image: augmentImage(resized, augment, key), label };
    } catch (error) {
      throw this.withSample(error, index);
    }
  }

  private withSample(error: unknown, index: number): unknown {
    if (!(error instanceof DataError)) return error;
    return new DataError(`${this.split.describe(index)}: ${error.message}`, error.help);
  }

  private assemble(indices: Uint32Array, prepared: readonly Prepared[]): Batch {
    const frame = this.frameOf(indices, prepared);
    const { height, width, channels } = frame.image;
    const stride = height * width * channels;
    const images = new Float32Array(prepared.length * stride);
    const labels = new Int32Array(prepared.length);
    prepared.forEach(({ image, label }, position) => {
      this.requireSame(frame, image, indices[position] ?? 0);
      normaliseInto(images, position * stride, image, frame.table);
      labels[position] = label;
    });
    return { images, shape: [prepared.length, height, width, channels], labels };
  }

  private frameOf(indices: Uint32Array, prepared: readonly Prepared[]): Frame {
    if (this.frame !== undefined) return this.frame;
    const index = indices[0] ?? 0;
    const first = prepared[0];
    if (first === undefined) throw new RangeError("a batch without samples");
    try {
      this.frame = {
        // The pixels of the first sample are not needed, and would be kept for the epoch.
        image: { ...first.image, pixels: new Uint8Array(0) },
        sample: this.split.describe(index),
        table: normalisationTable(this.options.preprocess, first.image.channels),
      };
    } catch (error) {
      throw this.withSample(error, index);
    }
    return this.frame;
  }

  private requireSame(frame: Frame, image: RawImage, index: number): void {
    const expected = frame.image;
    if (image.channels !== expected.channels) {
      throw new DataError(
        `${this.split.describe(index)} has ${image.channels} channels; ${frame.sample} has ${expected.channels}`,
        "convert the images to the same number of channels",
      );
    }
    if (image.height !== expected.height || image.width !== expected.width) {
      const { height, width } = expected;
      throw new DataError(
        `${this.split.describe(index)} is ${image.height}x${image.width}; ${frame.sample} is ${height}x${width}`,
        `add \`resize ${height}x${width}\` to the recipe's preprocess, so that all images have one size`,
      );
    }
  }
}

/** A sample resized and augmented, still in bytes. */
interface Prepared {
  readonly image: RawImage;
  readonly label: number;
}
