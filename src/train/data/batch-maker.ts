/**
 * Makes single batches of an epoch in the thread that it is used in: reads samples side by side,
 * prepares them and lays them one after another.
 */
import type { Batch } from "../../engines/engine.js";
import {
  isSizing,
  type Augmentation,
  type Preprocessing,
  type Sizes,
} from "../../recipe/recipe.js";
import { sizeAt } from "../../recipe/sizes.js";
import { augmentationKey } from "./augment.js";
import type { Maker } from "./batches.js";
import { DataError, type RawImage, type Sample, type Split } from "./data-set.js";
import { ImageRoom } from "./image-room.js";
import { mixed } from "./mixing.js";
import {
  finishImage,
  normalisationTable,
  normaliseInto,
  oneSizeHelp,
  sizeImage,
} from "./preprocess.js";
import { resizeTo } from "./resize.js";
import { isKeptElsewhere, sizedBy } from "./sized-images.js";

/** How batches are made: plain data, the same for a whole epoch. */
export interface MakingOptions {
  readonly preprocess: readonly Preprocessing[];
  /** None for validation. */
  readonly augment: readonly Augmentation[];
  /** What images are resized to after augmentation, by the epoch. Fixed where left out. */
  readonly sizes?: Sizes;
  readonly seed: number;
  readonly epoch: number;
  /** How many samples are read side by side, where there is room for them. Default 16. */
  readonly parallel?: number;
}

/** A batch that is made, or why it could not be; never a rejection that nobody is waiting for. */
export type Outcome = { readonly batch: Batch } | { readonly error: unknown };

/** What the first sample of the epoch came out as; every other must agree with it. Plain data. */
export interface Frame {
  /** Before the epoch's size was taken. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly sample: string;
  /** Of `normalisationTable`. */
  readonly table: Float32Array;
}

/** A sample as the recipe makes it before it is normalised, still in bytes. */
interface Prepared {
  readonly image: RawImage;
  /** The image before the epoch's size was taken, without its pixels. */
  readonly whole: Omit<RawImage, "pixels">;
  readonly label: number;
}

/**
 * Reads one sample for what it comes out as.
 *
 * @throws DataError naming the sample.
 */
export async function readFrame(
  split: Split,
  options: MakingOptions,
  index: number,
): Promise<Frame> {
  return frameOf(split, options, index, await prepare(split, options, index, new ImageRoom()));
}

async function prepare(
  split: Split,
  options: MakingOptions,
  index: number,
  room: ImageRoom,
): Promise<Prepared> {
  const { preprocess, augment, sizes = { kind: "fixed" }, seed, epoch } = options;
  const sample = await sizedSample(split, options, index, room);
  const { label } = sample;
  try {
    const key = augmentationKey(seed, epoch, index);
    const augmented = await finishImage(await sample.sized(), preprocess, augment, key);
    const { height, width, channels } = augmented;
    const size = sizeAt(sizes, epoch, [height, width]);
    return { image: await resizeTo(augmented, ...size), whole: { height, width, channels }, label };
  } catch (error) {
    throw withSample(split, error, index);
  } finally {
    sample.done();
  }
}

interface SizedSample {
  readonly label: number;
  readonly sized: () => Promise<RawImage>;
  /** Gives back the room that it was read in. */
  readonly done: () => void;
}

/** A sample that is brought to its size, or was before. @throws DataError where it cannot be read. */
async function sizedSample(
  split: Split,
  { preprocess, augment }: MakingOptions,
  index: number,
  room: ImageRoom,
): Promise<SizedSample> {
  const store = split.sized && sizedBy(split.sized, preprocess, augment.some(isSizing));
  const known = store?.get(index);
  const label = split.label?.(index);
  if (known !== undefined && label !== undefined) {
    return { label, sized: () => Promise.resolve(known), done: () => undefined };
  }
  const sample = await readIn(room, split, index);
  const sized = async (): Promise<RawImage> => {
    const made = await sizeImage(sample.image, preprocess, augment);
    if (split.sized && !isKeptElsewhere(split.sized, sample.image)) store?.put(index, made);
    return made;
  };
  return { label: sample.label, sized, done: () => room.leave(sample.image.pixels.length) };
}

