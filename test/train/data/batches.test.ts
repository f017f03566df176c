import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Batch } from "../../../src/engines/engine.js";
import { augmentationKey, augmentImage } from "../../../src/train/data/augment.js";
import {
  batchCount,
  batches,
  epochOrder,
  type BatchesOptions,
} from "../../../src/train/data/batches.js";
import { DataError, type Sample, type Split } from "../../../src/train/data/data-set.js";
import { openImageFolder } from "../../../src/train/data/image-folder.js";
import { preprocessImage } from "../../../src/train/data/preprocess.js";
import { resizeTo } from "../../../src/train/data/resize.js";
import { openShapes } from "../../../src/train/data/shapes.js";
import { dataError, temporaryFolders, writeFiles } from "./folders.js";

const folder = temporaryFolders();

const rejections: unknown[] = [];
const remember = (reason: unknown): void => void rejections.push(reason);
beforeEach(() => void process.on("unhandledRejection", remember));
afterEach(async () => {
  // Node reports an unhandled rejection after the turn in which it happened.
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", remember);
  expect(rejections.splice(0)).toEqual([]);
});

const recipe = {
  preprocess: [{ kind: "normalize", mean: [0.5], std: [0.25] }],
  augment: [{ kind: "crop", height: 16, width: 16, padding: 2 }, { kind: "flip" }],
} as const;

function options(split: Split, changes: Partial<BatchesOptions> = {}): BatchesOptions {
  const order = epochOrder(5, 1, split.size, true);
  return { order, from: 0, batch: 8, ...recipe, seed: 5, epoch: 1, ...changes };
}

async function gather(source: AsyncIterable<Batch>): Promise<Batch[]> {
  const gathered: Batch[] = [];
  for await (const batch of source) gathered.push(batch);
  return gathered;
}

async function collect(split: Split, changes: Partial<BatchesOptions> = {}): Promise<Batch[]> {
  return gather(batches(split, options(split, changes)));
}

const shapes = (count: number): Split =>
  openShapes({ size: 16, train: count, validation: 0, seed: 1 }).train;

/** A split of plain 2x2 images whose value is their index, delayed and watched. */
class WatchedSplit implements Split {
  inFlight = 0;
  mostInFlight = 0;
  readonly begun: number[] = [];

  constructor(
    readonly size: number,
    private readonly sample: (index: number) => Sample = plain,
  ) {}

  async read(index: number): Promise<Sample> {
    this.begun.push(index);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      // Later samples finish sooner, so that order is not an accident.
      await new Promise((resolve) => setTimeout(resolve, (this.size - index) % 3));
      return this.sample(index);
    } finally {
      this.inFlight--;
    }
  }

  describe(index: number): string {
    return `sample ${index}`;
  }
}

function plain(index: number): Sample {
  const pixels = new Uint8Array(12).fill(index);
  return { image: { pixels, height: 2, width: 2, channels: 3 }, label: index % 10 };
}

const bare = { preprocess: [], augment: [], seed: 0, epoch: 0 } as const;

function watched(split: Split, changes: Partial<BatchesOptions> = {}): BatchesOptions {
  return { order: epochOrder(0, 0, split.size, false), from: 0, batch: 4, ...bare, ...changes };
}

test("an epoch's order is an exact permutation, by seed and epoch", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(), fc.nat(1000), (size, seed, epoch) => {
      const order = epochOrder(seed, epoch, size, true);
      expect([...order].sort((a, b) => a - b)).toEqual([...epochOrder(0, 0, size, false)]);
      expect(order).toEqual(epochOrder(seed, epoch, size, true));
    }),
    { numRuns: 50 },
  );
  expect([...epochOrder(9, 9, 5, false)]).toEqual([0, 1, 2, 3, 4]);
  expect(epochOrder(1, 1, 100, true)).not.toEqual(epochOrder(1, 2, 100, true));
  expect(epochOrder(1, 1, 100, true)).not.toEqual(epochOrder(2, 1, 100, true));
});

test("batches hold what preprocessing each sample gives, in the order, the last one partial", async () => {
  const split = shapes(21);
  const { order } = options(split);
  const found = await collect(split);
  expect(found.map((batch) => batch.shape)).toEqual([
    [8, 16, 16, 3],
    [8, 16, 16, 3],
    [5, 16, 16, 3],
  ]);
  for (const [position, index] of order.entries()) {
    const batch = found[Math.floor(position / 8)];
    const { image, label } = await split.read(index);
    const { preprocess, augment } = recipe;
    const alone = await preprocessImage(image, preprocess, augment, augmentationKey(5, 1, index));
    const at = (position % 8) * 16 * 16 * 3;
    expect(batch?.images.slice(at, at + 16 * 16 * 3)).toEqual(alone.pixels);
    expect(batch?.labels[position % 8]).toBe(label);
  }
});

