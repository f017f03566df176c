import { expect, test } from "vitest";
import { DataError, type Split } from "../../../src/train/data/data-set.js";
import { outlines, reach } from "../../../src/train/data/shape-outlines.js";
import { drawShape, openShapes, shapeNames } from "../../../src/train/data/shapes.js";

const options = { size: 32, train: 400, validation: 80, seed: 7 };

test("splits, classes and balance", async () => {
  const data = openShapes(options);
  expect(data.classes).toEqual(["circle", "square", "triangle", "cross"]);
  expect([data.train.size, data.validation.size]).toEqual([400, 80]);
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < 400; index++) {
    const { image, label } = await data.train.read(index);
    expect([image.height, image.width, image.channels]).toEqual([32, 32, 3]);
    expect(image.pixels).toHaveLength(32 * 32 * 3);
    counts[label] = (counts[label] ?? 0) + 1;
  }
  expect(counts).toEqual([100, 100, 100, 100]);
  expect(openShapes({ ...options, classes: 8 }).classes).toEqual(shapeNames);
  expect(data.train.describe(3)).toBe("shapes, train image 3 (seed 7)");
});

test("a sample follows from (seed, split, index) alone", async () => {
  const first = openShapes(options);
  const second = openShapes({ ...options, train: 1000 });
  const forwards = await Promise.all([0, 1, 2, 3, 4].map((i) => first.train.read(i)));
  const backwards = await Promise.all([4, 3, 2, 1, 0].map((i) => second.train.read(i)));
  expect(backwards.reverse()).toEqual(forwards);
  const others = [
    await first.train.read(4),
    await first.validation.read(0),
    await openShapes({ ...options, seed: 8 }).train.read(0),
  ];
  for (const other of others) expect(other.image.pixels).not.toEqual(forwards[0]?.image.pixels);
});

test("no image of the validation split is one of the training split", async () => {
  const data = openShapes(options);
  const read = async (split: Split) => {
    const found = new Set<string>();
    for (let i = 0; i < split.size; i++) {
      found.add(Buffer.from((await split.read(i)).image.pixels).toString("base64"));
    }
    return found;
  };
  const train = await read(data.train);
  const validation = await read(data.validation);
  expect([train.size, validation.size]).toEqual([400, 80]);
  expect([...validation].filter((image) => train.has(image))).toEqual([]);
});

test("every outline has the area of the unit disc, its centre inside or in its hole, and its reach", () => {
  const cells = 800;
  const step = (2 * reach) / cells;
  for (const [name, outline] of outlines) {
    let area = 0;
    let furthest = 0;
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const x = (column + 0.5) * step - reach;
        const y = (row + 0.5) * step - reach;
        if (outline(x, y) >= 0) continue;
        area += step * step;
        furthest = Math.max(furthest, Math.hypot(x, y));
      }
    }
    expect(area, name).toBeCloseTo(Math.PI, 1);
    expect(furthest, name).toBeLessThan(reach);
  }
});

test("close to an edge an outline is the distance: it changes by one per unit across the edge", () => {
  for (const [name, outline] of outlines) {
    // Along a direction away from any corner of any outline.
    const [dx, dy] = [Math.cos(0.9), Math.sin(0.9)];
    let low = 0.8;
    let high = reach;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (outline(middle * dx, middle * dy) < 0) low = middle;
      else high = middle;
    }
    const h = 1e-4;
    const [x, y] = [low * dx, low * dy];
    const slope = Math.hypot(
      (outline(x + h, y) - outline(x - h, y)) / (2 * h),
      (outline(x, y + h) - outline(x, y - h)) / (2 * h),
    );
    expect(slope, name).toBeCloseTo(1, 3);
  }
});

/** The mean over blocks of 8x8 pixels. */
function shrink(pixels: Uint8Array, size: number): number[] {
  const fine = 8 * size;
  const means = new Array<number>(size * size * 3).fill(0);
  for (let row = 0; row < fine; row++) {
    for (let column = 0; column < fine; column++) {
      const to = (Math.floor(row / 8) * size + Math.floor(column / 8)) * 3;
      const from = (row * fine + column) * 3;
      for (let c = 0; c < 3; c++)
        means[to + c] = (means[to + c] ?? 0) + (pixels[from + c] ?? 0) / 64;
    }
  }
  return means;
}

