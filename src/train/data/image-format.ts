/** The format of an image, told from the bytes that it begins with, whatever its file is called. */

/** The formats that are decoded. */
export type ImageFormat = "avif" | "gif" | "jpeg" | "png" | "tiff" | "webp";

/** What the bytes of a format have at a place, as latin1. */
type Mark = readonly [at: number, text: string];

const marks: readonly (readonly [ImageFormat, readonly Mark[]])[] = [
  ["jpeg", [[0, "\xff\xd8\xff"]]],
  ["png", [[0, "\x89PNG\r\n\x1a\n"]]],
  ["gif", [[0, "GIF8"]]],
  [
    "webp",
    [
      [0, "RIFF"],
      [8, "WEBP"],
    ],
  ],
  ["tiff", [[0, "II*\0"]]],
  ["tiff", [[0, "MM\0*"]]],
  // TIFF of 64 bits.
  ["tiff", [[0, "II+\0"]]],
  ["tiff", [[0, "MM\0+"]]],
  // What else is in such a container, the decoder tells.
  ["avif", [[4, "ftyp"]]],
];

/** @returns nothing where it is no image, or one of a format that is not decoded. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  const begins = beginning(bytes, 12);
  const fits = ([at, text]: Mark): boolean => begins.startsWith(text, at);
  return marks.find(([, all]) => all.every(fits))?.[0];
}

/** Whether it is a drawing, which decoders would make an image of. */
export function isSvg(bytes: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?\s*(<[?!][^>]*>\s*)*<svg[\s>]/i.test(beginning(bytes, 4096));
}

function beginning(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length)).toString(
    "latin1",
  );
}
