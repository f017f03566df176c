/** Images sheared, moved and turned, in bytes, by the nearest pixel; what comes from outside of the image is black. */
import type { RawImage } from "./data-set.js";

/** From a place (x, y) of the result to that in the image: x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The image seen through a map of its places, those of pixels being their middles, as Pillow's `transform(…, AFFINE)`. */
export function transformed(image: RawImage, [a, b, c, d, e, f]: Affine): RawImage {
  const { pixels, height, width, channels } = image;
  const moved = new Uint8Array(pixels.length);
  // In 65,536ths of a pixel, as Pillow counts them.
  const [across, down, first] = [fixed(a), fixed(b), fixed(c + (a + b) / 2)];
  const [acrossRow, downRow, firstRow] = [fixed(d), fixed(e), fixed(f + (d + e) / 2)];
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += channels) {
      const fromColumn = Math.floor((first + down * row + across * column) / one);
      const fromRow = Math.floor((firstRow + downRow * row + acrossRow * column) / one);
      if (fromColumn < 0 || fromColumn >= width || fromRow < 0 || fromRow >= height) continue;
      const from = (fromRow * width + fromColumn) * channels;
      for (let channel = 0; channel < channels; channel++) {
        moved[to + channel] = pixels[from + channel] ?? 0;
      }
    }
  }
  return { ...image, pixels: moved };
}

/** A pixel. */
const one = 65_536;

function fixed(extent: number): number {
  return Math.floor(extent * one + 0.5);
}

/** Rows moved to the left by `along` of their distance from the top. */
export function shearedRows(image: RawImage, along: number): RawImage {
  return transformed(image, [1, along, 0, 0, 1, 0]);
}

/** Columns moved up by `along` of their distance from the left. */
export function shearedColumns(image: RawImage, along: number): RawImage {
  return transformed(image, [1, 0, 0, along, 1, 0]);
}

/** Everything moved, by whole pixels to the right and down. */
export function translated(image: RawImage, right: number, down: number): RawImage {
  return transformed(image, [1, 0, -Math.trunc(right), 0, 1, -Math.trunc(down)]);
}

/** Turned about the middle, by degrees against the clock. */
export function rotated(image: RawImage, degrees: number): RawImage {
  const angle = (-degrees * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [image.width / 2, image.height / 2];
  const c = x - cosine * x - sine * y;
  const f = y + sine * x - cosine * y;
  return transformed(image, [cosine, sine, c, -sine, cosine, f]);
}
