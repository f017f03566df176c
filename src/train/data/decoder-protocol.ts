/** What a process that decodes images is given on its input, and how it gives them back. */
import type { RawImage } from "./data-set.js";
import type { Keepable } from "./kept-images.js";

/** JSON in one line; the input stays open for as long as the images are wanted. */
export interface DecodingJob {
  readonly size: Pick<RawImage, "height" | "width" | "channels">;
  /** Of the images in the order of their numbers: the first is `part`, each of the others `parts` above the one before. */
  readonly paths: readonly string[];
  readonly part: number;
  readonly parts: number;
}

/** The pipe that takes images: no library prints into it, as into the usual output. */
export const imagePipe = 3;

/** In front of an image's pixels: its number in four bytes, and a byte that is 1 where its file has more bits than they. */
const headBytes = 5;

export function frameOf({ index, deep, pixels }: Keepable): Uint8Array {
  const frame = new Uint8Array(headBytes + pixels.length);
  new DataView(frame.buffer).setUint32(0, index, true);
  frame[4] = deep ? 1 : 0;
  frame.set(pixels, headBytes);
  return frame;
}

/**
 * Puts together what comes in pieces of any length.
 * @param pixels bytes of every image. @param take is given each image as it is whole; its pixels are valid until it returns.
 */
export function frameReader(
  pixels: number,
  take: (image: Keepable) => void,
): (piece: Uint8Array) => void {
  const frame = new Uint8Array(headBytes + pixels);
  const head = new DataView(frame.buffer);
  let filled = 0;
  return (piece) => {
    let read = 0;
    while (read < piece.length) {
      const count = Math.min(frame.length - filled, piece.length - read);
      frame.set(piece.subarray(read, read + count), filled);
      filled += count;
      read += count;
      if (filled < frame.length) return;
      filled = 0;
      take({
        index: head.getUint32(0, true),
        deep: frame[4] === 1,
        pixels: frame.subarray(headBytes),
      });
    }
  };
}
