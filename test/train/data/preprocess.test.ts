import { expect, test } from "vitest";
import type { Preprocessing } from "../../../src/recipe/recipe.js";
import { augmentImage } from "../../../src/train/data/augment.js";
import { DataError, type RawImage } from "../../../src/train/data/data-set.js";
import { prepareImage, preprocessImage, resizeImage } from "../../../src/train/data/preprocess.js";
import { dataError } from "./folders.js";

function image(
  height: number,
  width: number,
  channels: number,
  value: (row: number, column: number, channel: number) => number,
): RawImage {
  const pixels = new Uint8Array(height * width * channels);
  for (let row = 0, i = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let c = 0; c < channels; c++) pixels[i++] = value(row, column, c);
  return { pixels, height, width, channels };
}

test("grey is made of three channels before all else, as Pillow makes it", async () => {
  const colours = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 255],
    [10, 200, 30],
    [77, 78, 79],
  ];
  const raw = image(1, 6, 3, (_, column, c) => colours[column]?.[c] ?? NaN);
  const grey = await prepareImage(raw, [{ kind: "grey" }], [], 0);
  // What Pillow 13 gives for `convert("L")`.
  expect([...grey.pixels]).toEqual([76, 150, 29, 255, 124, 78]);
  expect(grey.channels).toBe(1);
  expect(await prepareImage(grey, [{ kind: "grey" }], [], 0)).toEqual(grey);

  const steps = [
    resize(4, 5),
    { kind: "grey" },
    { kind: "normalize", mean: [0.5], std: [0.5] },
  ] as const;
  const jitter = { kind: "jitter", brightness: 0.4, contrast: 0.4, saturation: 0.4 } as const;
  const made = await preprocessImage(raw, steps, [{ kind: "flip" }, jitter], 3);
  expect([made.height, made.width, made.channels]).toEqual([4, 5, 1]);
  const colour = { kind: "normalize", mean: [0.1, 0.2, 0.3], std: [1] } as const;
  const { message } = await dataError(() =>
    preprocessImage(raw, [{ kind: "grey" }, colour], [], 0),
  );
  expect(message).toBe("normalize has 3 numbers for mean; the images have 1 channel");
});

const resize = (height: number, width: number): Preprocessing => ({
  kind: "resize",
  height,
  width,
});

test("normalising against its formula, one number for all channels or one each", async () => {
  const raw = image(3, 4, 3, (row, column, c) => 60 * row + 13 * column + c);
  const each = { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] };
  const one = { mean: [0.5], std: [0.5] };
  for (const { mean, std } of [each, one]) {
    const result = await preprocessImage(raw, [{ kind: "normalize", mean, std }], [], 0);
    expect([result.height, result.width, result.channels]).toEqual([3, 4, 3]);
    const expected = Array.from(raw.pixels, (byte, i) => {
      const channel = mean.length === 1 ? 0 : i % 3;
      return Math.fround((byte / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1));
    });
    expect([...result.pixels]).toEqual(expected);
  }
});

test("without normalize the values run from 0 to 1", async () => {
  const raw = image(1, 2, 1, (_row, column) => 255 * column);
  expect([...(await preprocessImage(raw, [], [], 0)).pixels]).toEqual([0, 1]);
});

test("normalize with wrong counts or a std of nothing is refused", async () => {
  const raw = image(2, 2, 3, () => 1);
  const run = (mean: number[], std: number[]) =>
    dataError(() => preprocessImage(raw, [{ kind: "normalize", mean, std }], [], 0));
  expect((await run([0.5, 0.5], [1])).message).toBe(
    "normalize has 2 numbers for mean; the images have 3 channels",
  );
  expect((await run([0.5], [1, 1, 1, 1])).message).toContain("4 numbers for std");
  expect((await run([0.5], [0])).message).toContain("divides by std: 0");
});

