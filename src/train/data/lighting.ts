/** The light on an image changed at random, in bytes (Krizhevsky et al. 2012, "ImageNet Classification", section 4.1). */
import { randomNormal } from "../../random/random.js";
import type { RawImage } from "./data-set.js";

/**
 * The principal components of the colours of ImageNet's pixels, of values from 0 to 1: the standard deviation along each,
 * and each as its red, green and blue.
 */
const components = [
  { spread: 0.2175, colour: [-0.5675, -0.5808, -0.5836] },
  { spread: 0.0188, colour: [0.7192, -0.0045, -0.6948] },
  { spread: 0.0045, colour: [0.4009, -0.814, 0.4203] },
] as const;

/**
 * Adds to every pixel the sum of the components, each times its spread and a number drawn once an image from a normal
 * distribution of that standard deviation. Values stay within a byte; an image that is not of three channels stays as it is.
 *
 * @param key what the three numbers follow from.
 */
export function relit(image: RawImage, deviation: number, key: number): RawImage {
  if (image.channels !== 3) return image;
  const added = [0, 0, 0];
  for (const [draw, { spread, colour }] of components.entries()) {
    const along = 255 * spread * deviation * randomNormal(key, draw);
    colour.forEach((share, channel) => (added[channel] = (added[channel] ?? 0) + share * along));
  }
  const pixels = Uint8ClampedArray.from(image.pixels, (byte, i) => byte + (added[i % 3] ?? 0));
  return { ...image, pixels: new Uint8Array(pixels.buffer) };
}
