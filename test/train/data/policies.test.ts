/** Operations on images are Pillow's, and policies draw them as they say. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Augmentation } from "../../../src/recipe/recipe.js";
import {
  rotated,
  shearedColumns,
  shearedRows,
  translated,
} from "../../../src/train/data/affine.js";
import { augmentImage, flipRows } from "../../../src/train/data/augment.js";
import type { RawImage } from "../../../src/train/data/data-set.js";
import { erasedImage } from "../../../src/train/data/erase.js";
import { greyImage } from "../../../src/train/data/grey.js";
import { relit } from "../../../src/train/data/lighting.js";
import { randAugmented, triviallyAugmented } from "../../../src/train/data/policies.js";
import * as tones from "../../../src/train/data/tones.js";

interface Golden {
  readonly images: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly pixels: readonly number[] }>
  >;
  readonly cases: readonly {
    readonly image: string;
    readonly operation: string;
    readonly amount: number;
    readonly made: readonly number[];
  }[];
  /** Of the image `large`. */
  readonly large: readonly {
    readonly operation: string;
    readonly amount: number;
    readonly sha256: string;
  }[];
}

const file = new URL("./pillow-operations.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;

function imageOf(title: string): RawImage {
  const { shape = [], pixels = [] } = golden.images[title] ?? {};
  const [height = 0, width = 0, channels = 0] = shape;
  return { pixels: Uint8Array.from(pixels), height, width, channels };
}

const operations: Readonly<Record<string, (image: RawImage, amount: number) => RawImage>> = {
  shearedRows,
  shearedColumns,
  rotated,
  withBrightness: tones.withBrightness,
  withColour: tones.withColour,
  withContrast: tones.withContrast,
  withSharpness: tones.withSharpness,
  posterised: tones.posterised,
  solarised: tones.solarised,
  autocontrasted: tones.autocontrasted,
  equalised: tones.equalised,
  greyImage,
};

/** As the script makes it. */
function largeImage(): RawImage {
  const [height, width, channels] = [224, 224, 3];
  const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => {
    const [c, column, row] = [
      i % channels,
      Math.floor(i / channels) % width,
      Math.floor(i / channels / width),
    ];
    return (row * 7 + column * (3 + 2 * c) + ((row * column) % (11 + c))) % 256;
  });
  return { pixels, height, width, channels };
}

describe("operations are those of Pillow", () => {
  test.each(golden.cases)("$operation $amount of $image", ({ image, operation, amount, made }) => {
    const { pixels } = operations[operation]?.(imageOf(image), amount) ?? { pixels: [] };
    expect([...pixels]).toEqual(made);
  });

  test.each(golden.large)("$operation $amount of a large image", (each) => {
    const made = operations[each.operation]?.(largeImage(), each.amount);
    const sum = createHash("sha256").update(made?.pixels ?? new Uint8Array());
    expect(sum.digest("hex")).toBe(each.sha256);
  });

  test("but for the images that they change", () => {
    const { pixels } = imageOf("noise");
    for (const operate of Object.values(operations)) operate({ ...imageOf("noise"), pixels }, 1.5);
    expect(pixels).toEqual(imageOf("noise").pixels);
  });
});

test("moving leaves black behind", () => {
  const image = { pixels: Uint8Array.from([1, 2, 3, 4, 5, 6]), height: 2, width: 3, channels: 1 };
  expect([...translated(image, 1.9, 0).pixels]).toEqual([0, 1, 2, 0, 4, 5]);
  expect([...translated(image, -1, 1).pixels]).toEqual([0, 0, 0, 2, 3, 0]);
});

test("top and bottom are exchanged in one half of the images", async () => {
  const image = { pixels: Uint8Array.from([1, 2, 3, 4]), height: 2, width: 1, channels: 2 };
  expect([...flipRows(image).pixels]).toEqual([3, 4, 1, 2]);
  let flipped = 0;
  for (let key = 0; key < 400; key++) {
    const { pixels } = await augmentImage(image, [{ kind: "flip", vertical: true }], key);
    if (pixels[0] === 3) flipped++;
  }
  expect(Math.abs(flipped - 200)).toBeLessThan(40);
});

