/** Colours of an image changed at random, in bytes. */
import { randomUniform } from "../../random/random.js";
import type { Augmentation } from "../../recipe/recipe.js";
import type { RawImage } from "./data-set.js";
import { luma } from "./grey.js";

/**
 * Brightness, then contrast, then saturation times a factor of their own, each uniform in [max(0, 1 - s), 1 + s] of its
 * setting s: x becomes f x, m + f (x - m) with the image's mean grey m, and g + f (x - g) with the pixel's grey g.
 * Values stay in [0, 255] after each. An image of one channel has no saturation; of 2 or 4 and more, grey is their mean.
 *
 * @param key what the three factors follow from.
 */
export function jitterImage(
  image: RawImage,
  { brightness, contrast, saturation }: Extract<Augmentation, { kind: "jitter" }>,
  key: number,
): RawImage {
  const { pixels, channels } = image;
  const [bright, contrasted, saturated] = [brightness, contrast, saturation].map((setting, draw) =>
    factor(setting, randomUniform(key, draw)),
  ) as [number, number, number];
  const weights = channels === 3 ? luma : new Array<number>(channels).fill(1 / channels);
  // All but the saturation is a function of a byte alone.
  const brightened = table((byte) => byte * bright);
  const mean = meanGrey(pixels, brightened, weights);
  const values = table((byte) => mean + contrasted * ((brightened[byte] ?? 0) - mean));
  const changed = new Uint8ClampedArray(pixels.length);
  for (let first = 0; first < pixels.length; first += channels) {
    const grey = greyOf(pixels, first, values, weights);
    for (let i = first; i < first + channels; i++) {
      const value = values[pixels[i] ?? 0] ?? 0;
      changed[i] = grey + saturated * (value - grey);
    }
  }
  return { ...image, pixels: new Uint8Array(changed.buffer) };
}

function factor(setting: number, draw: number): number {
  const least = Math.max(0, 1 - setting);
  return least + (1 + setting - least) * draw;
}

/** What becomes of every byte, within [0, 255]. */
function table(change: (byte: number) => number): Float64Array {
  return Float64Array.from({ length: 256 }, (_, byte) => Math.min(255, Math.max(0, change(byte))));
}

function greyOf(
  pixels: Uint8Array,
  first: number,
  values: Float64Array,
  weights: readonly number[],
): number {
  let grey = 0;
  for (let channel = 0; channel < weights.length; channel++) {
    grey += (weights[channel] ?? 0) * (values[pixels[first + channel] ?? 0] ?? 0);
  }
  return grey;
}

function meanGrey(pixels: Uint8Array, values: Float64Array, weights: readonly number[]): number {
  let sum = 0;
  for (let first = 0; first < pixels.length; first += weights.length) {
    sum += greyOf(pixels, first, values, weights);
  }
  return sum / (pixels.length / weights.length);
}
