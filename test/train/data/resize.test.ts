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
