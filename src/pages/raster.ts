/** A picture as PNG, for places that take no SVG. */
import { imageLibrary } from "../train/data/image-library.js";

/** Pixels of the PNG for each of the SVG: sharp on screens with two for one. */
const scale = 2;
/** The pixels per inch that an SVG is drawn at as it is. */
const plainDensity = 72;
/** The side that the format's readers can be trusted with. */
export const longestSide = 16_000;

/**
 * Draws an SVG. A long one is drawn smaller, so that no side is longer than `longestSide`.
 *
 * @param size width and height of the SVG in its own pixels.
 * @throws ImageLibraryError
 */
export async function rasterise(
  svg: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const sharp = await imageLibrary();
  const factor = Math.min(scale, longestSide / Math.max(width, height));
  return sharp(Buffer.from(svg), { density: plainDensity * factor, limitInputPixels: false })
    .png()
    .toBuffer();
}
