/** Small images are decoded once: what is read again is what was read first, in this thread and in others. */
import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { Sample } from "../../../src/train/data/data-set.js";
import { openImageFolder } from "../../../src/train/data/image-folder.js";
import { keeping, roomFor } from "../../../src/train/data/kept-images.js";
import { openSplit } from "../../../src/train/data/split-source.js";
import { temporaryFolder } from "../temporary-folder.js";

async function folder(sizes: readonly number[]): Promise<string> {
  const root = await temporaryFolder();
  for (const name of ["cat", "dog"]) {
    await mkdir(join(root, name));
    for (const [index, size] of sizes.entries()) {
      const pixels = Uint8Array.from(
        { length: size * size * 3 },
        (_, at) => (at * 7 + index) % 256,
      );
      const raw = { width: size, height: size, channels: 3 } as const;
      await sharp(pixels, { raw })
        .png()
        .toFile(join(root, name, `${index}.png`));
    }
  }
  return root;
}

const plain = ({ image, label }: Sample) => ({ ...image, pixels: [...image.pixels], label });

test("an image is decoded once, and threads share what is kept", async () => {
  const root = await folder([8, 8, 8]);
  const { train } = await openImageFolder(root, { validation: 0 });
  const first = plain(await train.read(1));
  rmSync(join(root, "cat", "1.png"));
  expect(plain(await train.read(1))).toEqual(first);
  if (train.source === undefined) throw new Error("a folder has a source");
  // As a thread gets it.
  const elsewhere = await openSplit(structuredClone(train.source));
  expect(plain(await elsewhere.split.read(1))).toEqual(first);
  const again = await train.read(1);
  again.image.pixels.fill(0);
  expect(plain(await train.read(1))).toEqual(first);
  const third = plain(await elsewhere.split.read(2));
  rmSync(join(root, "cat", "2.png"));
  expect(plain(await train.read(2))).toEqual(third);
});

test("images of another size are read each time", async () => {
  const root = await folder([8, 6]);
  const { train } = await openImageFolder(root, { validation: 0 });
  expect((await train.read(1)).image.width).toBe(6);
  rmSync(join(root, "cat", "1.png"));
  await expect(train.read(1)).rejects.toThrow("1.png is missing");
});

test("more than the limit is not kept", async () => {
  const image = { height: 2, width: 3, channels: 3, pixels: new Uint8Array(18).fill(9) };
  expect(roomFor(10, image, 179)).toBeUndefined();
  expect(roomFor(0, image)).toBeUndefined();
  let decoded = 0;
  const decode = () => Promise.resolve({ ...image, width: 2 + ++decoded });
  const read = keeping(roomFor(10, image, 180), decode);
  for (let i = 0; i < 4; i++) await read(9);
  // The first is of the size that is kept.
  expect(decoded).toBe(1);
  const never = keeping(undefined, decode);
  for (let i = 0; i < 4; i++) await never(9);
  expect(decoded).toBe(5);
});