test("growing sizes: resized after augmentation and before normalising, whole in the end", async () => {
  const split = shapes(10);
  const sizes = { kind: "growing", start: 8, until: 2, by: 4 } as const;
  const shapeOf = async (epoch: number) => (await collect(split, { sizes, epoch }))[1]?.shape;
  expect(await shapeOf(0)).toEqual([2, 8, 8, 3]);
  expect(await shapeOf(1)).toEqual([2, 12, 12, 3]);
  expect(await collect(split, { sizes, epoch: 2 })).toEqual(await collect(split, { epoch: 2 }));
  const [first] = await collect(split, { sizes, epoch: 1 });
  const index = options(split).order[0] ?? 0;
  const { image } = await split.read(index);
  const augmented = await augmentImage(image, recipe.augment, augmentationKey(5, 1, index));
  const small = await resizeTo(augmented, 12, 12);
  const { pixels } = await preprocessImage(small, recipe.preprocess, [], 0);
  expect(first?.images.slice(0, pixels.length)).toEqual(pixels);
});

test("counts: with and without the last partial batch", async () => {
  expect([batchCount(21, 8), batchCount(21, 8, true), batchCount(16, 8), batchCount(0, 8)]).toEqual(
    [3, 2, 2, 0],
  );
  expect(await collect(shapes(21), { dropLast: true })).toHaveLength(2);
  expect(await collect(shapes(16))).toHaveLength(2);
  expect(await collect(shapes(3))).toHaveLength(1);
  expect(await collect(shapes(3), { dropLast: true })).toEqual([]);
  expect(await collect(shapes(3), { order: new Uint32Array(0) })).toEqual([]);
});

test("resumed at batch k, an epoch goes on with the tail of the unbroken one, unread before it", async () => {
  const whole = await collect(shapes(45));
  for (let from = 0; from <= 6; from++) {
    expect(await collect(shapes(45), { from })).toEqual(whole.slice(from));
  }
  const split = new WatchedSplit(12);
  await gather(batches(split, watched(split, { from: 2 })));
  expect(split.begun.sort((a, b) => a - b)).toEqual([8, 9, 10, 11]);
});

test("equal seeds give equal batches, whatever the parallelism; other epochs others", async () => {
  const reference = await collect(shapes(30));
  for (const parallel of [1, 3, 64]) {
    for (const ahead of [0, 1, 5]) {
      expect(await collect(shapes(30), { parallel, ahead })).toEqual(reference);
    }
  }
  expect(await collect(shapes(30), { epoch: 2 })).not.toEqual(reference);
  expect(await collect(shapes(30), { seed: 6 })).not.toEqual(reference);
});

test("reading ahead and side by side are bounded", async () => {
  const split = new WatchedSplit(80);
  let taken = 0;
  for await (const batch of batches(split, watched(split, { ahead: 3, parallel: 2 }))) {
    expect([...batch.labels]).toEqual([0, 1, 2, 3].map((i) => (4 * taken + i) % 10));
    taken++;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(split.begun.length).toBeLessThanOrEqual(4 * (taken + 3));
    if (taken === 2) expect(split.begun.length).toBeGreaterThan(8);
  }
  expect(taken).toBe(20);
  expect(split.mostInFlight).toBe(2);
});

test("leaving early ends the reading, waits for what is in flight, and leaves nothing unhandled", async () => {
  const split = new WatchedSplit(400, (index) => {
    if (index > 8) throw new DataError(`bad ${index}`);
    return plain(index);
  });
  for await (const batch of batches(split, watched(split))) {
    expect(batch.shape[0]).toBe(4);
    break;
  }
  expect(split.inFlight).toBe(0);
  const begun = split.begun.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(split.begun.length).toBe(begun);
  expect(begun).toBeLessThanOrEqual(12);
});

test("a sample that cannot be read fails its own batch, after those before; the first of several", async () => {
  const split = new WatchedSplit(40, (index) => {
    if (index >= 9) throw new DataError(`bad ${index}`);
    return plain(index);
  });
  const seen: number[] = [];
  const error = await dataError(async () => {
    for await (const batch of batches(split, watched(split))) seen.push(batch.labels[0] ?? -1);
  });
  expect(error.message).toBe("bad 9");
  expect(seen).toEqual([0, 4]);
  expect(split.inFlight).toBe(0);
  expect(split.begun.every((index) => index < 12)).toBe(true);
});

test("an abort ends the iteration with the signal's reason", async () => {
  const split = new WatchedSplit(400);
  const controller = new AbortController();
  const reason = new Error("stopped by the user");
  let taken = 0;
  const run = async (): Promise<void> => {
    for await (const batch of batches(split, watched(split, { signal: controller.signal }))) {
      expect(batch.shape[0]).toBe(4);
      if (++taken === 3) controller.abort(reason);
    }
  };
  await expect(run()).rejects.toBe(reason);
  expect(taken).toBe(3);
  expect(split.inFlight).toBe(0);
  await expect(run()).rejects.toBe(reason);
});

