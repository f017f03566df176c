/** The pictures of a page as PNG in data URIs: images of the validation split, and large matrices. */
import { DataError, type DataSet, type RawImage } from "../train/data/data-set.js";
import { imageLibrary, ImageLibraryError } from "../train/data/image-library.js";
import type { Validation } from "../train/events.js";
import { mostInTable, type Confusion } from "./views/confusion.js";
import type { Picture, Pictures } from "./views/pictures.js";

export interface Illustrations {
  /** By their index in the validation split. */
  readonly pictures: Pictures;
  /** The confusion matrix, where it is too large for a table. */
  readonly matrix: string | undefined;
}

const noIllustrations: Illustrations = { pictures: new Map(), matrix: undefined };

/** Larger images are shrunk to this, on the longer side, in pixels. */
const mostPixels = 160;
/** Images up to here are shown enlarged, every pixel as a square. */
const small = 64;

/** Makes the pictures of one run, and keeps those that the latest validation shows. */
export class Illustrator {
  #kept = new Map<number, Picture>();
  #latest: { readonly of: Validation; readonly made: Promise<Illustrations> } | undefined;

  constructor(private readonly dataSet: DataSet) {}

  /** The pictures of what a validation came to. */
  of(validation: Validation | undefined): Promise<Illustrations> {
    if (validation === undefined) return Promise.resolve(noIllustrations);
    if (this.#latest?.of !== validation) {
      this.#latest = { of: validation, made: this.#make(validation) };
    }
    return this.#latest.made;
  }

  async #make({ samples, mistakes, confusion }: Validation): Promise<Illustrations> {
    const pictures = new Map<number, Picture>();
    for (const { index } of [...samples, ...mistakes]) {
      if (pictures.has(index)) continue;
      pictures.set(index, this.#kept.get(index) ?? (await this.#read(index)));
    }
    this.#kept = pictures;
    const matrix = confusion.length > mostInTable ? await drawn(confusion) : undefined;
    return { pictures, matrix };
  }

  /** An image that can no longer be read has its reason where its picture would be. */
  async #read(index: number): Promise<Picture> {
    const { validation } = this.dataSet;
    const source = validation.describe(index);
    try {
      const { image } = await validation.read(index);
      return { source, image: await pictureOf(image) };
    } catch (error) {
      if (!(error instanceof DataError || error instanceof ImageLibraryError)) throw error;
      return { source, image: { problem: error.message } };
    }
  }
}

async function pictureOf(image: RawImage): Promise<Picture["image"]> {
  const { pixels, width, height, channels } = image;
  if (channels !== 1 && channels !== 3) {
    return { problem: `no picture: the image has ${channels} channels` };
  }
  const sharp = await imageLibrary();
  const png = await sharp(pixels, { raw: { width, height, channels } })
    .resize({ width: mostPixels, height: mostPixels, fit: "inside", withoutEnlargement: true })
    .png()
    .toBuffer();
  // Of so few pixels each of them should be seen.
  return { uri: dataUri(png), isSmall: Math.max(height, width) <= small };
}

/** The picture of a matrix; none where nothing draws it, which is no reason to leave a report out. */
async function drawn(confusion: Confusion): Promise<string | undefined> {
  try {
    return await matrixPicture(confusion);
  } catch (error) {
    if (error instanceof ImageLibraryError) return undefined;
    throw error;
  }
}

/** Blue where the class is right and orange where it is not; the opacity is the root of the row's share. */
async function matrixPicture(confusion: Confusion): Promise<string> {
  const size = confusion.length;
  const pixels = new Uint8Array(size * size * 4);
  confusion.forEach((row, label) => {
    const whole = row.reduce((sum, count) => sum + count, 0);
    row.forEach((count, taken) => {
      const colour = label === taken ? [59, 122, 222] : [224, 110, 36];
      const opacity = whole === 0 ? 0 : Math.round(255 * Math.sqrt(count / whole));
      pixels.set([...colour, opacity], (label * size + taken) * 4);
    });
  });
  const sharp = await imageLibrary();
  return dataUri(
    await sharp(pixels, { raw: { width: size, height: size, channels: 4 } })
      .png()
      .toBuffer(),
  );
}

function dataUri(png: Buffer): string {
  return `data:image/png;base64,${png.toString("base64")}`;
}
