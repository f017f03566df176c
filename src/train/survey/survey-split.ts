/**
 * Goes through every image of a split, once and in order: which cannot be used and why, how many there are of each
 * class and size, and what their channels come to. What is found does not depend on how many are read at once.
 */
import type { Augmentation, Preprocessing } from "../../recipe/recipe.js";
import { augmentationKey } from "../data/augment.js";
import { DataError, type RawImage, type Sample, type Split } from "../data/data-set.js";
import { greyImage } from "../data/grey.js";
import { ImageRoom } from "../data/image-room.js";
import { prepareImage } from "../data/preprocess.js";
import { ChannelSums, type ChannelStatistics } from "./channel-statistics.js";
import { DeepCounts, type DeepImages } from "./deep-images.js";

/** An image that cannot be used. */
export interface SampleFault {
  /** Its file, or the file and the record. */
  readonly sample: string;
  /** Names it. */
  readonly message: string;
  readonly help?: string;
}

/** How many images are of one size. */
export interface SizeCount {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly images: number;
  /** The first of them. */
  readonly sample: string;
}

export interface SplitSurvey {
  /** Images that can be read. */
  readonly images: number;
  /** The same by class. */
  readonly perClass: readonly number[];
  /** As they are stored, the most frequent size first. */
  readonly sizes: readonly SizeCount[];
  /** As a recipe makes them; empty without one. */
  readonly prepared: readonly SizeCount[];
  /** Of grey where a recipe makes them so; absent where there are no images, or some of another number of channels. */
  readonly channels?: ChannelStatistics;
  /** Those of more than 8 bits per channel; absent where there are none. */
  readonly deep?: DeepImages;
  readonly faults: readonly SampleFault[];
}

export interface SurveyOptions {
  /** How many classes there are. */
  readonly classes: number;
  /** What a recipe does to every image; left out where there is no recipe. */
  readonly preparation?: {
    readonly preprocess: readonly Preprocessing[];
    /** None for validation. */
    readonly augment: readonly Augmentation[];
    readonly seed: number;
  };
  /** How many bytes of pixels there may be at once; 512 MiB where left out. */
  readonly bytes?: number;
  /** Is shown every image that can be read, in the split's order. */
  readonly onImage?: (index: number, sample: Sample) => void;
  readonly onProgress?: ((done: number, images: number) => void) | undefined;
  /** Ends the survey by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How many images are read side by side, where there is room for them. */
const parallel = 32;

/** A sample that was read, or why it could not be, and what a recipe makes of it. */
interface Read {
  readonly sample?: Sample;
  readonly prepared?: RawImage;
  readonly fault?: DataError;
}

/** @throws what reading throws that is no DataError, or the reason of `signal`. */
export async function surveySplit(split: Split, options: SurveyOptions): Promise<SplitSurvey> {
  const { onImage, onProgress, signal } = options;
  const perClass = new Array<number>(options.classes).fill(0);
  const [sizes, prepared] = [new SizeCounts(split), new SizeCounts(split)];
  const sums = new ChannelSums();
  const deep = new DeepCounts();
  const isGrey = options.preparation?.preprocess.some(({ kind }) => kind === "grey") === true;
  const faults: SampleFault[] = [];
  const room = new ImageRoom(options.bytes);
  let images = 0;
  const take = (index: number, { sample, prepared: made, fault }: Read): void => {
    if (fault !== undefined) faults.push(faultOf(split.describe(index), fault));
    if (sample === undefined) return;
    images += 1;
    perClass[sample.label] = (perClass[sample.label] ?? 0) + 1;
    sizes.add(index, sample.image);
    if (made !== undefined) prepared.add(index, made);
    sums.add(isGrey ? greyImage(sample.image) : sample.image);
    deep.add(sample.image, () => split.describe(index));
    onImage?.(index, sample);
  };
  for (let first = 0; first < split.size; first += parallel) {
    signal?.throwIfAborted();
    const count = Math.min(parallel, split.size - first);
    const reads = begin(count, room, (i) => read(split, first + i, options));
    for (let index = first; index < first + count; index++) {
      // Taken out of the list, which would keep its pixels.
      const each = (await reads.shift()) ?? {};
      take(index, each);
      room.leave(each.sample?.image.pixels.length ?? 0);
    }
    onProgress?.(first + count, split.size);
  }
  const channels = sums.statistics;
  const counts = { sizes: sizes.all, prepared: prepared.all };
  const found = { ...(channels && { channels }), ...(deep.all && { deep: deep.all }) };
  return { images, perClass, ...counts, ...found, faults };
}

/** Begins so many reads in their order, each once there is room for it. What they throw is for whoever waits for them. */
function begin(
  count: number,
  room: ImageRoom,
  readOne: (i: number) => Promise<Read>,
): Promise<Read>[] {
  const reads = Array.from({ length: count }, async (_, i) => {
    await room.enter();
    return readOne(i);
  });
  for (const each of reads) each.catch(() => undefined);
  return reads;
}

async function read(
  split: Split,
  index: number,
  { classes, preparation }: SurveyOptions,
): Promise<Read> {
  let sample: Sample;
  try {
    sample = await split.read(index);
    if (!(sample.label >= 0 && sample.label < classes)) {
      throw new DataError(`it has label ${sample.label}, and there are ${classes} classes, from 0`);
    }
  } catch (error) {
    if (error instanceof DataError) return { fault: error };
    throw error;
  }
  if (preparation === undefined) return { sample };
  const { preprocess, augment, seed } = preparation;
  try {
    const key = augmentationKey(seed, 0, index);
    const prepared = await prepareImage(sample.image, preprocess, augment, key);
    return { sample, prepared };
  } catch (error) {
    if (error instanceof DataError) return { sample, fault: error };
    throw error;
  }
}

function faultOf(sample: string, { message, help }: DataError): SampleFault {
  const named = message.includes(sample) ? message : `${sample}: ${message}`;
  return { sample, message: named, ...(help !== undefined && { help }) };
}

class SizeCounts {
  readonly #counts = new Map<string, { count: SizeCount; images: number }>();

  constructor(private readonly split: Split) {}

  add(index: number, { height, width, channels }: RawImage): void {
    const key = `${height}x${width}x${channels}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.images += 1;
    else {
      const count = { height, width, channels, images: 1, sample: this.split.describe(index) };
      this.#counts.set(key, { count, images: 1 });
    }
  }

  /** The most frequent first; of equally frequent ones, that which came first. */
  get all(): readonly SizeCount[] {
    return [...this.#counts.values()]
      .map(({ count, images }) => ({ ...count, images }))
      .sort((a, b) => b.images - a.images);
  }
}

/** "32x32x3". */
export function sizeText({
  height,
  width,
  channels,
}: Pick<SizeCount, "height" | "width" | "channels">): string {
  return `${height}x${width}x${channels}`;
}
