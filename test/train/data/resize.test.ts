import { expect, test } from "vitest";
import { resizeShorter, resizeTo } from "../../../src/train/data/resize.js";
import type { RawImage } from "../../../src/train/data/data-set.js";
import { dataError } from "./folders.js";

function plain(height: number, width: number, value = 77): RawImage {
  const pixels = new Uint8Array(height * width * 3).fill(value);
  return { pixels, height, width, channels: 3 };
}

/** The sizes are torchvision's: its `Resize(side)` truncates the longer side. */
test.each([
  [375, 500, 256, 256, 341],
  [500, 375, 256, 341, 256],
  [480, 640, 224, 224, 298],
  [32, 32, 40, 40, 40],
  [3, 1, 7, 21, 7],
  [100, 33, 33, 100, 33],
])("%dx%d, its shorter side at %d, is %dx%d", async (height, width, side, rows, columns) => {
  const resized = await resizeShorter(plain(height, width), side);
  expect([resized.height, resized.width, resized.channels]).toEqual([rows, columns, 3]);
  expect(resized.pixels).toHaveLength(rows * columns * 3);
  expect(resized.pixels.every((value) => value === 77)).toBe(true);
});

test("its shorter side as it is, an image is left alone", async () => {
  const image = plain(20, 30);
  expect(await resizeShorter(image, 20)).toBe(image);
  expect(await resizeTo(image, 20, 30)).toBe(image);
});

test("a side that would come to more than any image has is told", async () => {
  const { message, help } = await dataError(() => resizeShorter(plain(1, 100), 200));
  expect(message).toBe(
    "an image of 1x100 would come to 200x20000, whose longer side is over 16,384 pixels",
  );
  expect(help).toBe("cut it to its subject, or take it out");
});

/** What Pillow 13's `resize(…, Image.BILINEAR)` makes of the same bytes, and with `Image.BICUBIC`. */
const pillow = {
  "a ramp": {
    shape: [1, 8, 1],
    given: [0, 20, 40, 60, 80, 100, 120, 140],
    size: [1, 16],
    made: [0, 5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 125, 135, 140],
    cubic: [0, 3, 14, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 126, 137, 142],
  },
  "grey noise": {
    shape: [3, 4, 1],
    given: [168, 229, 184, 171, 238, 171, 20, 206, 245, 153, 204, 5],
    size: [5, 9],
    made: [
      168, 178, 205, 226, 207, 187, 179, 173, 171, 196, 198, 202, 201, 163, 123, 144, 174, 185, 238,
      227, 197, 163, 96, 28, 92, 175, 206, 242, 229, 192, 159, 146, 132, 113, 93, 85, 245, 230, 189,
      156, 179, 201, 127, 38, 5,
    ],
    cubic: [
      156, 171, 208, 234, 221, 199, 183, 171, 166, 190, 195, 209, 207, 160, 119, 141, 183, 199, 244,
      232, 208, 164, 80, 20, 82, 183, 224, 254, 236, 193, 154, 142, 134, 109, 83, 81, 255, 234, 183,
      152, 193, 221, 134, 16, 0,
    ],
  },
  "coloured noise": {
    shape: [2, 2, 3],
    given: [37, 53, 213, 206, 192, 173, 6, 120, 63, 96, 236, 131],
    size: [3, 5],
    made: [
      37, 53, 213, 54, 67, 209, 122, 123, 193, 189, 178, 177, 206, 192, 173, 22, 87, 138, 35, 100,
      140, 87, 151, 145, 138, 201, 151, 151, 214, 152, 6, 120, 63, 15, 132, 70, 51, 178, 97, 87,
      224, 124, 96, 236, 131,
    ],
    cubic: [
      21, 34, 228, 50, 58, 219, 127, 119, 199, 202, 180, 179, 231, 203, 171, 10, 74, 137, 30, 95,
      139, 87, 151, 145, 143, 206, 152, 164, 227, 154, 0, 114, 45, 10, 132, 58, 46, 182, 91, 83,
      231, 124, 97, 250, 136,
    ],
  },
  "wider and less high": {
    shape: [12, 4, 1],
    given: [
      120, 120, 120, 120, 152, 150, 142, 131, 181, 176, 163, 142, 204, 197, 178, 150, 217, 209, 187,
      155, 219, 211, 189, 156, 210, 203, 183, 152, 192, 186, 170, 146, 165, 162, 151, 136, 134, 132,
      129, 125, 100, 102, 106, 113, 69, 73, 85, 101,
    ],
    size: [5, 9],
    made: [
      149, 148, 147, 146, 143, 140, 136, 132, 130, 201, 200, 197, 193, 185, 177, 166, 154, 149, 211,
      210, 207, 203, 194, 185, 172, 158, 153, 166, 165, 164, 161, 157, 152, 145, 139, 136, 98, 98,
      99, 100, 103, 105, 108, 111, 112,
    ],
    cubic: [
      145, 145, 144, 143, 140, 137, 133, 130, 128, 205, 203, 201, 196, 189, 179, 166, 153, 147, 216,
      214, 212, 207, 199, 188, 173, 158, 151, 167, 167, 165, 163, 158, 153, 145, 139, 136, 93, 93,
      94, 95, 98, 101, 105, 109, 111,
    ],
  },
  "higher and less wide": {
    shape: [4, 12, 1],
    given: [
      120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 152, 150, 142, 131, 119, 106, 95,
      89, 87, 90, 98, 109, 181, 176, 163, 142, 118, 94, 74, 61, 58, 64, 79, 100, 204, 197, 178, 150,
      117, 84, 57, 40, 35, 44, 64, 94,
    ],
    size: [9, 5],
    made: [
      120, 120, 120, 120, 120, 125, 122, 117, 115, 117, 138, 126, 109, 101, 108, 150, 130, 101, 88,
      99, 162, 134, 94, 76, 91, 173, 137, 87, 64, 83, 182, 141, 81, 55, 77, 191, 144, 75, 46, 71,
      194, 145, 73, 42, 69,
    ],
    cubic: [
      117, 119, 122, 123, 122, 123, 121, 118, 117, 118, 136, 125, 109, 103, 109, 152, 131, 99, 86,
      99, 164, 135, 92, 73, 92, 176, 140, 85, 60, 85, 187, 143, 77, 48, 78, 196, 146, 71, 39, 72,
      200, 148, 69, 35, 70,
    ],
  },
} as const;

