/**
 * Enlarging of bytes, bilinear: the value of a pixel stands at its middle, so that (i + 1/2) / scale - 1/2 of the image
 * is where pixel i of the larger one looks, and beyond the middles at an edge its value goes on. So do Pillow, PyTorch
 * (`align_corners=False`), TensorFlow and OpenCV; libvips looks half a pixel of the larger image aside.
 */
import type { RawImage } from "./data-set.js";

/**
 * The image with both sides as large as they are or larger; columns first, then rows, each rounded to bytes, as Pillow
 * does it.
 *
 * @throws RangeError if a side is to be smaller.
 */
export function enlarge(image: RawImage, height: number, width: number): RawImage {
  if (height < image.height || width < image.width) {
    throw new RangeError(`${image.height}x${image.width} is not enlarged to ${height}x${width}`);
  }
  return taller(wider(image, width), height);
}

/** Between which two of `from` pixels each of `to` looks, and how near it is to the second, from 0 to 1. */
function looks(
  from: number,
  to: number,
): { low: Int32Array; high: Int32Array; share: Float64Array } {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const share = new Float64Array(to);
  for (let i = 0; i < to; i++) {
    const place = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(place);
    low[i] = Math.max(0, first);
    high[i] = Math.min(from - 1, first + 1);
    share[i] = place - first;
  }
  return { low, high, share };
}

function wider(image: RawImage, width: number): RawImage {
  const { pixels, height, width: before, channels } = image;
  if (width === before) return image;
  const { low, high, share } = looks(before, width);
  const made = new Uint8Array(height * width * channels);
  let next = 0;
  for (let row = 0; row < height; row++) {
    const start = row * before;
    for (let column = 0; column < width; column++) {
      const one = (start + (low[column] ?? 0)) * channels;
      const other = (start + (high[column] ?? 0)) * channels;
      const near = share[column] ?? 0;
      for (let channel = 0; channel < channels; channel++) {
        made[next++] = between(pixels[one + channel] ?? 0, pixels[other + channel] ?? 0, near);
      }
    }
  }
  return { pixels: made, height, width, channels };
}

function taller(image: RawImage, height: number): RawImage {
  const { pixels, height: before, width, channels } = image;
  if (height === before) return image;
  const { low, high, share } = looks(before, height);
  const values = width * channels;
  const made = new Uint8Array(height * values);
  for (let row = 0; row < height; row++) {
    const [one, other] = [(low[row] ?? 0) * values, (high[row] ?? 0) * values];
    const near = share[row] ?? 0;
    for (let i = 0; i < values; i++) {
      made[row * values + i] = between(pixels[one + i] ?? 0, pixels[other + i] ?? 0, near);
    }
  }
  return { pixels: made, height, width, channels };
}

/** The byte nearest to the value that lies between two, halves upwards. */
function between(one: number, other: number, share: number): number {
  return Math.floor(one + (other - one) * share + 0.5);
}
