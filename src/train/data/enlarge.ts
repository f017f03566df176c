/**
 * Enlarging of bytes: the value of a pixel stands at its middle, so that (i + 1/2) / scale - 1/2 of the image is where
 * pixel i of the larger one looks, and what a filter reaches beyond an edge counts for nothing. So do Pillow, and PyTorch
 * with antialiasing; libvips looks half a pixel of the larger image aside.
 */
import type { RawImage } from "./data-set.js";

/** How much a pixel counts at a distance from where one looks, in pixels; nothing from `reach` on. */
export interface Filter {
  readonly reach: number;
  readonly weight: (distance: number) => number;
}

export const linear: Filter = { reach: 1, weight: (distance) => Math.max(0, 1 - distance) };

/** Keys 1981, "Cubic Convolution Interpolation for Digital Image Processing", equation 15: a = -1/2. */
export const cubic: Filter = {
  reach: 2,
  weight(distance) {
    if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
    return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
  },
};

/**
 * The image with both sides as large as they are or larger; columns first, then rows, each rounded to bytes, as Pillow
 * does it.
 *
 * @throws RangeError if a side is to be smaller.
 */
export function enlarge(
  image: RawImage,
  height: number,
  width: number,
  filter: Filter = linear,
): RawImage {
  if (height < image.height || width < image.width) {
    throw new RangeError(`${image.height}x${image.width} is not enlarged to ${height}x${width}`);
  }
  return taller(wider(image, width, filter), height, filter);
}

/** For each of many pixels, those that it looks at: the first of them, and what each counts, in sum 1. */
interface Looks {
  readonly first: Int32Array;
  /** As many for each. */
  readonly weights: Float64Array;
  readonly count: number;
}

/** What each of `to` pixels looks at of `from`. */
function looks(from: number, to: number, { reach, weight }: Filter): Looks {
  const count = Math.min(from, 2 * reach);
  const first = new Int32Array(to);
  const weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    const place = ((i + 0.5) * from) / to - 0.5;
    const start = Math.min(from - count, Math.max(0, Math.floor(place) - reach + 1));
    first[i] = start;
    const each = weights.subarray(i * count, (i + 1) * count);
    for (let k = 0; k < count; k++) each[k] = weight(Math.abs(start + k - place));
    const sum = each.reduce((total, value) => total + value, 0);
    for (let k = 0; k < count; k++) each[k] = (each[k] ?? 0) / sum;
  }
  return { first, weights, count };
}

function wider(image: RawImage, width: number, filter: Filter): RawImage {
  const { pixels, height, width: before, channels } = image;
  if (width === before) return image;
  const { first, weights, count } = looks(before, width, filter);
  const made = new Uint8ClampedArray(height * width * channels);
  let next = 0;
  for (let row = 0; row < height; row++) {
    const start = row * before;
    for (let column = 0; column < width; column++) {
      const from = (start + (first[column] ?? 0)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let value = 0;
        for (let k = 0, at = from + channel; k < count; k++, at += channels) {
          value += (pixels[at] ?? 0) * (weights[column * count + k] ?? 0);
        }
        made[next++] = rounded(value);
      }
    }
  }
  return { pixels: new Uint8Array(made.buffer), height, width, channels };
}

function taller(image: RawImage, height: number, filter: Filter): RawImage {
  const { pixels, height: before, width, channels } = image;
  if (height === before) return image;
  const { first, weights, count } = looks(before, height, filter);
  const values = width * channels;
  const made = new Uint8ClampedArray(height * values);
  for (let row = 0; row < height; row++) {
    const from = (first[row] ?? 0) * values;
    for (let i = 0; i < values; i++) {
      let value = 0;
      for (let k = 0, at = from + i; k < count; k++, at += values) {
        value += (pixels[at] ?? 0) * (weights[row * count + k] ?? 0);
      }
      made[row * values + i] = rounded(value);
    }
  }
  return { pixels: new Uint8Array(made.buffer), height, width, channels };
}

/** The nearest whole number, halves upwards. */
function rounded(value: number): number {
  return Math.floor(value + 0.5);
}
