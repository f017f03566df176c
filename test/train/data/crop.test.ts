import { expect, test } from "vitest";
import { randomKey } from "../../../src/random/random.js";
import { cropImage, cropMiddle, randomWindow } from "../../../src/train/data/crop.js";
import type { RawImage } from "../../../src/train/data/data-set.js";
import { dataError } from "./folders.js";

function numbered(height: number, width: number): RawImage {
  const pixels = Uint8Array.from({ length: height * width }, (_, i) => i);
  return { pixels, height, width, channels: 1 };
}

test.each([
  [7, 9, 3, 5, 2, 2],
  // Halves go to the even side: 1.5 to 2, and 2.5 to 2.
  [6, 9, 3, 4, 2, 2],
  [7, 9, 7, 9, 0, 0],
])("the middle of %dx%d, %dx%d, begins at (%d, %d)", (height, width, rows, columns, top, left) => {
  const image = numbered(height, width);
  const window = { top, left, height: rows, width: columns };
  expect(cropMiddle(image, rows, columns)).toEqual(cropImage(image, window));
});

test("a middle that does not fit says what to do", async () => {
  const { message, help } = await dataError(async () => {
    await Promise.resolve();
    return cropMiddle(numbered(8, 12), 10, 9);
  });
  expect(message).toBe("`centercrop 10x9` does not fit into an image of 8x12");
  expect(help).toBe(
    "give larger images, or train with `shorter 10`, or more, in the recipe's `preprocess`",
  );
});

test("a random window lies within the image, of an area and an aspect within their bounds", () => {
  const image = { height: 375, width: 500 };
  const shares: number[] = [];
  const aspects: number[] = [];
  for (let index = 0; index < 4000; index++) {
    const { top, left, height, width } = randomWindow(image, 0.25, randomKey("window", index));
    expect(Math.min(top, left)).toBeGreaterThanOrEqual(0);
    expect(top + height).toBeLessThanOrEqual(image.height);
    expect(left + width).toBeLessThanOrEqual(image.width);
    shares.push((height * width) / (image.height * image.width));
    aspects.push(width / height);
  }
  // Whole pixels move a share and an aspect by less than a hundredth here.
  expect(Math.min(...shares)).toBeGreaterThan(0.24);
  expect(Math.max(...shares)).toBeGreaterThan(0.97);
  expect(Math.min(...aspects)).toBeGreaterThan(0.74);
  expect(Math.max(...aspects)).toBeLessThan(1.35);
  // Up to a share of 9/16 every aspect fits, so shares below are uniform, and the logarithm of aspects is.
  const low = shares.filter((share) => share < 0.5);
  const mean = low.reduce((sum, share) => sum + share, 0) / low.length;
  expect(Math.abs(mean - 0.375)).toBeLessThan(0.01);
  const ofLow = aspects.filter((_, index) => (shares[index] ?? 1) < 0.5).map(Math.log);
  expect(Math.abs(ofLow.reduce((sum, each) => sum + each, 0) / ofLow.length)).toBeLessThan(0.02);
  const square = ofLow.reduce((sum, each) => sum + each * each, 0) / ofLow.length;
  expect(Math.abs(square - Math.log(4 / 3) ** 2 / 3)).toBeLessThan(0.002);
});

test("a random window takes every place, and follows from its key alone", () => {
  const image = { height: 6, width: 6 };
  const covered = new Set<number>();
  for (let index = 0; index < 500; index++) {
    const window = randomWindow(image, 0.1, index);
    expect(randomWindow(image, 0.1, index)).toEqual(window);
    const { top, left, height, width } = window;
    for (let row = top; row < top + height; row++) {
      for (let column = left; column < left + width; column++) covered.add(6 * row + column);
    }
  }
  expect(covered.size).toBe(36);
});

/** No window of an allowed aspect has the whole area of a long image: the middle is what torchvision falls back to. */
test.each([
  [10, 300, { top: 0, left: 143, height: 10, width: 13 }],
  [300, 10, { top: 143, left: 0, height: 13, width: 10 }],
  [1, 9, { top: 0, left: 4, height: 1, width: 1 }],
])("a long image, %dx%d, gives its middle", (height, width, middle) => {
  for (let key = 0; key < 20; key++) {
    expect(randomWindow({ height, width }, 1, key)).toEqual(middle);
  }
});
