/** A rectangle of an image made noise (Zhong et al. 2020, "Random Erasing Data Augmentation"), in bytes. */
import { randomBelow, randomBits, randomUniform } from "../../random/random.js";
import type { Augmentation } from "../../recipe/recipe.js";
import type { RawImage } from "./data-set.js";

/** The aspects of rectangles, width by height: from 3:10 to 10:3. */
const widest = 10 / 3;

/** How often a rectangle is drawn before the image stays whole: a long one may have no room for any. */
const tries = 10;

/**
 * With the probability `rate`, a rectangle of a share of the area uniform in [least, most], an aspect log-uniform in
 * [3/10, 10/3] and a uniform place becomes bytes that are uniform each.
 *
 * @param key what the draws follow from.
 */
export function erasedImage(
  image: RawImage,
  { rate, least, most }: Extract<Augmentation, { kind: "erase" }>,
  key: number,
): RawImage {
  const { height: rows, width: columns, channels } = image;
  if (randomUniform(key, 0) >= rate) return image;
  for (let attempt = 0; attempt < tries; attempt++) {
    const counter = 1 + 4 * attempt;
    const area = rows * columns * (least + (most - least) * randomUniform(key, counter));
    const aspect = widest ** (2 * randomUniform(key, counter + 1) - 1);
    const height = Math.round(Math.sqrt(area / aspect));
    const width = Math.round(Math.sqrt(area * aspect));
    if (height < 1 || width < 1 || height > rows || width > columns) continue;
    const top = randomBelow(key, counter + 2, rows - height + 1);
    const left = randomBelow(key, counter + 3, columns - width + 1);
    const pixels = image.pixels.slice();
    let draw = 1 + 4 * tries;
    for (let row = top; row < top + height; row++) {
      const first = (row * columns + left) * channels;
      for (let i = first; i < first + width * channels; i++) {
        pixels[i] = randomBits(key, draw++) & 0xff;
      }
    }
    return { ...image, pixels };
  }
  return image;
}
