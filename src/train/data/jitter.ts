/** Colours of an image changed at random, in bytes. */
import { randomUniform } from "../../random/random.js";
import type { Augmentation } from "../../recipe/recipe.js";
import type { RawImage } from "./data-set.js";

/** The brightness of red, green and blue (ITU-R BT.601). */
const lightness = [0.299, 0.587, 0.114];

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
  const values = Float32Array.from(pixels, (value) => clamped(value * bright));
  const weights = channels === 3 ? lightness : new Array<number>(channels).fill(1 / channels);
  const mean = meanGrey(values, weights);
  for (let i = 0; i < values.length; i++) {
    values[i] = clamped(mean + contrasted * ((values[i] ?? 0) - mean));
  }
  const changed = new Uint8Array(values.length);
  for (let first = 0; first < values.length; first += channels) {
    const grey = greyOf(values, first, weights);
    for (let i = first; i < first + channels; i++) {
      changed[i] = Math.round(clamped(grey + saturated * ((values[i] ?? 0) - grey)));
    }
  }
  return { ...image, pixels: changed };
}

function factor(setting: number, draw: number): number {
  const least = Math.max(0, 1 - setting);
  return least + (1 + setting - least) * draw;
}

function clamped(value: number): number {
  return Math.min(255, Math.max(0, value));
}

function greyOf(values: Float32Array, first: number, weights: readonly number[]): number {
  return weights.reduce((sum, weight, channel) => sum + weight * (values[first + channel] ?? 0), 0);
}

function meanGrey(values: Float32Array, weights: readonly number[]): number {
  let sum = 0;
  for (let first = 0; first < values.length; first += weights.length) {
    sum += greyOf(values, first, weights);
  }
  return sum / (values.length / weights.length);
}
