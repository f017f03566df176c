/** Coloured images as grey ones, in bytes. */
import type { RawImage } from "./data-set.js";

/** The share of red, green and blue in the luma Y (ITU-R BT.601, section 2.5.1). */
export const luma = [0.299, 0.587, 0.114] as const;

/** The luma of an image of three channels, in one; an image of another number of channels is left as it is. */
export function greyImage(image: RawImage): RawImage {
  const { pixels, height, width, channels } = image;
  if (channels !== 3) return image;
  const grey = new Uint8Array(height * width);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    // The shares in 65,536ths, as Pillow has them.
    const sum =
      19_595 * (pixels[from] ?? 0) +
      38_470 * (pixels[from + 1] ?? 0) +
      7_471 * (pixels[from + 2] ?? 0);
    grey[i] = (sum + 0x8000) >> 16;
  }
  return { pixels: grey, height, width, channels: 1 };
}