test("edges are anti-aliased: a drawing is the mean of the same one eight times as fine", () => {
  for (let key = 0; key < 40; key++) {
    // Circle and ring: at a corner the distance is a bound only, and the blending rougher.
    const label = key % 2 === 0 ? 0 : 4;
    const coarse = drawShape(label, 32, key).pixels;
    const fine = shrink(drawShape(label, 256, key).pixels, 32);
    const worst = Math.max(...fine.map((value, i) => Math.abs(value - (coarse[i] ?? 0))));
    // The noise gives 16 and its mean over 64 pixels some 4 more. An edge that is not blended is off
    // by up to half of the contrast, which is 130 and more over the channels together.
    expect(worst, `${shapeNames[label]}, key ${key}`).toBeLessThan(30);
  }
});

/** The mean and the variance of each channel. */
function colourStatistics(pixels: Uint8Array): number[] {
  const count = pixels.length / 3;
  return [0, 1, 2].flatMap((channel) => {
    let sum = 0;
    let squares = 0;
    for (let i = channel; i < pixels.length; i += 3) {
      sum += pixels[i] ?? 0;
      squares += (pixels[i] ?? 0) ** 2;
    }
    return [sum / count, Math.sqrt(squares / count - (sum / count) ** 2)];
  });
}

function nearest(means: readonly (readonly number[])[], features: readonly number[]): number {
  const distances = means.map((mean) =>
    mean.reduce((sum, value, i) => sum + (value - (features[i] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

/** Accuracy on the validation split of the nearest class mean of `features`. */
async function nearestMeanAccuracy(features: (pixels: Uint8Array) => number[]): Promise<number> {
  const data = openShapes({ size: 32, train: 2000, validation: 1000, seed: 3 });
  const sums: number[][] = [[], [], [], []];
  for (let i = 0; i < data.train.size; i++) {
    const { image, label } = await data.train.read(i);
    const sum = sums[label] ?? [];
    features(image.pixels).forEach((value, k) => (sum[k] = (sum[k] ?? 0) + value));
  }
  const means = sums.map((sum) => sum.map((value) => value / (data.train.size / 4)));
  let correct = 0;
  for (let i = 0; i < data.validation.size; i++) {
    const { image, label } = await data.validation.read(i);
    if (nearest(means, features(image.pixels)) === label) correct++;
  }
  return correct / data.validation.size;
}

test("colour and brightness do not give the class away; nor does a mean image", async () => {
  expect(await nearestMeanAccuracy(colourStatistics)).toBeLessThan(0.32);
  expect(await nearestMeanAccuracy((pixels) => Array.from(pixels))).toBeLessThan(0.45);
});

/**
 * The spread of the shape about its centre, relative to its area: the fourth moment of a mask made
 * by comparing with the corner's colour. It tells the compact circle from the spread cross.
 */
function spread(pixels: Uint8Array, size: number): number {
  const light = (i: number) =>
    Math.hypot(...[0, 1, 2].map((c) => (pixels[i * 3 + c] ?? 0) - (pixels[c] ?? 0)));
  const inside: [number, number][] = [];
  for (let i = 0; i < size * size; i++) {
    if (light(i) > 80) inside.push([i % size, Math.floor(i / size)]);
  }
  const [sumX, sumY] = inside.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  const [meanX, meanY] = [sumX / inside.length, sumY / inside.length];
  const fourth = inside.reduce((sum, [x, y]) => sum + Math.hypot(x - meanX, y - meanY) ** 4, 0);
  return fourth / inside.length ** 3;
}

test("the outline does tell: one geometric measure separates circle from cross", () => {
  const median = (label: number) => {
    const values = Array.from({ length: 101 }, (_, key) =>
      spread(drawShape(label, 32, key).pixels, 32),
    );
    return values.sort((a, b) => a - b)[50] ?? 0;
  };
  // Of a disc: (R^4 / 3) / (pi R²)² = 1 / (3 pi²).
  const circle = median(0);
  expect(circle).toBeGreaterThan(0.9 / (3 * Math.PI ** 2));
  expect(circle).toBeLessThan(1.15 / (3 * Math.PI ** 2));
  expect(median(3)).toBeGreaterThan(1.25 * circle);
});

test("other sizes are drawn whole", () => {
  for (const size of [16, 33, 224]) {
    expect(drawShape(5, size, 1).pixels).toHaveLength(size * size * 3);
  }
});

test("options out of range and indices outside of the split are refused", async () => {
  const wrong = [{ size: 8 }, { size: 32.5 }, { train: 0 }, { validation: -1 }, { classes: 9 }];
  for (const option of wrong) {
    const [[name, value] = []] = Object.entries(option);
    expect(() => openShapes({ ...options, ...option })).toThrow(DataError);
    expect(() => openShapes({ ...options, ...option })).toThrow(`\`${name}: ${value}\` is not`);
  }
  const data = openShapes(options);
  for (const index of [-1, 400, 0.5]) {
    await expect(data.train.read(index)).rejects.toThrow(RangeError);
  }
});
