import { expect, test } from "vitest";
import type { Augmentation } from "../../../src/recipe/recipe.js";
import { augmentationKey, augmentImage, flipImage } from "../../../src/train/data/augment.js";
import { cropImage } from "../../../src/train/data/crop.js";
import type { RawImage } from "../../../src/train/data/data-set.js";
import { dataError } from "./folders.js";

function numbered(height: number, width: number, channels: number): RawImage {
  const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => 1 + (i % 255));
  return { pixels, height, width, channels };
}

function at(image: RawImage, row: number, column: number, channel: number): number {
  const inside = row >= 0 && row < image.height && column >= 0 && column < image.width;
  const index = (row * image.width + column) * image.channels + channel;
  return inside ? (image.pixels[index] ?? -1) : 0;
}

function drawn(
  height: number,
  width: number,
  channels: number,
  value: (row: number, column: number, channel: number) => number,
): RawImage {
  const pixels: number[] = [];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let c = 0; c < channels; c++) pixels.push(value(row, column, c));
  return { pixels: Uint8Array.from(pixels), height, width, channels };
}

test("flip against its definition, and twice is the image again", () => {
  for (const [height, width, channels] of [
    [4, 5, 3],
    [3, 6, 1],
    [1, 1, 3],
  ] as const) {
    const image = numbered(height, width, channels);
    const flipped = flipImage(image);
    expect(flipped).toEqual(
      drawn(height, width, channels, (row, column, c) => at(image, row, width - 1 - column, c)),
    );
    expect(flipImage(flipped)).toEqual(image);
  }
});

test("crop against its definition at every offset, outside of the image zero", () => {
  const image = numbered(4, 5, 3);
  for (let top = -7; top <= 7; top++) {
    for (let left = -8; left <= 8; left++) {
      expect(cropImage(image, { top, left, height: 3, width: 6 })).toEqual(
        drawn(3, 6, 3, (row, column, c) => at(image, top + row, left + column, c)),
      );
    }
  }
});

const flip: Augmentation = { kind: "flip" };
const crop: Augmentation = { kind: "crop", height: 4, width: 5, padding: 2 };

test("a random flip is the image or its mirror, each about half of the time", async () => {
  const image = numbered(4, 5, 3);
  let flipped = 0;
  for (let index = 0; index < 1000; index++) {
    const { pixels } = await augmentImage(image, [flip], augmentationKey(0, 0, index));
    if (pixels.join() === image.pixels.join()) continue;
    expect(pixels).toEqual(flipImage(image).pixels);
    flipped++;
  }
  expect(flipped).toBeGreaterThan(430);
  expect(flipped).toBeLessThan(570);
});

test("a random crop takes every one of its places, about equally often", async () => {
  const image = numbered(4, 5, 3);
  const places = new Map<string, number>();
  for (let top = -2; top <= 2; top++) {
    for (let left = -2; left <= 2; left++) {
      places.set(cropImage(image, { top, left, height: 4, width: 5 }).pixels.join(), 0);
    }
  }
  expect(places.size).toBe(25);
  for (let index = 0; index < 2500; index++) {
    const { pixels } = await augmentImage(image, [crop], augmentationKey(1, 2, index));
    const key = pixels.join();
    expect(places.has(key)).toBe(true);
    places.set(key, (places.get(key) ?? 0) + 1);
  }
  expect(Math.min(...places.values())).toBeGreaterThan(50);
  expect(Math.max(...places.values())).toBeLessThan(160);
});

test("crop and flip are drawn independently", async () => {
  const image = numbered(4, 5, 3);
  const outcomes = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    const { pixels } = await augmentImage(image, [crop, flip], augmentationKey(0, 0, index));
    outcomes.add(pixels.join());
  }
  expect(outcomes.size).toBe(50);
});

test("what happens follows from seed, epoch and index, and from each of them", async () => {
  const image = numbered(4, 5, 3);
  const run = (seed: number, epoch: number): Promise<string[]> => {
    const images = Array.from({ length: 50 }, async (_, index) => {
      const key = augmentationKey(seed, epoch, index);
      return (await augmentImage(image, [crop, flip], key)).pixels.join();
    });
    return Promise.all(images);
  };
  const first = await run(3, 4);
  expect(await run(3, 4)).toEqual(first);
  expect(await run(3, 5)).not.toEqual(first);
  expect(await run(4, 4)).not.toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(10);
});

test("the image itself is never changed", async () => {
  const image = numbered(4, 5, 3);
  const before = image.pixels.slice();
  for (let index = 0; index < 20; index++) await augmentImage(image, [crop, flip], index);
  expect(image.pixels).toEqual(before);
});

test("a crop that does not fit says what to do", async () => {
  const large: Augmentation = { kind: "crop", height: 32, width: 32, padding: 2 };
  const image = numbered(25, 40, 3);
  const error = await dataError(() => augmentImage(image, [large], 0));
  expect(error.message).toBe("a crop of 32x32 does not fit into an image of 25x40 padded by 2");
  const padded = await augmentImage(image, [{ ...large, padding: 4 }], 0);
  expect(padded.height).toBe(32);
  expect(error.help).toBe("resize the images to at least 28x28 first, or pad by 4");
  const scale: Augmentation = { kind: "scale", least: 30, most: 30 };
  const wide: Augmentation = { kind: "crop", height: 60, width: 30, padding: 0 };
  const scaled = await dataError(() => augmentImage(image, [scale, wide], 0));
  expect(scaled.help).toBe("let `scale` begin at 60");
});
