/**
 * Image files to pixels: upright (EXIF orientation applied), 8-bit sRGB, exactly three channels. Grey
 * images are repeated over the three; an alpha channel is dropped; of more than 8 bits, the upper 8 are taken.
 */
import { access, constants, lstat, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { grouped } from "../../diagnostics/numbers.js";
import { errorCode, textOfError } from "../../storage/error-code.js";
import { isSpecial } from "../../storage/regular-file.js";
import { DataError, type RawImage } from "./data-set.js";
import { isDeep } from "./deep-images.js";
import { refusalOf } from "./file-errors.js";
import { formatOf, isSvg } from "./image-format.js";
import { imageLibrary, ImageLibraryError } from "./image-library.js";

/** The extensions, in lower case, of the formats that are decoded. */
export const imageExtensions: readonly string[] = [
  ".avif",
  ".gif",
  ".jfi",
  ".jfif",
  ".jpe",
  ".jpeg",
  ".jpg",
  ".png",
  ".tif",
  ".tiff",
  ".webp",
];

/** Whether a file's name has the extension of an image that is decoded. */
export function isImageName(name: string): boolean {
  return imageExtensions.includes(extname(name).toLowerCase());
}

/** Other formats of images, by their extensions in lower case. */
const otherFormats: Readonly<Record<string, string>> = {
  ".bmp": "a BMP",
  ".heic": "a HEIC",
  ".heif": "a HEIF",
  ".ico": "an icon",
  ".j2k": "a JPEG 2000",
  ".jp2": "a JPEG 2000",
  ".jxl": "a JPEG XL",
  ".pbm": "a PBM",
  ".pgm": "a PGM",
  ".pnm": "a PNM",
  ".ppm": "a PPM",
  ".psd": "a PSD",
  ".tga": "a TGA",
};

/** What a file is by its name, where it is an image of a format that is not decoded. */
export function otherFormat(name: string): string | undefined {
  const extension = extname(name).toLowerCase();
  return Object.hasOwn(otherFormats, extension) ? otherFormats[extension] : undefined;
}

/**
 * Decodes one image file to (H, W, 3) bytes; of an animation, the first frame.
 *
 * @throws DataError naming the file where it is missing, empty, corrupt, truncated, of numbers that are no bytes, or no
 * image or no file at all.
 * @throws ImageLibraryError
 */
export async function decodeImage(path: string): Promise<RawImage> {
  await refuseSpecial(path);
  try {
    return await decoded(await readFile(path), path);
  } catch (error) {
    if (error instanceof DataError || error instanceof ImageLibraryError) throw error;
    throw await explain(path, reasonOf(error));
  }
}

/** The same of a file's bytes, which may change after the call. @throws DataError, ImageLibraryError likewise. */
export async function decodeBytes(given: Uint8Array): Promise<RawImage> {
  const bytes = new Uint8Array(given);
  const name = `the image of ${grouped(bytes.length)} bytes`;
  try {
    return await decoded(bytes, name);
  } catch (error) {
    if (error instanceof DataError || error instanceof ImageLibraryError) throw error;
    throw undecodable(name, reasonOf(error), "give the whole of a file");
  }
}

/** @param name of the image, for messages. */
async function decoded(bytes: Uint8Array, name: string): Promise<RawImage> {
  const format = formatOf(bytes);
  // The decoder draws what it is given, at a size that nobody has chosen.
  if (format === undefined && isSvg(bytes)) throw notDecoded(name, "an SVG");
  if (format === undefined && bytes.length > 0) throw new Error("it begins like none");
  if (format === "tiff") await refuseMeasurements(bytes, name);
  const sharp = await imageLibrary();
  const { data, info } = await sharp(bytes, { failOn: "warning" })
    .autoOrient()
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const deep = await isDeep(bytes, format);
  return { pixels: data, height, width, channels, ...(deep && { deep }) };
}

/** The decoder would wait for whoever writes into a pipe. What cannot be looked at is left to it. */
async function refuseSpecial(path: string): Promise<void> {
  if (!(await isSpecial(path))) return;
  throw new DataError(
    `${path} is a pipe, a socket or a device, not an image`,
    "put a file in its place, or remove it",
  );
}

/**
 * A TIFF may hold numbers of any kind and range, of which the decoder takes those from 0 to 255 and cuts off the rest:
 * floats from 0 to 1 would be black.
 */
async function refuseMeasurements(bytes: Uint8Array, name: string): Promise<void> {
  const sharp = await imageLibrary();
  const { depth } = await sharp(bytes).metadata();
  if (depth === "uchar" || depth === "ushort") return;
  throw new DataError(
    `${name} holds numbers of the kind ${depth}, whose range is not known`,
    "convert it to 8 or 16 bits, whose whole range is from black to white",
  );
}

/** What the decoder found; not how it was told to take it, which is the first line where it only warned. */
function reasonOf(error: unknown): string | undefined {
  const text = textOfError(error);
  return text.split("\n").find((line) => line.trim() !== "" && !line.includes("failOn"));
}

async function explain(path: string, reason: string | undefined): Promise<DataError> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) {
      return new DataError(
        `${path} is a folder, not an image`,
        `name the images in it, such as ${join(path, "*.jpg")}`,
      );
    }
    if (facts.size === 0) {
      return new DataError(`${path} is empty (0 bytes)`, "replace the file, or remove it");
    }
    await access(path, constants.R_OK);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      return new DataError(`${path} cannot be read: ${refusalOf(error)}`);
    }
    if (path.includes("\uFFFD")) {
      return new DataError(
        `the name of ${path} is not in UTF-8, and cannot be opened`,
        "rename it; `convmv` changes the names of whole folders",
      );
    }
    return (await isLink(path))
      ? new DataError(
          `${path} is a link to a file that is not there`,
          "mend the link, or remove it",
        )
      : new DataError(
          `${path} is missing`,
          "check its path, and put the file back if it was there",
        );
  }
  if (reason?.includes("pixel limit") === true) {
    return new DataError(
      `${path} has more than 268 million pixels`,
      "make it smaller, or remove it",
    );
  }
  const other = otherFormat(path);
  if (other === undefined) return undecodable(path, reason, "replace the file, or remove it");
  return notDecoded(path, other);
}

/** @param what the image is. */
function notDecoded(name: string, what: string): DataError {
  return new DataError(
    `${name} is ${what}, which is not decoded`,
    `convert it; what can be decoded is ${imageExtensions.join(" ")}`,
  );
}

function undecodable(name: string, reason: string | undefined, help: string): DataError {
  const cause = reason === undefined ? "" : ` (${reason})`;
  return new DataError(
    `${name} cannot be decoded; it is corrupt, truncated or no image${cause}`,
    `${help}; what can be decoded is ${imageExtensions.join(" ")}`,
  );
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (facts) => facts.isSymbolicLink(),
    () => false,
  );
}
