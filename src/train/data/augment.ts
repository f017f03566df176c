/**
 * Augmentation on bytes: mirroring, and padding with a random crop. What happens to a sample follows
 * from a key alone, so that it can be repeated and resumed.
 */
import { randomBelow, randomBits, randomKey } from "../../random/random.js";
import type { Augmentation } from "../../recipe/recipe.js";
import { DataError, type RawImage } from "./data-set.js";

/** The key of sample `index` in `epoch`; every random choice of its augmentation follows from it. */
export function augmentationKey(seed: number, epoch: number, index: number): number {
  return randomKey("augment", seed, epoch, index);
}

/**
 * Applies the augmentations in their order; draw k of the i-th takes counter 2 i + k of the key.
 *
 * @throws DataError if a crop is larger than the padded image.
 */
export function augmentImage(
  image: RawImage,
  augmentations: readonly Augmentation[],
  key: number,
): RawImage {
  return augmentations.reduce((current, augmentation, position) => {
    const counter = 2 * position;
    if (augmentation.kind === "flip") {
      return (randomBits(key, counter) & 1) === 1 ? flipImage(current) : current;
    }
    // Mixes whole batches, once they are made.
    if (augmentation.kind === "mixup") return current;
    const { height, width, padding } = augmentation;
    const room = cropRoom(current, height, width, padding);
    const top = randomBelow(key, counter, room.rows + 1) - padding;
    const left = randomBelow(key, counter + 1, room.columns + 1) - padding;
    return cropImage(current, top, left, height, width);
  }, image);
}

/** Mirrors left and right. */
export function flipImage(image: RawImage): RawImage {
  const { pixels, height, width, channels } = image;
  const flipped = new Uint8Array(pixels.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + width - 1 - column) * channels;
      const to = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) flipped[to + c] = pixels[from + c] ?? 0;
    }
  }
  return { pixels: flipped, height, width, channels };
}

/**
 * The (height, width) window whose first pixel is (top, left); what lies outside of the image, on
 * any side, is zero.
 */
export function cropImage(
  image: RawImage,
  top: number,
  left: number,
  height: number,
  width: number,
): RawImage {
  const { channels } = image;
  const pixels = new Uint8Array(height * width * channels);
  const first = Math.max(0, left);
  const last = Math.min(image.width, left + width);
  for (let row = 0; row < height; row++) {
    const source = top + row;
    if (source < 0 || source >= image.height || last <= first) continue;
    const start = source * image.width;
    pixels.set(
      image.pixels.subarray((start + first) * channels, (start + last) * channels),
      (row * width + first - left) * channels,
    );
  }
  return { pixels, height, width, channels };
}

/** How many rows and columns the window can move by. */
function cropRoom(
  image: RawImage,
  height: number,
  width: number,
  padding: number,
): { rows: number; columns: number } {
  const rows = image.height + 2 * padding - height;
  const columns = image.width + 2 * padding - width;
  if (rows < 0 || columns < 0) {
    throw new DataError(
      `a crop of ${height}x${width} does not fit into an image of ${image.height}x${image.width} padded by ${padding}`,
      `resize the images to at least ${height - 2 * padding}x${width - 2 * padding} first, or pad by ${padding + Math.ceil(-Math.min(rows, columns) / 2)}`,
    );
  }
  return { rows, columns };
}
