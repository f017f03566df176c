/**
 * From a raw image to what a network takes in: resize, then augment, then normalise to float32, in
 * this order whatever the order in which a recipe lists them.
 */
import sharp from "sharp";
import { ofChannel, type Augmentation, type Preprocessing } from "../../recipe/recipe.js";
import { augmentImage } from "./augment.js";
import { DataError, type RawImage } from "./data-set.js";

/** Row-major (H, W, C), normalised. */
export interface FloatImage {
  readonly pixels: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Resizes, augments (every random choice following from `key`) and normalises one image.
 *
 * @throws DataError if the image's channels or size do not suit a step.
 */
export async function preprocessImage(
  raw: RawImage,
  preprocessing: readonly Preprocessing[],
  augmentations: readonly Augmentation[],
  key: number,
): Promise<FloatImage> {
  const resized = await resizeImage(raw, preprocessing);
  const image = augmentImage(resized, augmentations, key);
  const pixels = new Float32Array(image.pixels.length);
  normaliseInto(pixels, 0, image, normalisationTable(preprocessing, image.channels));
  return { pixels, height: image.height, width: image.width, channels: image.channels };
}

/**
 * Applies the `resize` steps in their order: bilinear, with a widened (antialiasing) filter where an
 * image shrinks; the aspect ratio is not kept. An image that has the size already is left as it is.
 *
 * @throws DataError if an image to resize has neither 1 nor 3 channels.
 */
export async function resizeImage(
  image: RawImage,
  preprocessing: readonly Preprocessing[],
): Promise<RawImage> {
  let current = image;
  for (const step of preprocessing) {
    if (step.kind !== "resize") continue;
    current = await resizeTo(current, step.height, step.width);
  }
  return current;
}

/**
 * Resizes to one size, as `resizeImage`; an image of that size is given back.
 *
 * @throws DataError if the image has neither 1 nor 3 channels.
 */
export async function resizeTo(image: RawImage, height: number, width: number): Promise<RawImage> {
  if (image.height === height && image.width === width) return image;
  const { pixels, channels } = image;
  if (channels !== 1 && channels !== 3) {
    throw new DataError(`an image of ${channels} channels cannot be resized; only 1 or 3 can`);
  }
  const pipeline = sharp(pixels, { raw: { width: image.width, height: image.height, channels } })
    .resize(width, height, { fit: "fill", kernel: "linear" })
    // Without it a single channel would come back as three.
    .toColourspace(channels === 1 ? "b-w" : "srgb");
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, height: info.height, width: info.width, channels: info.channels };
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
      `normalize has ${values.length} numbers for ${name}; the images have ${channels} channels`,
      `give one number for every channel, or ${channels}`,
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
