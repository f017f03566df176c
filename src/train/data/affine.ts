/** Images sheared, moved and turned, in bytes, by the nearest pixel; what comes from outside of the image is black. */
import type { RawImage } from "./data-set.js";

/** From a place (x, y) of the result to that in the image: x' = a x + b y + c, y' = d x + e y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The image seen through a map of its places, those of pixels being their middles, as Pillow's `transform(…, AFFINE)`. */
export function transformed(image: RawImage, [a, b, c, d, e, f]: Affine): RawImage {
  const { pixels, height, width, channels } = image;
  const moved = new Uint8Array(pixels.length);
  for (let row = 0, to = 0; row < height; row++) {
    const y = row + 0.5;
    for (let column = 0; column < width; column++, to += channels) {
      const x = column + 0.5;
      const fromColumn = Math.floor(a * x + b * y + c);
      const fromRow = Math.floor(d * x + e * y + f);
      if (fromColumn < 0 || fromColumn >= width || fromRow < 0 || fromRow >= height) continue;
      const from = (fromRow * width + fromColumn) * channels;
      for (let channel = 0; channel < channels; channel++) {
        moved[to + channel] = pixels[from + channel] ?? 0;
      }
    }
  }
  return { ...image, pixels: moved };
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
