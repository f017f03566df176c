/**
 * Image files to pixels: upright (EXIF orientation applied), 8-bit sRGB, exactly three channels. Grey
 * images are repeated over the three; an alpha channel is dropped.
 */
import { stat } from "node:fs/promises";
import sharp from "sharp";
import { DataError, type RawImage } from "./data-set.js";
import { errorCode, messageOf } from "./file-errors.js";

/** The extensions, in lower case, of the formats that are decoded. */
export const imageExtensions: readonly string[] = [
  ".avif",
  ".gif",
  ".jpeg",
  ".jpg",
  ".png",
  ".tif",
  ".tiff",
  ".webp",
];

// One file is decoded once an epoch: a cache of operations would only grow, and would answer for a
// file that has changed since. Images are decoded side by side, so one thread each is enough.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes one image file to (H, W, 3) bytes; of an animation, the first frame.
 *
 * @throws DataError naming the file where it is missing, empty, corrupt, truncated or no image.
 */
export async function decodeImage(path: string): Promise<RawImage> {
  try {
    const { data, info } = await sharp(path, { failOn: "warning" })
      .autoOrient()
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { pixels: data, height, width, channels };
  } catch (error) {
    throw await explain(path, messageOf(error));
  }
}

async function explain(path: string, message: string): Promise<DataError> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) return new DataError(`${path} is a folder, not an image`);
    if (facts.size === 0) {
      return new DataError(`${path} is empty (0 bytes)`, "replace the file, or remove it");
    }
  } catch (error) {
    return errorCode(error) === "ENOENT"
      ? new DataError(`${path} is missing`)
      : new DataError(`${path} cannot be read: ${messageOf(error)}`);
  }
  return new DataError(
    `${path} cannot be decoded; it is corrupt, truncated or no image (${message})`,
    `replace the file, or remove it; what can be decoded is ${imageExtensions.join(" ")}`,
  );
}
