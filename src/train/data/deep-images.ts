/** Images of more than 8 bits per channel, of which the upper 8 are taken: which these are, told without decoding them. */
import { extname, join } from "node:path";
import { isSpecial } from "../../storage/regular-file.js";
import type { Split } from "./data-set.js";
import type { ImageFormat } from "./image-format.js";
import { imageLibrary } from "./image-library.js";

/** Where a PNG says how many bits a channel has: the first of its chunks begins so. */
const pngDepthAt = 24;

/** Whether an image, given as its file's bytes, has more than 8 bits per channel. */
export async function isDeep(bytes: Uint8Array, format: ImageFormat | undefined): Promise<boolean> {
  if (format === "png") return (bytes[pngDepthAt] ?? 0) > 8;
  if (format !== "tiff" && format !== "avif") return false;
  const sharp = await imageLibrary();
  return (await sharp(bytes).metadata()).depth === "ushort";
}

/** The first file of a class that has more than 8 bits per channel, where only the first of each class are looked at. */
export async function firstDeepImage({ source }: Split): Promise<string | undefined> {
  if (source?.kind !== "folder") return undefined;
  const first = source.classes.flatMap(({ folder, files: [file] }) =>
    file !== undefined && mayBeDeep(file) ? [join(folder, file)] : [],
  );
  const deep = await Promise.all(first.map(isDeepFile));
  return first.find((_, index) => deep[index]);
}

function mayBeDeep(file: string): boolean {
  return [".avif", ".png", ".tif", ".tiff"].includes(extname(file).toLowerCase());
}

/** What cannot be read is told of where it is decoded; a pipe, which would be waited for, as well. */
async function isDeepFile(path: string): Promise<boolean> {
  if (await isSpecial(path)) return false;
  const sharp = await imageLibrary();
  return sharp(path)
    .metadata()
    .then(
      ({ depth }) => depth === "ushort",
      () => false,
    );
}