test("an image of the right size is left untouched by resize", async () => {
  const raw = image(6, 8, 3, (row, column, c) => 30 * row + 3 * column + c);
  expect(await resizeImage(raw, [resize(6, 8)])).toBe(raw);
});

test("resize: a plain image stays plain, at any size and for one channel", async () => {
  for (const channels of [1, 3]) {
    const raw = image(7, 9, channels, () => 77);
    for (const [height, width] of [
      [14, 18],
      [3, 4],
      [7, 20],
      [224, 224],
    ] as const) {
      const result = await resizeImage(raw, [resize(height, width)]);
      expect([result.height, result.width, result.channels]).toEqual([height, width, channels]);
      expect(result.pixels.length).toBe(height * width * channels);
      expect(result.pixels.every((value) => value === 77)).toBe(true);
    }
  }
});

test("resize: a ramp stays a ramp, in each direction and channel, larger and smaller", async () => {
  const raw = image(
    32,
    32,
    3,
    (row, column, c) => [8 * column, 8 * row, 4 * (row + column)][c] ?? 0,
  );
  for (const [height, width] of [
    [64, 48],
    [16, 20],
    [224, 224],
  ] as const) {
    const result = await resizeImage(raw, [resize(height, width)]);
    for (let row = 4; row < height - 4; row++) {
      for (let column = 4; column < width - 4; column++) {
        // The place of the output pixel's centre on the input, whose pixel i has its centre at i + 1/2.
        const x = ((column + 0.5) * 32) / width - 0.5;
        const y = ((row + 0.5) * 32) / height - 0.5;
        if (Math.min(x, y) < 1 || Math.max(x, y) > 30) continue;
        const base = (row * width + column) * 3;
        const found = [0, 1, 2].map((c) => result.pixels[base + c] ?? -1);
        // Half a pixel of the finer grid either way is allowed: 4 levels of 8 a pixel.
        [8 * x, 8 * y, 4 * (x + y)].forEach((value, c) =>
          expect(Math.abs((found[c] ?? -1) - value)).toBeLessThanOrEqual(4.6),
        );
      }
    }
  }
});

test("resize averages where it shrinks: a fine checkerboard becomes grey", async () => {
  const raw = image(64, 64, 3, (row, column) => 255 * ((row + column) % 2));
  const { pixels } = await resizeImage(raw, [resize(16, 16)]);
  for (const value of pixels) expect(Math.abs(value - 127.5)).toBeLessThan(12);
});

test("cubics reach beyond what lines do, in every step that resizes", async () => {
  // An edge, of which only cubics make what is darker, and brighter, than either side.
  const edge = image(8, 8, 1, (_, column) => (column < 4 ? 60 : 180));
  const whole = { kind: "resizedcrop", height: 32, width: 32, area: 1 } as const;
  const scaled = { kind: "scale", least: 32, most: 32 } as const;
  for (const bicubic of [false, true]) {
    const made = await Promise.all([
      prepareImage(edge, [{ kind: "resize", height: 32, width: 32, bicubic }], [], 0),
      prepareImage(edge, [{ kind: "shorter", side: 32, bicubic }], [], 0),
      prepareImage(edge, [], [{ ...whole, bicubic }], 0),
      prepareImage(edge, [], [{ ...scaled, bicubic }], 0),
    ]);
    for (const { pixels, height, width } of made) {
      expect([height, width]).toEqual([32, 32]);
      const [least, most] = [Math.min(...pixels), Math.max(...pixels)];
      expect([least < 55, most > 185]).toEqual([bicubic, bicubic]);
    }
  }
});

test("only one or three channels can be resized", async () => {
  const raw = image(4, 4, 4, () => 9);
  expect((await dataError(() => resizeImage(raw, [resize(8, 8)]))).message).toContain("4 channels");
});

