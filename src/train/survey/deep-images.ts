/** What becomes of images of more than 8 bits per channel, of which the upper 8 are taken. */
import type { RawImage } from "../data/data-set.js";

export interface DeepImages {
  /** How many images have more than 8 bits per channel. */
  readonly images: number;
  /** Those of them that keep few levels, as their values take up a small part of their range. */
  readonly poor?: PoorImages;
}

export interface PoorImages {
  readonly images: number;
  /** From the least to the most that one of them spans, of 256. */
  readonly levels: readonly [least: number, most: number];
  /** The first of them. */
  readonly sample: string;
}

/** Half of those that there are. */
const fewLevels = 128;

export class DeepCounts {
  #images = 0;
  #poor: PoorImages | undefined;

  /** @param sample what it is called. */
  add(image: RawImage, sample: () => string): void {
    if (image.deep !== true) return;
    this.#images += 1;
    const levels = levelsOf(image);
    if (levels > fewLevels) return;
    const one = { images: 1, levels: [levels, levels] as const, sample: "" };
    this.#poor = this.#poor === undefined ? { ...one, sample: sample() } : both(this.#poor, one);
  }

  get all(): DeepImages | undefined {
    if (this.#images === 0) return undefined;
    return { images: this.#images, ...(this.#poor && { poor: this.#poor }) };
  }
}

/** Those of several splits together; undefined where there are none. */
export function deepInAll(splits: readonly (DeepImages | undefined)[]): DeepImages | undefined {
  const deep = splits.filter((each) => each !== undefined);
  if (deep.length === 0) return undefined;
  const images = deep.reduce((sum, each) => sum + each.images, 0);
  const [first, ...more] = deep.flatMap(({ poor }) => poor ?? []);
  return { images, ...(first && { poor: more.reduce(both, first) }) };
}

function both(one: PoorImages, other: PoorImages): PoorImages {
  const [least, most] = one.levels;
  return {
    ...one,
    images: one.images + other.images,
    levels: [Math.min(least, other.levels[0]), Math.max(most, other.levels[1])],
  };
}

/** How many levels lie between the darkest and the brightest value of an image, both included. */
function levelsOf({ pixels }: RawImage): number {
  let [darkest, brightest] = [255, 0];
  for (const value of pixels) {
    if (value < darkest) darkest = value;
    if (value > brightest) brightest = value;
  }
  return Math.max(0, brightest - darkest + 1);
}