test("light changes along the principal components of ImageNet's colours", () => {
  const grey: RawImage = {
    pixels: new Uint8Array(300).fill(128),
    height: 10,
    width: 10,
    channels: 3,
  };
  const draws = Array.from({ length: 4_000 }, (_, key) => {
    const { pixels } = relit(grey, 0.5, key);
    expect(pixels.slice(0, 3)).toEqual(pixels.slice(-3));
    return [0, 1, 2].map((channel) => (pixels[channel] ?? 0) - 128);
  });
  const mean = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0) / of.length;
  const covariance = (a: number, b: number): number =>
    mean(draws.map((draw) => (draw[a] ?? 0) * (draw[b] ?? 0)));
  // The sum over the components of (255 spread / 2)^2 times the products of their colours; a byte rounds by 1 / 12.
  const components = [
    [0.2175, -0.5675, -0.5808, -0.5836],
    [0.0188, 0.7192, -0.0045, -0.6948],
    [0.0045, 0.4009, -0.814, 0.4203],
  ] as const;
  for (const [a, b] of [
    [0, 0],
    [1, 1],
    [2, 2],
    [0, 2],
    [0, 1],
  ] as const) {
    const expected = components.reduce(
      (sum, [spread, ...colour]) =>
        sum + (127.5 * spread) ** 2 * (colour[a] ?? 0) * (colour[b] ?? 0),
      0,
    );
    expect(covariance(a, b) / (expected + (a === b ? 1 / 12 : 0))).toBeCloseTo(1, 1);
  }
  expect(relit(imageOf("grey"), 1, 1)).toEqual(imageOf("grey"));
});

describe("policies", () => {
  const image = imageOf("noise");
  const differing = (made: RawImage): boolean =>
    made.pixels.some((byte, i) => byte !== image.pixels[i]);

  test("draw all of their operations, again the same for the same key", () => {
    const results = new Set<string>();
    for (let key = 0; key < 300; key++) {
      const made = triviallyAugmented(image, key);
      expect(made).toMatchObject({ height: 9, width: 11, channels: 3 });
      expect(triviallyAugmented(image, key)).toEqual(made);
      results.add(made.pixels.join());
    }
    expect(results.size).toBeGreaterThan(150);
  });

  test("of no strength change next to nothing, and of more strength more", () => {
    const far = (magnitude: number): number => {
      let sum = 0;
      for (let key = 0; key < 200; key++) {
        const policy = { kind: "randaugment", operations: 2, magnitude } as const;
        const { pixels } = randAugmented(image, policy, key);
        pixels.forEach((byte, i) => (sum += Math.abs(byte - (image.pixels[i] ?? 0))));
      }
      return sum / 200 / image.pixels.length;
    };
    const [none, some, all] = [far(0), far(9), far(30)];
    // Contrast that is stretched, and tones that are spread, have no strength.
    expect(none).toBeLessThan(10);
    expect(some).toBeGreaterThan(none);
    expect(all).toBeGreaterThan(some);
  });

  test("work on grey images", () => {
    for (let key = 0; key < 50; key++) {
      expect(triviallyAugmented(imageOf("grey"), key).pixels).toHaveLength(99);
    }
  });

  test("erase a rectangle of the area that is asked for, as often as that is asked for", () => {
    const plain: RawImage = { pixels: new Uint8Array(40 * 40), height: 40, width: 40, channels: 1 };
    const erase: Extract<Augmentation, { kind: "erase" }> = {
      kind: "erase",
      rate: 0.25,
      least: 0.1,
      most: 0.2,
    };
    let erased = 0;
    for (let key = 0; key < 400; key++) {
      const { pixels } = erasedImage(plain, erase, key);
      const marked = [...pixels.keys()].filter((i) => pixels[i] !== 0);
      if (marked.length === 0) continue;
      erased++;
      const rows = marked.map((i) => Math.floor(i / 40));
      const columns = marked.map((i) => i % 40);
      const extent = (of: readonly number[]): number => Math.max(...of) - Math.min(...of) + 1;
      const area = extent(rows) * extent(columns);
      expect(area).toBeGreaterThan(0.08 * 1600);
      expect(area).toBeLessThan(0.22 * 1600);
      // Noise is zero in one of 256 places.
      expect(marked.length / area).toBeGreaterThan(0.95);
    }
    expect(Math.abs(erased - 100)).toBeLessThan(35);
    expect(differing(erasedImage(image, { ...erase, rate: 0 }, 1))).toBe(false);
  });
});