test("images of different sizes or channels: the sample, both sizes, and what mends it", async () => {
  const odd = (height: number, width: number, channels: number) =>
    new WatchedSplit(12, (index) => {
      if (index !== 6) return plain(index);
      const pixels = new Uint8Array(height * width * channels);
      return { image: { pixels, height, width, channels }, label: 0 };
    });
  const sizes = odd(3, 5, 3);
  const error = await dataError(() => gather(batches(sizes, watched(sizes))));
  expect(error.message).toBe("sample 6 is 3x5; sample 0 is 2x2");
  expect(error.help).toContain("`resize 2x2`");
  const long = new WatchedSplit(12, (index) => {
    if (index !== 0) return plain(index);
    return { image: { pixels: new Uint8Array(27), height: 1, width: 9, channels: 3 }, label: 0 };
  });
  const other = await dataError(() => gather(batches(long, watched(long))));
  expect(other.message).toBe("sample 1 is 2x2; sample 0 is 1x9");
  expect(other.help).toContain("`resize 2x2`");
  const preprocess = [{ kind: "resize", height: 2, width: 2 }] as const;
  expect(await gather(batches(sizes, watched(sizes, { preprocess })))).toHaveLength(3);
  const channels = odd(2, 2, 1);
  expect((await dataError(() => gather(batches(channels, watched(channels))))).message).toBe(
    "sample 6 has 1 channels; sample 0 has 3",
  );
});

test("an error of a step names the sample", async () => {
  const split = new WatchedSplit(8);
  const augment = [{ kind: "crop", height: 9, width: 9, padding: 0 }] as const;
  const crop = await dataError(() => gather(batches(split, watched(split, { augment }))));
  expect(crop.message).toMatch(/^sample 0: a crop of 9x9 does not fit/);
  const preprocess = [{ kind: "normalize", mean: [1, 2], std: [1] }] as const;
  const table = await dataError(() => gather(batches(split, watched(split, { preprocess }))));
  expect(table.message).toMatch(/^sample 0: normalize has 2 numbers for mean/);
});

test("resuming past the end, and options that make no sense", async () => {
  const error = await dataError(() => collect(shapes(20), { from: 4 }));
  expect(error.message).toBe("the epoch has 3 batches of 8; it cannot be resumed at batch 4");
  for (const changes of [
    { batch: 0 },
    { batch: 1.5 },
    { from: -1 },
    { ahead: -1 },
    { parallel: 0 },
  ]) {
    await expect(collect(shapes(20), changes)).rejects.toThrow(RangeError);
  }
});

test("the waiting is told for every batch", async () => {
  const waits: number[] = [];
  await collect(shapes(20), { onWait: (milliseconds) => waits.push(milliseconds) });
  expect(waits).toHaveLength(3);
  expect(waits.every((milliseconds) => milliseconds >= 0)).toBe(true);
});

test("real files: decoded, resized and batched; a corrupt one is named", async () => {
  const root = folder();
  for (let i = 0; i < 12; i++) {
    const [height, width] = [20 + i, 40 - i];
    const create = { width, height, channels: 3 as const, background: { r: 10 * i, g: 50, b: 60 } };
    writeFiles(root, {
      [`${i % 2 === 0 ? "a" : "b"}/${i}.png`]: await sharp({ create }).png().toBuffer(),
    });
  }
  const data = await openImageFolder(root, { validation: 0 });
  const resized = { ...bare, preprocess: [{ kind: "resize", height: 24, width: 24 }] } as const;
  const order = epochOrder(0, 0, data.train.size, false);
  const found = await gather(batches(data.train, { ...resized, order, from: 0, batch: 5 }));
  expect(found.map((batch) => batch.shape)).toEqual([
    [5, 24, 24, 3],
    [5, 24, 24, 3],
    [2, 24, 24, 3],
  ]);
  const reds = found.flatMap((batch) =>
    Array.from(batch.labels, (_, i) => Math.round((batch.images[i * 24 * 24 * 3] ?? 0) * 255)),
  );
  expect(reds).toEqual(
    Array.from(order, (i) => 10 * Number(/(\d+)\.png$/.exec(data.train.describe(i))?.[1])),
  );
  const unsized = batches(data.train, { ...bare, order, from: 0, batch: 5 });
  expect((await dataError(() => gather(unsized))).help).toContain("resize");
  writeFiles(root, { "b/3.png": "not an image" });
  // Opened anew: what was read before is kept.
  const { train } = await openImageFolder(root, { validation: 0 });
  const broken = batches(train, { ...resized, order, from: 0, batch: 5 });
  expect((await dataError(() => gather(broken))).message).toContain(
    `${join(root, "b/3.png")} cannot be decoded`,
  );
});
