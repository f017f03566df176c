/** Resizing of bytes: bilinear or bicubic, with a widened (antialiasing) filter along each side that shrinks. */
import { grouped } from "../../diagnostics/numbers.js";
import type { Resampling } from "../../recipe/recipe.js";
import { DataError, type RawImage } from "./data-set.js";
import { cubic, enlarge, linear } from "./enlarge.js";
import { imageLibrary } from "./image-library.js";

/**
 * Resizes to one size, whatever becomes of the aspect; an image of that size is given back.
 *
 * @throws DataError if the image has neither 1 nor 3 channels.
 */
export async function resizeTo(
  image: RawImage,
  height: number,
  width: number,
  { bicubic = false }: Resampling = {},
): Promise<RawImage> {
  if (image.height === height && image.width === width) return image;
  const { channels } = image;
  if (channels !== 1 && channels !== 3) {
    throw new DataError(`an image of ${channels} channels cannot be resized; only 1 or 3 can`);
  }
  const [rows, columns] = [Math.min(height, image.height), Math.min(width, image.width)];
  const isSmaller = rows < image.height || columns < image.width;
  const smaller = isSmaller ? await shrink(image, rows, columns, bicubic) : image;
  return enlarge(smaller, height, width, bicubic ? cubic : linear);
}

async function shrink(
  image: RawImage,
  height: number,
  width: number,
  bicubic: boolean,
): Promise<RawImage> {
  const { pixels, channels } = image;
  const raw = {
    width: image.width,
    height: image.height,
    channels: channels === 1 ? 1 : 3,
  } as const;
  const sharp = await imageLibrary();
  const pipeline = sharp(pixels, { raw })
    .resize(width, height, { fit: "fill", kernel: bicubic ? "cubic" : "linear" })
    // Without it a single channel would come back as three.
    .toColourspace(channels === 1 ? "b-w" : "srgb");
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, height: info.height, width: info.width, channels: info.channels };
}

/** The most pixels that a longer side may come to. */
const longest = 16_384;

/**
 * Resizes so that the shorter side has `side` pixels, and the longer floor(side longer / shorter), as torchvision's
 * `Resize(side)` does.
 *
 * @throws DataError as `resizeTo`, and where the longer side would come to more than 16,384 pixels.
 */
export async function resizeShorter(
  image: RawImage,
  side: number,
  resampling?: Resampling,
): Promise<RawImage> {
  const { height, width } = image;
  const shorter = Math.min(height, width);
  const scaled = (extent: number): number => Math.floor((side * extent) / shorter);
  if (scaled(Math.max(height, width)) > longest) {
    throw new DataError(
      `an image of ${height}x${width} would come to ${scaled(height)}x${scaled(width)}, whose longer side is over ${grouped(longest)} pixels`,
      "cut it to its subject, or take it out",
    );
  }
  return resizeTo(image, scaled(height), scaled(width), resampling);
}
