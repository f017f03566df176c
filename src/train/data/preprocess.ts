/**
 * From a raw image to what a network takes in: made grey, then sized, then augmented, then cropped to its middle, then normalised to
 * float32, in this order wherever a recipe lists its steps of one kind and of another.
 */
import { counted } from "../../diagnostics/numbers.js";
import {
  isCrop,
  isSizing,
  ofChannel,
  type Augmentation,
  type Preprocessing,
  type Recipe,
} from "../../recipe/recipe.js";
import { augmentImage } from "./augment.js";
import { cropMiddle } from "./crop.js";
import { DataError, type RawImage } from "./data-set.js";
import { greyImage } from "./grey.js";
import { resizeShorter, resizeTo } from "./resize.js";

/** Row-major (H, W, C), normalised. */
export interface FloatImage {
  readonly pixels: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * What a recipe makes of one image (every random choice following from `key`), normalised.
 *
 * @throws DataError if the image's channels or size do not suit a step.
 */
export async function preprocessImage(
  raw: RawImage,
  preprocessing: readonly Preprocessing[],
  augmentations: readonly Augmentation[],
  key: number,
): Promise<FloatImage> {
  const image = await prepareImage(raw, preprocessing, augmentations, key);
  const pixels = new Float32Array(image.pixels.length);
  normaliseInto(pixels, 0, image, normalisationTable(preprocessing, image.channels));
  return { pixels, height: image.height, width: image.width, channels: image.channels };
}

/**
 * The same, still in bytes: made grey, resized, augmented, cropped to the middle. An augmentation that takes a part or a scale of
 * its own stands in the place of resizing, and one that crops in the place of the middle.
 *
 * @param augmentations none for validation.
 * @throws DataError if the image's channels or size do not suit a step.
 */
export async function prepareImage(
  raw: RawImage,
  preprocessing: readonly Preprocessing[],
  augmentations: readonly Augmentation[],
  key: number,
): Promise<RawImage> {
  const sized = await sizeImage(raw, preprocessing, augmentations);
  return finishImage(sized, preprocessing, augmentations, key);
}

/** The beginning of that, in which nothing is drawn: made grey, resized where no augmentation does. */
export async function sizeImage(
  raw: RawImage,
  preprocessing: readonly Preprocessing[],
  augmentations: readonly Augmentation[],
): Promise<RawImage> {
  const stored = preprocessing.some(({ kind }) => kind === "grey") ? greyImage(raw) : raw;
  return augmentations.some(isSizing) ? stored : resizeImage(stored, preprocessing);
}

/** The rest of it: augmented, cropped to the middle. */
export async function finishImage(
  sized: RawImage,
  preprocessing: readonly Preprocessing[],
  augmentations: readonly Augmentation[],
  key: number,
): Promise<RawImage> {
  const augmented = await augmentImage(sized, augmentations, key);
  if (augmentations.some(isCrop)) return augmented;
  return preprocessing.reduce(
    (image, step) =>
      step.kind === "centercrop" ? cropMiddle(image, step.height, step.width) : image,
    augmented,
  );
}

/** How images that a recipe brings to several sizes come to one, such as this. */
export function oneSizeHelp(
  { preprocess, augment }: Pick<Recipe, "preprocess" | "augment">,
  height: number,
  width: number,
): string {
  const size = `${height}x${width}`;
  const side = Math.min(height, width);
  const square = `${side}x${side}`;
  if (augment.some(({ kind }) => kind === "scale")) {
    return `add a crop to the recipe's augment, such as \`crop ${square}\`, so that all images have one size`;
  }
  if (preprocess.some(({ kind }) => kind === "shorter")) {
    return `add \`centercrop ${square}\` to the recipe's preprocess, so that all images have one size`;
  }
  const plain = `add \`resize ${size}\` to the recipe's preprocess, so that all images have one size`;
  return `${plain}; \`shorter ${side} -> centercrop ${square}\` keeps their aspect`;
}

/**
 * Applies the `resize` and `shorter` steps in their order. An image that has the size already is left as it is.
 *
 * @throws DataError if an image to resize has neither 1 nor 3 channels.
 */
export async function resizeImage(
  image: RawImage,
  preprocessing: readonly Preprocessing[],
): Promise<RawImage> {
  let current = image;
  for (const step of preprocessing) {
    if (step.kind === "resize") current = await resizeTo(current, step.height, step.width, step);
    if (step.kind === "shorter") current = await resizeShorter(current, step.side, step);
  }
  return current;
}

/**
 * The normalised value of every byte in every channel, (channels, 256): value / 255, then
 * (value - mean) / std for each `normalize` step in order. Without one the values run from 0 to 1.
 *
 * @throws DataError if a step has neither one mean and std nor one for each channel.
 */
export function normalisationTable(
  preprocessing: readonly Preprocessing[],
  channels: number,
): Float32Array {
  const steps = preprocessing.filter((step) => step.kind === "normalize");
  for (const { mean, std } of steps) {
    requirePerChannel("mean", mean, channels);
    requirePerChannel("std", std, channels);
  }
  const table = new Float32Array(channels * 256);
  for (let channel = 0; channel < channels; channel++) {
    for (let byte = 0; byte < 256; byte++) {
      const value = steps.reduce(
        (before, { mean, std }) => (before - ofChannel(mean, channel)) / ofChannel(std, channel),
        byte / 255,
      );
      table[channel * 256 + byte] = value;
    }
  }
  return table;
}

function requirePerChannel(name: string, values: readonly number[], channels: number): void {
  if (values.length !== 1 && values.length !== channels) {
    throw new DataError(
      `normalize has ${values.length} numbers for ${name}; the images have ${counted(channels, "channel")}`,
      channels === 1 ? "give one number" : `give one number for every channel, or ${channels}`,
    );
  }
  if (name === "std" && values.some((value) => !(value > 0))) {
    throw new DataError(
      `normalize divides by std: ${values.join(", ")}`,
      "every std must be greater than 0",
    );
  }
}

/** Writes the normalised image to `target` from `offset` on. `table` is of `normalisationTable`. */
export function normaliseInto(
  target: Float32Array,
  offset: number,
  image: RawImage,
  table: Float32Array,
): void {
  const { pixels, channels } = image;
  for (let i = 0, channel = 0; i < pixels.length; i++) {
    target[offset + i] = table[channel * 256 + (pixels[i] ?? 0)] ?? 0;
    if (++channel === channels) channel = 0;
  }
}
