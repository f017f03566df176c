import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { firstDeepImage } from "../../../src/train/data/deep-images.js";
import { openImageFolder } from "../../../src/train/data/image-folder.js";
import { png, temporaryFolders, writeFiles } from "./folders.js";

const folder = temporaryFolders();

async function deepPng(): Promise<Uint8Array> {
  return sharp(await png([1, 2, 3]))
    .toColourspace("rgb16")
    .png()
    .toBuffer();
}

test.skipIf(process.platform === "win32")(
  "a named pipe in the place of an image is not waited for, and the next class is looked at",
  async () => {
    const root = folder();
    writeFiles(root, { "b/0.png": await deepPng() });
    mkdirSync(join(root, "a"));
    execFileSync("mkfifo", [join(root, "a/0.png")]);
    const { train } = await openImageFolder(root, { validation: 0 });
    expect(await firstDeepImage(train)).toBe(join(root, "b/0.png"));
    await expect(train.read(0)).rejects.toThrow(/a\/0\.png is a pipe, a socket or a device/);
  },
);

test("what is no image is left to whoever decodes it", async () => {
  const root = folder();
  writeFiles(root, { "a/0.png": "no image", "b/0.png": await png([1, 2, 3]) });
  const { train } = await openImageFolder(root, { validation: 0 });
  expect(await firstDeepImage(train)).toBeUndefined();
});
