/**
 * Augmentation on bytes: mirroring, crops, sizes, colours, drawn operations, erasing. What happens to a sample follows from a key alone, so that
 * it can be repeated and resumed.
 */
import { randomBelow, randomBits, randomKey } from "../../random/random.js";
import type { Augmentation } from "../../recipe/recipe.js";
import { cropImage, randomWindow } from "./crop.js";
import { DataError, type RawImage } from "./data-set.js";
import { erasedImage } from "./erase.js";
import { jitterImage } from "./jitter.js";
import { relit } from "./lighting.js";
import { randAugmented, triviallyAugmented } from "./policies.js";
import { resizeShorter, resizeTo } from "./resize.js";

/** The key of sample `index` in `epoch`; every random choice of its augmentation follows from it. */
export function augmentationKey(seed: number, epoch: number, index: number): number {
  return randomKey("augment", seed, epoch, index);
}

/**
 * Applies the augmentations in their order. Draw k of a flip or a crop, the i-th, takes counter 2 i + k of the key; the
 * others have a key of their own.
 *
 * @throws DataError if a crop is larger than the padded image, or an image to resize has neither 1 nor 3 channels.
 */
export async function augmentImage(
  image: RawImage,
  augmentations: readonly Augmentation[],
  key: number,
): Promise<RawImage> {
  let current = image;
  for (const [position, augmentation] of augmentations.entries()) {
    const isScaled = augmentations.slice(0, position).some(({ kind }) => kind === "scale");
    current = await augmented(current, augmentation, key, position, isScaled);
  }
  return current;
}

function augmented(
  image: RawImage,
  augmentation: Augmentation,
  key: number,
  position: number,
  isScaled: boolean,
): RawImage | Promise<RawImage> {
  const counter = 2 * position;
  const own = randomKey(augmentation.kind, key, position);
  switch (augmentation.kind) {
    case "flip": {
      const flip = augmentation.vertical === true ? flipRows : flipImage;
      return (randomBits(key, counter) & 1) === 1 ? flip(image) : image;
    }
    case "crop": {
      const { height, width, padding } = augmentation;
      const room = cropRoom(image, augmentation, isScaled);
      const top = randomBelow(key, counter, room.rows + 1) - padding;
      const left = randomBelow(key, counter + 1, room.columns + 1) - padding;
      return cropImage(image, { top, left, height, width });
    }
    case "resizedcrop": {
      const { height, width, area } = augmentation;
      const part = cropImage(image, randomWindow(image, area, own));
      return resizeTo(part, height, width, augmentation);
    }
    case "scale": {
      const { least, most } = augmentation;
      return resizeShorter(image, least + randomBelow(own, 0, most - least + 1), augmentation);
    }
    case "jitter":
      return jitterImage(image, augmentation, own);
    case "lighting":
      return relit(image, augmentation.deviation, own);
    case "randaugment":
      return randAugmented(image, augmentation, own);
    case "trivialaugment":
      return triviallyAugmented(image, own);
    case "erase":
      return erasedImage(image, augmentation, own);
    // Mix whole batches, once they are made.
    case "mixup":
    case "cutmix":
      return image;
  }
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

/** Mirrors top and bottom. */
export function flipRows(image: RawImage): RawImage {
  const { pixels, height, width, channels } = image;
  const row = width * channels;
  const flipped = new Uint8Array(pixels.length);
  for (let from = 0; from < height; from++) {
    flipped.set(pixels.subarray(from * row, (from + 1) * row), (height - 1 - from) * row);
  }
  return { pixels: flipped, height, width, channels };
}

/**
 * How many rows and columns the window can move by.
 *
 * @param isScaled whether the image's size comes of `scale`.
 * @throws DataError where the window does not fit.
 */
function cropRoom(
  image: RawImage,
  { height, width, padding }: Extract<Augmentation, { kind: "crop" }>,
  isScaled: boolean,
): { rows: number; columns: number } {
  const rows = image.height + 2 * padding - height;
  const columns = image.width + 2 * padding - width;
  if (rows >= 0 && columns >= 0) return { rows, columns };
  const [least, most] = [height, width].map((extent) => extent - 2 * padding) as [number, number];
  throw new DataError(
    `a crop of ${height}x${width} does not fit into an image of ${image.height}x${image.width} padded by ${padding}`,
    isScaled
      ? `let \`scale\` begin at ${Math.max(least, most)}`
      : `resize the images to at least ${least}x${most} first, or pad by ${padding + Math.ceil(-Math.min(rows, columns) / 2)}`,
  );
}