const resampled = Object.entries(pillow).flatMap(([title, { shape, given, size, made, cubic }]) =>
  [false, true].map((bicubic) => ({
    ...{ title, shape, given, size, bicubic },
    ...{ made: bicubic ? cubic : made, way: bicubic ? "bicubic" : "bilinear" },
  })),
);

test.each(resampled)(
  "$title is resized, $way, as Pillow does it",
  async ({ title, shape, given, size, made, bicubic }) => {
    const [height, width, channels] = shape;
    const image = { pixels: Uint8Array.from(given), height, width, channels };
    const { pixels } = await resizeTo(image, size[0], size[1], { bicubic });
    // Where a side shrinks, that is the library's part, whose filter differs at the edges.
    const most = title.includes("less") ? 4 : 1;
    expect(pixels).toHaveLength(made.length);
    const far = [...pixels].map((value, index) => Math.abs(value - (made[index] ?? NaN)));
    expect(Math.max(...far)).toBeLessThanOrEqual(most);
  },
);

test("an image that is enlarged is the mirror image of its mirror image, enlarged", async () => {
  const { shape, given } = pillow["coloured noise"];
  const [height, width, channels] = shape;
  const image = { pixels: Uint8Array.from(given), height, width, channels };
  const mirrored = (of: RawImage): number[] =>
    Array.from(of.pixels, (_, i) => {
      const [row, rest] = [Math.floor(i / (of.width * channels)), i % (of.width * channels)];
      const column = of.width - 1 - Math.floor(rest / channels);
      return of.pixels[(row * of.width + column) * channels + (rest % channels)] ?? NaN;
    });
  const one = await resizeTo({ ...image, pixels: Uint8Array.from(mirrored(image)) }, 7, 8);
  const other = mirrored(await resizeTo(image, 7, 8));
  expect(
    Math.max(...other.map((value, i) => Math.abs(value - (one.pixels[i] ?? NaN)))),
  ).toBeLessThanOrEqual(1);
});