test("the order is resize, augment, normalise, however they are listed", async () => {
  const raw = image(8, 8, 3, (row, column, c) => 20 * row + 5 * column + c);
  const normalize: Preprocessing = { kind: "normalize", mean: [0.5], std: [0.25] };
  const crop = { kind: "crop", height: 16, width: 16, padding: 4 } as const;
  const key = 12345;
  const bytes = await augmentImage(await resizeImage(raw, [resize(16, 16)]), [crop], key);
  const expected = Array.from(bytes.pixels, (byte) => Math.fround((byte / 255 - 0.5) / 0.25));
  // A padded pixel is a black one: (0 - 0.5) / 0.25.
  expect(expected).toContain(-2);
  for (const listed of [
    [resize(16, 16), normalize],
    [normalize, resize(16, 16)],
  ]) {
    expect([...(await preprocessImage(raw, listed, [crop], key)).pixels]).toEqual(expected);
  }
});

const shorter = { kind: "shorter", side: 20 } as const;
const middle = { kind: "centercrop", height: 16, width: 16 } as const;

test("the shorter side, then the middle: the aspect is kept", async () => {
  // A ramp along the longer side: the middle 16 of its 40 columns begin at column 12.
  const raw = image(40, 80, 3, (_row, column) => 3 * column);
  const prepared = await prepareImage(raw, [middle, shorter], [], 0);
  expect([prepared.height, prepared.width]).toEqual([16, 16]);
  for (let column = 0; column < 16; column++) {
    const found = prepared.pixels[3 * column] ?? -1;
    // A column of the half-size image lies between two of the whole one.
    expect(Math.abs(found - 3 * (2 * (12 + column) + 0.5))).toBeLessThanOrEqual(2);
  }
});

test("an augmentation that crops stands in the place of the middle", async () => {
  const raw = image(20, 30, 3, (row, column) => 8 * row + column);
  const crop = { kind: "crop", height: 12, width: 12, padding: 0 } as const;
  const cropped = await prepareImage(raw, [shorter, middle], [crop], 5);
  expect([cropped.height, cropped.width]).toEqual([12, 12]);
  const flipped = await prepareImage(raw, [shorter, middle], [{ kind: "flip" }], 5);
  expect([flipped.height, flipped.width]).toEqual([16, 16]);
});

test("a part, and a scale, are of the image as it is stored", async () => {
  // Resized to 20 first, the fine stripes would be grey, and no part of them black and white again.
  const raw = image(200, 400, 3, (_row, column) => 255 * (column % 2));
  const preprocess = [shorter, middle];
  const part = { kind: "resizedcrop", height: 200, width: 200, area: 0.25 } as const;
  const stripes = { kind: "crop", height: 16, width: 16, padding: 0 } as const;
  const scale = { kind: "scale", least: 200, most: 200 } as const;
  for (const augment of [[scale, stripes], [scale]]) {
    const { pixels } = await prepareImage(raw, preprocess, augment, 3);
    expect(new Set(pixels)).toEqual(new Set([0, 255]));
    expect(pixels).toHaveLength(16 * 16 * 3);
  }
  const { pixels, height, width } = await prepareImage(raw, preprocess, [part], 3);
  expect([height, width]).toEqual([200, 200]);
  expect(Math.max(...pixels) - Math.min(...pixels)).toBeGreaterThan(120);
});

test("a random scale takes every size of its range, and the aspect stays", async () => {
  const raw = image(10, 20, 1, () => 50);
  const scale = { kind: "scale", least: 8, most: 12 } as const;
  const sizes = new Set<string>();
  for (let key = 0; key < 60; key++) {
    const { height, width } = await prepareImage(raw, [], [scale], key);
    expect(width).toBe(2 * height);
    sizes.add(`${height}x${width}`);
  }
  expect([...sizes].sort()).toEqual(["10x20", "11x22", "12x24", "8x16", "9x18"]);
});

test("a crop larger than the image is a data error", async () => {
  const crop = { kind: "crop", height: 9, width: 9, padding: 0 } as const;
  const raw = image(8, 8, 3, () => 0);
  await expect(preprocessImage(raw, [], [crop], 0)).rejects.toThrow(DataError);
});