/** Reads a sample once there is room for it, which it keeps. */
async function readIn(room: ImageRoom, split: Split, index: number): Promise<Sample> {
  await room.enter();
  try {
    return await split.read(index);
  } catch (error) {
    room.leave(0);
    throw error;
  }
}

function frameOf(split: Split, options: MakingOptions, index: number, { whole }: Prepared): Frame {
  try {
    const table = normalisationTable(options.preprocess, whole.channels);
    return { ...whole, sample: split.describe(index), table };
  } catch (error) {
    throw withSample(split, error, index);
  }
}

function withSample(split: Split, error: unknown, index: number): unknown {
  if (!(error instanceof DataError)) return error;
  return new DataError(`${split.describe(index)}: ${error.message}`, error.help);
}

export class BatchMaker implements Maker {
  readonly width = 1;
  #stopped = false;
  readonly #room = new ImageRoom();
  /** Batches are made one after another, so that at most `parallel` samples are in flight. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param frame of the epoch's first sample; taken from the first batch where left out. */
  constructor(
    private readonly split: Split,
    private readonly options: MakingOptions,
    private frame?: Frame,
  ) {}

  stop(): void {
    this.#stopped = true;
  }

  /** Makes a batch; after the first failure, or `stop`, only says that it has ended. */
  outcome(number: number, indices: Uint32Array): Promise<Outcome> {
    const outcome = this.#last.then(() => this.#make(number, indices));
    this.#last = outcome;
    return outcome;
  }

  async #make(number: number, indices: Uint32Array): Promise<Outcome> {
    try {
      const prepared = await this.#readAll(indices);
      const batch = this.#assemble(indices, prepared);
      const { augment, seed, epoch } = this.options;
      return { batch: mixed(batch, augment, { seed, epoch, number }) };
    } catch (error) {
      this.stop();
      return { error };
    }
  }

  /**
   * Reads the samples, up to `parallel` at once. Of several failures the first in the batch is
   * thrown: samples are begun in order, so those before it have been begun and are waited for.
   */
  async #readAll(indices: Uint32Array): Promise<Prepared[]> {
    const prepared: Prepared[] = new Array<Prepared>(indices.length);
    const failures: { position: number; error: unknown }[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < indices.length && failures.length === 0) {
        const position = next++;
        try {
          if (this.#stopped) throw new Error("the iteration over the batches has ended");
          prepared[position] = await prepare(
            this.split,
            this.options,
            indices[position] ?? 0,
            this.#room,
          );
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

  #assemble(indices: Uint32Array, prepared: readonly Prepared[]): Batch {
    const first = prepared[0];
    if (first === undefined) throw new RangeError("a batch without samples");
    const frame = (this.frame ??= frameOf(this.split, this.options, indices[0] ?? 0, first));
    const { height, width, channels } = first.image;
    const stride = height * width * channels;
    const images = new Float32Array(prepared.length * stride);
    const labels = new Int32Array(prepared.length);
    // Before anything is written: an image of another size would not fit its place.
    prepared.forEach(({ whole }, position) =>
      this.#requireSame(frame, whole, indices[position] ?? 0),
    );
    prepared.forEach(({ image, label }, position) => {
      normaliseInto(images, position * stride, image, frame.table);
      labels[position] = label;
    });
    return { images, shape: [prepared.length, height, width, channels], labels };
  }

  #requireSame(frame: Frame, image: Prepared["whole"], index: number): void {
    const expected = frame;
    if (image.channels !== expected.channels) {
      throw new DataError(
        `${this.split.describe(index)} has ${image.channels} channels; ${frame.sample} has ${expected.channels}`,
        "convert the images to the same number of channels",
      );
    }
    if (image.height !== expected.height || image.width !== expected.width) {
      const { height, width } = expected;
      const squarer = stretch(image) < stretch(expected) ? image : expected;
      const help = oneSizeHelp(this.options, squarer.height, squarer.width);
      throw new DataError(
        `${this.split.describe(index)} is ${image.height}x${image.width}; ${frame.sample} is ${height}x${width}`,
        help,
      );
    }
  }
}

/** How far a size is from a square, which of two sizes is more likely an exception: 1 and more. */
function stretch({ height, width }: { readonly height: number; readonly width: number }): number {
  return Math.max(height / width, width / height);
}
