/**
 * sharp, which decodes, resizes and encodes images, loaded where it is first needed: its binary is an optional package of
 * its own, and whatever works on no image goes without it.
 */
import type { SharpConstructor } from "sharp";
import { textOfError } from "../../storage/error-code.js";

/** The library for images is not there: no image can be used, so it is no fault of any. */
export class ImageLibraryError extends Error {
  override readonly name = "ImageLibraryError";
  constructor(
    message: string,
    readonly help: string,
  ) {
    super(message);
  }
}

let loaded: Promise<SharpConstructor> | undefined;

/** @throws ImageLibraryError with how to install it. */
export function imageLibrary(): Promise<SharpConstructor> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<SharpConstructor> {
  let sharp: SharpConstructor;
  try {
    ({ default: sharp } = await import("sharp"));
  } catch (error) {
    const [first = ""] = textOfError(error).split("\n");
    throw new ImageLibraryError(
      `images cannot be read or written: ${first}`,
      `sharp's binary for ${process.platform}-${process.arch} is an optional package: install without \`--omit=optional\`, ` +
        "or `npm install --include=optional sharp`",
    );
  }
  // One file is decoded once an epoch: a cache of operations would only grow, and would answer for a
  // file that has changed since. Images are decoded side by side, so one thread each is enough.
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}
