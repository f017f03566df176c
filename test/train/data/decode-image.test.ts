import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeBytes, decodeImage } from "../../../src/train/data/decode-image.js";
import { dataError, png, temporaryFolders } from "./folders.js";

const folder = temporaryFolders();

const root = process.getuid?.() === 0;
if (root) console.warn("SKIPPED for root, who may read everything: a file without permission");

test("what cannot be decoded is told by its cause, and how to mend it", async () => {
  const at = folder();
  const path = (name: string): string => join(at, name);
  const refused = async (name: string) => {
    const { message, help } = await dataError(() => decodeImage(path(name)));
    return `${message.replace(`${at}/`, "")} | ${help ?? ""}`;
  };
  const whole = await sharp(await png([10, 200, 30], 64, 64))
    .jpeg()
    .toBuffer();
  writeFileSync(path("half.jpg"), whole.subarray(0, whole.length >> 1));
  writeFileSync(path("text.jpg"), "a text");
  writeFileSync(path("empty.jpg"), "");
  const wide = { width: 40_000, height: 8000, channels: 3 as const, background: "red" };
  await sharp({ create: wide, limitInputPixels: false }).png().toFile(path("wide.png"));
  mkdirSync(path("folder.jpg"));
  symlinkSync(path("nowhere.jpg"), path("link.jpg"));
  symlinkSync(path("circle.jpg"), path("circle.jpg"));
  expect(await refused("half.jpg")).toMatch(
    /^half\.jpg cannot be decoded; it is corrupt, truncated or no image \((?!Warning).*VipsJpeg: .+\) \| replace/,
  );
  expect(await refused("text.jpg")).toMatch(/^text\.jpg cannot be decoded; .+ \| replace the file/);
  // One white pixel, as Windows writes it.
  const bmp =
    "424d3a000000000000003600000028000000010000000100000001001800000000000400000000000000000000000000000000000000ffffff00";
  writeFileSync(path("white.BMP"), Buffer.from(bmp, "hex"));
  expect(await refused("white.BMP")).toMatch(
    /^white\.BMP is a BMP, which is not decoded \| convert it; what can be decoded is \.avif/,
  );
  expect(await refused("empty.jpg")).toMatch(/^empty\.jpg is empty \(0 bytes\) \| replace/);
  expect(await refused("wide.png")).toMatch(
    /^wide\.png has more than .+ pixels \| make it smaller/,
  );
  expect(await refused("folder.jpg")).toMatch(/^folder\.jpg is a folder, .+ \| name the images/);
  expect(await refused("missing.jpg")).toMatch(/^missing\.jpg is missing \| check its path/);
  execFileSync("mkfifo", [path("pipe.jpg")]);
  expect(await refused("pipe.jpg")).toMatch(
    /^pipe\.jpg is a pipe, a socket or a device, not an image \| put a file/,
  );
  expect(await refused("link.jpg")).toBe(
    "link.jpg is a link to a file that is not there | mend the link, or remove it",
  );
  expect(await refused("circle.jpg")).toContain("cannot be read: its links lead in a circle");
});

test("what an image is, is told from its bytes, whatever its name", async () => {
  const at = folder();
  const svg =
    '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  const named = join(at, "drawing.png");
  writeFileSync(named, svg);
  const told = {
    name: "DataError",
    help: expect.stringMatching(/^convert it; .*\.avif/) as string,
  };
  const message = "is an SVG, which is not decoded";
  await expect(decodeImage(named)).rejects.toMatchObject({
    ...told,
    message: `${named} ${message}`,
  });
  await expect(decodeBytes(Buffer.from(svg))).rejects.toMatchObject({
    ...told,
    message: `the image of ${svg.length} bytes ${message}`,
  });
  const floats = join(at, "floats.png");
  const values = Float32Array.from({ length: 12 }, (_, i) => i / 12);
  writeFileSync(floats, tiff32(4, 3, 3, new Uint8Array(values.buffer)));
  await expect(decodeImage(floats)).rejects.toThrow("holds numbers of the kind float");
});

test.each(["avif", "gif", "jpeg", "png", "tiff", "webp"] as const)(
  "%s is decoded, whatever its name",
  async (format) => {
    const path = join(folder(), "image");
    await sharp(await png([200, 100, 50], 8, 16))
      .toFormat(format)
      .toFile(path);
    expect(await decodeImage(path)).toMatchObject({ height: 8, width: 16, channels: 3 });
  },
);

test.skipIf(root)("a file that may not be read is not taken for a broken one", async () => {
  const path = join(folder(), "secret.png");
  writeFileSync(path, await png([1, 2, 3]));
  chmodSync(path, 0o000);
  const { message } = await dataError(() => decodeImage(path));
  expect(message).toBe(`${path} cannot be read: there is no permission to read it`);
});

test("images come upright by their EXIF orientation, opaque, in 8 bits and three channels", async () => {
  const path = join(folder(), "image");
  const wide = sharp(await png([200, 100, 50], 2, 6));
  await wide.clone().withMetadata({ orientation: 6 }).jpeg().toFile(path);
  expect(await decodeImage(path)).toMatchObject({ height: 6, width: 2, channels: 3 });
  await wide.clone().ensureAlpha(0.5).toColourspace("rgb16").png().toFile(path);
  const { pixels, channels } = await decodeImage(path);
  expect([channels, ...pixels.subarray(0, 3)]).toEqual([3, 200, 100, 50]);
});

/** A TIFF of one strip of grey values of 32 bits (TIFF 6.0, sections 2 and 19). */
function tiff32(width: number, height: number, sampleFormat: number, values: Uint8Array): Buffer {
  const fields = [
    [256, width],
    [257, height],
    [258, 32],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, height],
    [279, values.length],
    [339, sampleFormat],
  ] as const;
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(8 + values.length, 4);
  const directory = Buffer.alloc(2 + 12 * fields.length + 4);
  directory.writeUInt16LE(fields.length, 0);
  fields.forEach(([tag, value], i) => {
    const at = 2 + 12 * i;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(4, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  });
  return Buffer.concat([head, values, directory]);
}

test.each([
  ["float", 3, Float32Array.from({ length: 12 }, (_, i) => i / 12)],
  ["int", 2, Int32Array.from({ length: 12 }, (_, i) => 7000 * i)],
] as const)("a TIFF of the kind %s is told, whose range is not known", async (...given) => {
  const [depth, sampleFormat, values] = given;
  const path = join(folder(), "measured.tif");
  writeFileSync(path, tiff32(4, 3, sampleFormat, new Uint8Array(values.buffer)));
  const { message, help } = await dataError(() => decodeImage(path));
  expect(message).toBe(`${path} holds numbers of the kind ${depth}, whose range is not known`);
  expect(help).toContain("convert it to 8 or 16 bits");
});

test("images of more than 8 bits per channel are known, whatever they hold", async () => {
  const plain = sharp(await png([100, 100, 100]));
  const deep = async (image: typeof plain) => (await decodeBytes(await image.toBuffer())).deep;
  for (const space of ["grey16", "rgb16"]) {
    expect(await deep(plain.clone().toColourspace(space).png())).toBe(true);
    expect(await deep(plain.clone().toColourspace(space).tiff({ compression: "lzw" }))).toBe(true);
  }
  for (const image of [plain.clone().png(), plain.clone().png({ palette: true })]) {
    expect(await deep(image)).toBeUndefined();
  }
  for (const image of [plain.clone().tiff(), plain.clone().jpeg(), plain.clone().avif()]) {
    expect(await deep(image)).toBeUndefined();
  }
});
