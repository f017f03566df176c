/** Photographs are decoded in the first epoch alone, in whichever thread, and batches are the same with what is kept and without. */
import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Augmentation, Preprocessing } from "../../../src/recipe/recipe.js";
import { BatchMaker } from "../../../src/train/data/batch-maker.js";
import type { Split } from "../../../src/train/data/data-set.js";
import { openImageFolder } from "../../../src/train/data/image-folder.js";
import { roomForSized, sizedBy } from "../../../src/train/data/sized-images.js";
import { openSplit } from "../../../src/train/data/split-source.js";
import { temporaryFolder } from "../temporary-folder.js";

/** Three photographs of each of two classes, of sizes of their own, beyond what is kept as it is. */
async function photographs(): Promise<string> {
  const root = await temporaryFolder();
  for (const [label, name] of ["cat", "dog"].entries()) {
    await mkdir(join(root, name));
    for (let i = 0; i < 3; i++) {
      const [width, height] = [300 + 20 * i, 260 + 40 * label];
      const pixels = Uint8Array.from(
        { length: width * height * 3 },
        (_, at) => (at * 7 + ((at >> 5) * i + label)) % 256,
      );
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toFile(join(root, name, `${i}.jpg`));
    }
  }
  return root;
}

const all = Uint32Array.of(0, 1, 2, 3, 4, 5);
const normalize = { kind: "normalize", mean: [0.5], std: [0.25] } as const;
const resize: readonly Preprocessing[] = [{ kind: "resize", height: 40, width: 48 }, normalize];
const shorter: readonly Preprocessing[] = [
  { kind: "grey" },
  { kind: "shorter", side: 40 },
  { kind: "centercrop", height: 32, width: 32 },
  normalize,
];
const crop: readonly Augmentation[] = [
  { kind: "crop", height: 32, width: 32, padding: 0 },
  { kind: "flip" },
];
const part: readonly Augmentation[] = [{ kind: "resizedcrop", height: 32, width: 32, area: 0.1 }];

async function made(
  split: Split,
  preprocess: readonly Preprocessing[],
  augment: readonly Augmentation[],
  epoch: number,
): Promise<readonly number[]> {
  const maker = new BatchMaker(split, { preprocess, augment, seed: 3, epoch });
  const outcome = await maker.outcome(0, all);
  if ("error" in outcome) throw outcome.error;
  expect([...outcome.batch.labels]).toEqual([0, 0, 0, 1, 1, 1]);
  return [...outcome.batch.images];
}

describe("photographs", () => {
  test.each<[string, readonly Preprocessing[], readonly Augmentation[]]>([
    ["resized", resize, []],
    ["resized, grey and cropped at random", shorter, crop],
    ["cropped to the middle", shorter, []],
    ["of which parts are drawn", [normalize], part],
  ])("%s are read once, and threads share what is kept", async (_, preprocess, augment) => {
    const root = await photographs();
    const { train } = await openImageFolder(root, { validation: 0 });
    const { sized: _sized, ...plain } = train;
    const expected = [];
    for (const epoch of [0, 1, 2]) expected.push(await made(plain, preprocess, augment, epoch));
    expect(await made(train, preprocess, augment, 0)).toEqual(expected[0]);
    for (const name of ["cat", "dog"]) rmSync(join(root, name), { recursive: true });
    expect(await made(train, preprocess, augment, 1)).toEqual(expected[1]);
    if (train.source === undefined) throw new Error("a folder has a source");
    const { split } = await openSplit(structuredClone(train.source));
    expect(await made(split, preprocess, augment, 2)).toEqual(expected[2]);
    // For other steps the same memory is no good, and nothing wrong comes of it.
    const others = preprocess === resize ? shorter : resize;
    await expect(made(train, others, [], 0)).rejects.toThrow("is missing");
  });

  test("are kept although the first image is a small one", async () => {
    const root = await photographs();
    await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } }).toFile(
      join(root, "cat", "0.jpg"),
    );
    const { train } = await openImageFolder(root, { validation: 0 });
    const first = await made(train, resize, [], 0);
    for (const name of ["cat", "dog"]) rmSync(join(root, name), { recursive: true });
    expect(await made(train, resize, [], 1)).toEqual(first);
  });

  test("are not kept twice where they are small and of one size", async () => {
    const root = await temporaryFolder();
    for (const name of ["cat", "dog"]) {
      await mkdir(join(root, name));
      for (let i = 0; i < 3; i++) {
        await sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } }).toFile(
          join(root, name, `${i}.png`),
        );
      }
    }
    const { train } = await openImageFolder(root, { validation: 0 });
    const first = await made(train, resize, [], 0);
    expect(new Int32Array(train.sized?.state ?? new SharedArrayBuffer(8))[1]).toBe(0);
    for (const name of ["cat", "dog"]) rmSync(join(root, name), { recursive: true });
    expect(await made(train, resize, [], 1)).toEqual(first);
  });

  test("are read again where there is no room for them", async () => {
    const image = { pixels: new Uint8Array(3 * 40), height: 4, width: 10, channels: 3 };
    const shared = roomForSized(3, image, 250);
    if (shared === undefined) throw new Error("there is room for 250 bytes");
    expect(shared.holdsStored).toBe(false);
    expect(sizedBy(shared, [normalize], false)).toBeUndefined();
    expect(sizedBy(shared, resize, true)).toBeUndefined();
    const store = sizedBy(shared, resize, false);
    for (const index of [0, 1, 2])
      store?.put(index, { ...image, pixels: image.pixels.fill(index + 1) });
    expect(store?.get(0)).toEqual({ ...image, pixels: new Uint8Array(120).fill(1) });
    expect(store?.get(1)?.pixels[119]).toBe(2);
    expect(store?.get(2)).toBeUndefined();
    const copy = store?.get(1);
    copy?.pixels.fill(0);
    expect(store?.get(1)?.pixels[0]).toBe(2);
    expect(sizedBy(shared, shorter, false)).toBeUndefined();
    expect(sizedBy(shared, [...resize], false)?.get(0)).toBeDefined();
  });

  test("are set aside no more than they could take", () => {
    const small = { pixels: new Uint8Array(3 * 40), height: 4, width: 10, channels: 3 };
    const bytes = (count: number, stored = small, limit = 2 ** 40): number | undefined =>
      roomForSized(count, stored, limit)?.pixels.byteLength;
    expect(bytes(12)).toBe(12 * 2 ** 24);
    expect(bytes(2, { ...small, pixels: new Uint8Array(36e6) })).toBe(72e6);
    expect(bytes(12, small, 1000)).toBe(1000);
  });
});
