import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { DataSet, Split } from "../../../src/train/data/data-set.js";
import { openImageFolder } from "../../../src/train/data/image-folder.js";
import { openSplit } from "../../../src/train/data/split-source.js";
import { dataError, png, temporaryFolders, writeFiles } from "./folders.js";

const folder = temporaryFolders();

async function messageOf(action: () => Promise<unknown>): Promise<string> {
  return (await dataError(action)).message;
}

function paths(split: Split): string[] {
  return Array.from({ length: split.size }, (_, index) => split.describe(index));
}

/** `count` red images of each class. */
async function writeClasses(root: string, classes: readonly string[], count: number) {
  const image = await png([200, 0, 0]);
  for (const name of classes) {
    const files = Array.from({ length: count }, (_, i) => [`${name}/${i}.png`, image] as const);
    writeFiles(root, Object.fromEntries(files));
  }
}

test("train/ and each name of a validation folder; classes sorted; labels from the folders", async () => {
  for (const name of ["test", "dev", "valid", "val", "validation"]) {
    const root = folder();
    writeFiles(root, {
      "train/dog/1.png": await png([10, 20, 30]),
      "train/Zebra/1.png": await png([40, 50, 60]),
      "train/cat/b.png": await png([70, 80, 90]),
      "train/cat/a.png": await png([1, 2, 3], 6, 7),
      [`${name}/cat/x.png`]: await png([0, 0, 0]),
      [`${name}/dog/x.png`]: await png([0, 0, 0]),
      [`${name}/Zebra/x.png`]: await png([0, 0, 0]),
    });
    const data = await openImageFolder(root);
    expect(data.classes).toEqual(["Zebra", "cat", "dog"]);
    expect([data.train.size, data.validation.size]).toEqual([4, 3]);
    const found = ["Zebra/1.png", "cat/a.png", "cat/b.png", "dog/1.png"];
    expect(paths(data.train)).toEqual(found.map((path) => join(root, "train", path)));
    const samples = await Promise.all([0, 1, 2, 3].map((index) => data.train.read(index)));
    expect(samples.map((sample) => sample.label)).toEqual([0, 1, 1, 2]);
    const image = samples[1]?.image;
    expect([image?.height, image?.width, image?.channels]).toEqual([6, 7, 3]);
    expect([...(image?.pixels.subarray(0, 6) ?? [])]).toEqual([1, 2, 3, 1, 2, 3]);
    expect([...(samples[3]?.image.pixels.subarray(0, 3) ?? [])]).toEqual([10, 20, 30]);
    expect(data.validation.describe(2)).toBe(join(root, name, "dog/x.png"));
    await data.close();
  }
});

test("a lone folder around train/ is stepped into, and a class may be called train", async () => {
  const root = folder();
  await writeClasses(join(root, "archive/train"), ["a", "b"], 2);
  await writeClasses(join(root, "archive/test"), ["a", "b"], 1);
  const data = await openImageFolder(root);
  expect([data.name, data.train.size, data.validation.size]).toEqual(["archive", 4, 2]);
  const vehicles = folder();
  await writeClasses(vehicles, ["train", "car"], 4);
  expect((await openImageFolder(vehicles)).classes).toEqual(["car", "train"]);
});

test("a share is set aside of every class: exact, disjoint, by the seed and the names alone", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b", "c"], 20);
  const open = (seed: number): Promise<DataSet> => openImageFolder(root, { validation: 0.2, seed });
  const data = await open(1);
  expect([data.train.size, data.validation.size]).toEqual([48, 12]);
  const both = [...paths(data.train), ...paths(data.validation)];
  expect(new Set(both).size).toBe(60);
  for (const label of [0, 1, 2]) {
    const read = await Promise.all(paths(data.validation).map((_, i) => data.validation.read(i)));
    expect(read.filter((sample) => sample.label === label)).toHaveLength(4);
  }
  expect(paths((await open(1)).validation)).toEqual(paths(data.validation));
  expect(paths((await open(2)).validation)).not.toEqual(paths(data.validation));
  // The place on the disk has no say.
  const moved = folder();
  await writeClasses(moved, ["a", "b", "c"], 20);
  const elsewhere = await openImageFolder(moved, { validation: 0.2, seed: 1 });
  expect(paths(elsewhere.validation).map((path) => path.slice(moved.length))).toEqual(
    paths(data.validation).map((path) => path.slice(root.length)),
  );
});

test("a tenth is set aside by default; of train/ alone too; none where none is asked for", async () => {
  const root = folder();
  await writeClasses(join(root, "train"), ["a", "b"], 10);
  const data = await openImageFolder(root);
  expect([data.train.size, data.validation.size]).toEqual([18, 2]);
  const none = await openImageFolder(root, { validation: 0 });
  expect([none.train.size, none.validation.size]).toEqual([20, 0]);
});

test("grey, transparent, 16-bit, palette and CMYK images come out as three 8-bit channels", async () => {
  const root = folder();
  const plain = sharp(await png([100, 100, 100]));
  const half = { r: 100, g: 100, b: 100, alpha: 0.5 };
  const create = { width: 5, height: 4, channels: 4 as const, background: half };
  const grey = await plain.clone().toColourspace("b-w").png().toBuffer();
  expect((await sharp(grey).metadata()).channels).toBe(1);
  writeFiles(root, {
    "a/1-grey.png": grey,
    "a/2-grey.jpg": await sharp(grey).toColourspace("b-w").jpeg().toBuffer(),
    "a/3-alpha.png": await sharp({ create }).png().toBuffer(),
    "a/4-deep.png": await plain.clone().toColourspace("rgb16").png().toBuffer(),
    "a/5-palette.png": await plain.clone().png({ palette: true }).toBuffer(),
    "a/6-cmyk.JPEG": await plain.clone().toColourspace("cmyk").jpeg().toBuffer(),
    "a/7-web.webp": await plain.clone().webp({ lossless: true }).toBuffer(),
  });
  const data = await openImageFolder(root, { validation: 0 });
  expect(data.train.size).toBe(7);
  for (let index = 0; index < data.train.size; index++) {
    const { image } = await data.train.read(index);
    const shape = [image.height, image.width, image.channels, image.pixels.length];
    expect(shape, data.train.describe(index)).toEqual([4, 5, 3, 60]);
    const off = Math.max(...image.pixels.map((value) => Math.abs(value - 100)));
    expect(off, data.train.describe(index)).toBeLessThanOrEqual(index === 5 ? 12 : 1);
  }
});

test("the orientation that a camera noted is applied", async () => {
  const root = folder();
  // Left half black, right half white; orientation 6 means: turn by 90 degrees clockwise to view.
  const pixels = Buffer.alloc(16 * 8 * 3);
  for (let i = 0; i < 16 * 8; i++) pixels.fill(i % 16 < 8 ? 0 : 255, i * 3, i * 3 + 3);
  const raw = { width: 16, height: 8, channels: 3 as const };
  const jpeg = sharp(pixels, { raw }).withMetadata({ orientation: 6 }).jpeg({ quality: 100 });
  writeFiles(root, { "a/1.jpg": await jpeg.toBuffer() });
  const { image } = await (await openImageFolder(root, { validation: 0 })).train.read(0);
  expect([image.height, image.width]).toEqual([16, 8]);
  expect(image.pixels[0]).toBeLessThan(10);
  expect(image.pixels.at(-1)).toBeGreaterThan(245);
});

test("hidden files are ignored; other files are noted, and images of inner folders", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 10);
  writeFiles(root, {
    ".DS_Store": "x",
    ".hidden/1.png": "x",
    "readme.txt": "x",
    "a/.DS_Store": "x",
    "a/notes.txt": "x",
    "a/list.csv": "x",
    "b/more.txt": "x",
    "b/7.BMP": "x",
    "b/inner/1.png": "x",
    "b/inner/deeper/2.txt": "x",
    "b/inner/.trash/3.png": "x",
  });
  const data = await openImageFolder(root);
  expect(data.classes).toEqual(["a", "b"]);
  expect(data.train.size + data.validation.size).toBe(21);
  expect(data.notes).toEqual([
    `${root}: left out files that are beside the class folders: 1 .txt`,
    `${root}: left out files that are not images: 3 .txt, 1 .csv`,
    `${root}: left out files that are of formats that are not decoded: 1 .bmp`,
    `${root}: took 1 image from folders within classes, the first ${join(root, "b/inner/1.png")}`,
  ]);
});

test("images of a class may lie in folders below it, by their paths and in order", async () => {
  const root = folder();
  const images = ["cup/b/2.png", "cup/a/x/1.png", "cup/0.png", "disc/p/0.png", "disc/q/0.png"];
  for (const [index, name] of images.entries()) {
    writeFiles(root, { [name]: await png([index, index, index]) });
  }
  const { train, classes } = await openImageFolder(root, { validation: 0 });
  expect(classes).toEqual(["cup", "disc"]);
  const order = ["cup/0.png", "cup/a/x/1.png", "cup/b/2.png", "disc/p/0.png", "disc/q/0.png"];
  expect(paths(train)).toEqual(order.map((name) => join(root, name)));
  const read = await Promise.all(order.map((_, index) => train.read(index)));
  expect(read.map(({ image, label }) => [image.pixels[0], label])).toEqual([
    [2, 0],
    [1, 0],
    [0, 0],
    [3, 1],
    [4, 1],
  ]);
  // A thread opens the same, and they are known again by where they lie in their class.
  if (train.source === undefined) throw new Error("a folder has a source");
  const { split } = await openSplit(structuredClone(train.source));
  expect([paths(split), split.digest?.()]).toEqual([paths(train), train.digest?.()]);
  const moved = folder();
  renameSync(join(root, "cup"), join(moved, "cup"));
  renameSync(join(root, "disc"), join(moved, "disc"));
  const again = (await openImageFolder(moved, { validation: 0 })).train;
  expect(again.digest?.()).toBe(train.digest?.());
  renameSync(join(moved, "disc/q"), join(moved, "disc/r"));
  const other = (await openImageFolder(moved, { validation: 0 })).train;
  expect(other.digest?.()).not.toBe(train.digest?.());
});

test("links between folders of a class are followed, and not in circles", async () => {
  const [root, store] = [folder(), folder()];
  await writeClasses(root, ["a", "b"], 1);
  await writeClasses(store, ["more"], 2);
  symlinkSync(join(store, "more"), join(root, "a", "more"));
  symlinkSync(".", join(root, "a", "self"));
  symlinkSync("..", join(root, "a", "up"));
  symlinkSync(join(root, "a"), join(store, "more", "back"));
  const { train } = await openImageFolder(root, { validation: 0 });
  const order = ["a/0.png", "a/more/0.png", "a/more/1.png", "b/0.png"];
  expect(paths(train)).toEqual(order.map((name) => join(root, name)));
});

test("a class that holds splits is none; one called train may hold folders", async () => {
  const root = folder();
  await writeClasses(root, ["cat/train", "cat/test", "dog/train", "dog/test"], 1);
  const { message, help } = await dataError(() => openImageFolder(root));
  expect(message).toBe(
    `class folder ${join(root, "cat")} has the folders test, train: splits are around the classes, not within them`,
  );
  expect(help).toContain(`if it is no class, give ${join(root, "cat")} as the data`);
  const vehicles = folder();
  await writeClasses(vehicles, ["train", "train/night", "car", "car/night"], 4);
  const data = await openImageFolder(vehicles, { validation: 0 });
  expect([data.classes, data.train.size]).toEqual([["car", "train"], 16]);
});

test.skipIf(process.platform === "win32")(
  "links to class folders and to images are followed",
  async () => {
    const root = folder();
    const store = folder();
    await writeClasses(store, ["a"], 2);
    symlinkSync(join(store, "a"), join(root, "a"));
    mkdirSync(join(root, "b"));
    symlinkSync(join(store, "a/0.png"), join(root, "b/0.png"));
    symlinkSync(join(store, "gone.png"), join(root, "b/gone.png"));
    const data = await openImageFolder(root, { validation: 0 });
    expect(data.train.size).toBe(4);
    expect((await data.train.read(2)).label).toBe(1);
    expect(await messageOf(() => data.train.read(3))).toBe(
      `${join(root, "b/gone.png")} is a link to a file that is not there`,
    );
  },
);

test("a corrupt, truncated, empty, missing or false image is named when it is read", async () => {
  const root = folder();
  const create = { width: 64, height: 64, channels: 3 as const, background: "red" };
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  const { background: _, ...blank } = create;
  const jpeg = await sharp({ create: { ...blank, background: "red", noise } })
    .jpeg()
    .toBuffer();
  const whole = await sharp({ create: { ...blank, background: "red", noise } })
    .png()
    .toBuffer();
  writeFiles(root, {
    "a/1.jpg": jpeg.subarray(0, jpeg.length / 2),
    "a/2.png": whole.subarray(0, whole.length / 2),
    "a/3.png": "this is text and no image at all",
    "a/4.png": "",
    "a/5.png": whole,
    "a/6.png": whole,
    "a/7.webp": Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(500)]),
  });
  const data = await openImageFolder(root, { validation: 0 });
  rmSync(join(root, "a/6.png"));
  for (const index of [0, 1, 2, 6]) {
    const error = await dataError(() => data.train.read(index));
    expect(error.message).toContain(`${data.train.describe(index)} cannot be decoded`);
    expect(error.help).toContain("replace the file");
  }
  expect(await messageOf(() => data.train.read(3))).toBe(
    `${join(root, "a/4.png")} is empty (0 bytes)`,
  );
  expect((await data.train.read(4)).image.height).toBe(64);
  expect(await messageOf(() => data.train.read(5))).toBe(`${join(root, "a/6.png")} is missing`);
});

test("an index outside of the split is refused", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 2);
  const data = await openImageFolder(root, { validation: 0 });
  for (const index of [-1, 4, 1.5, Number.NaN]) {
    await expect(data.train.read(index)).rejects.toThrow(RangeError);
  }
});

test("a folder that is missing, a file, empty, without classes or with an empty class", async () => {
  const root = folder();
  const open = (path: string) => messageOf(() => openImageFolder(path));
  expect(await open(join(root, "nowhere"))).toBe(`${join(root, "nowhere")} does not exist`);
  expect(await open(root)).toBe(`${root} is empty`);
  writeFileSync(join(root, "1.png"), "x");
  expect(await open(join(root, "1.png"))).toBe(
    `${join(root, "1.png")} is a file where a folder of images is needed`,
  );
  expect(await open(root)).toBe(
    `${root} has no class folders; images lie in it directly (1 of them)`,
  );
  rmSync(join(root, "1.png"));
  writeFileSync(join(root, "a.txt"), "x");
  expect(await open(root)).toBe(`${root} has no class folders; it holds 1 .txt`);
  mkdirSync(join(root, "cat"));
  mkdirSync(join(root, "dog"));
  expect(await open(root)).toBe(`2 class folders in ${root} have no images: cat, dog`);
  rmSync(join(root, "dog"), { recursive: true });
  expect(await open(root)).toBe(`class folder ${join(root, "cat")} is empty`);
  writeFileSync(join(root, "cat/list"), "x");
  expect(await open(root)).toBe(
    `class folder ${join(root, "cat")} has no images; it holds 1 without extension`,
  );
  rmSync(join(root, "cat/list"));
  mkdirSync(join(root, "cat/tabby"));
  const nested = await dataError(() => openImageFolder(root));
  expect(nested.message).toBe(
    `class folder ${join(root, "cat")} has no images, but folders (tabby)`,
  );
  expect(nested.help).toContain(`give ${join(root, "cat")}`);
});

test("classes that are not among the validation images are told, and counted as none", async () => {
  const root = folder();
  await writeClasses(join(root, "train"), ["a", "b", "c", "d"], 2);
  await writeClasses(join(root, "val"), ["a", "c"], 2);
  mkdirSync(join(root, "val", "b"));
  const data = await openImageFolder(root);
  expect(data.cautions).toEqual([
    `${join(root, "val")} has no images of "b", "d", which ${join(root, "train")} has: nothing is measured of those classes`,
  ]);
  const labels = Array.from({ length: data.validation.size }, (_, i) => data.validation.label?.(i));
  expect(labels).toEqual([0, 0, 2, 2]);
  expect(data.validation.describe(3)).toBe(join(root, "val", "c/1.png"));
  // What is there, and is no image, is a mistake.
  writeFileSync(join(root, "val", "b", "1.bmp"), "x");
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `class folder ${join(root, "val", "b")} has no images but of formats that are not decoded: 1 .bmp`,
  );
  rmSync(join(root, "val"), { recursive: true });
  mkdirSync(join(root, "val", "a"), { recursive: true });
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `${join(root, "val")} has class folders, and no images in any`,
  );
});

test("JPEGs by all of their extensions; a class of formats that are not decoded is told", async () => {
  const root = folder();
  const jpeg = await sharp(await png([200, 0, 0]))
    .jpeg()
    .toBuffer();
  writeFiles(root, {
    "a/1.jfif": jpeg,
    "a/2.JPE": jpeg,
    "b/3.jfi": jpeg,
    "b/4.jpeg": jpeg,
  });
  const data = await openImageFolder(root, { validation: 0 });
  const heights = [0, 1, 2, 3].map(async (index) => (await data.train.read(index)).image.height);
  expect(await Promise.all(heights)).toEqual([4, 4, 4, 4]);
  writeFiles(root, { "c/1.ppm": "x", "c/2.PPM": "x", "c/3.jp2": "x", "c/list.txt": "x" });
  const { message, help } = await dataError(() => openImageFolder(root));
  expect(message).toBe(
    `class folder ${join(root, "c")} has no images but of formats that are not decoded: 2 .ppm, 1 .jp2`,
  );
  expect(help).toMatch(/^convert them; what can be decoded is \.avif /);
});

test("no split has classes that are not trained on", async () => {
  const root = folder();
  await writeClasses(join(root, "train"), ["a", "b", "c"], 2);
  await writeClasses(join(root, "val"), ["a", "b", "c", "d"], 2);
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `${join(root, "val")} has images of "d", which ${join(root, "train")} has not`,
  );
  rmSync(join(root, "val/d"), { recursive: true });
  expect(await messageOf(() => openImageFolder(root, { validation: 0.3 }))).toContain(
    "`validation: 0.3` asks for a share of the training images",
  );
  rmSync(join(root, "train"), { recursive: true });
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `${root} has a folder val, but none named train`,
  );
});

test("empty folders of classes that are not trained on are left out of other splits, with a note", async () => {
  const root = folder();
  for (const name of ["train", "val", "test"]) await writeClasses(join(root, name), ["a", "b"], 2);
  const empty = ["val", "test"].map((name) => join(root, name, "extra"));
  for (const path of empty) mkdirSync(path);
  const { classes, notes, validation, test } = await openImageFolder(root);
  expect([classes, validation.size, test?.size]).toEqual([["a", "b"], 4, 4]);
  expect(notes).toEqual([
    `${join(root, "test")} is for \`resnetc eval --split test\` alone`,
    ...empty.map((path) => `${path} is not used: it is empty, and no class of training`),
  ]);
});

test("a class too small to set images aside, and folders that are not used", async () => {
  const root = folder();
  await writeClasses(root, ["a"], 5);
  await writeClasses(root, ["b"], 1);
  const error = await dataError(() => openImageFolder(root));
  expect(error.message).toBe(
    `${join(root, "b")} has 1 image: too few to set 1 aside for validation`,
  );
  expect(error.help).toContain("validation: 0");
  const split = folder();
  for (const name of ["train", "val", "test"]) await writeClasses(join(split, name), ["a", "b"], 1);
  const data = await openImageFolder(split);
  expect(data.validation.describe(0)).toBe(join(split, "val/a/0.png"));
  expect(data.notes).toEqual([`${join(split, "test")} is for \`resnetc eval --split test\` alone`]);
});

const archive = fileURLToPath(
  new URL("../../../../shared/data/cifar10-mini-jpeg.tar.xz", import.meta.url),
);
const present = existsSync(archive);
if (!present) console.warn(`SKIPPED: the real images of CIFAR-10 are not at ${archive}`);

test.skipIf(!present)(
  "the 1,200 real images of the mini CIFAR-10 open and decode as they are",
  async () => {
    const root = folder();
    execFileSync("tar", ["xf", archive, "-C", root]);
    const data = await openImageFolder(root);
    expect(data.name).toBe("cifar10-mini");
    expect(data.classes).toEqual(
      "airplane automobile bird cat deer dog frog horse ship truck".split(" "),
    );
    expect([data.train.size, data.validation.size]).toEqual([1000, 200]);
    expect(data.notes).toEqual([]);
    for (const split of [data.train, data.validation]) {
      const counts = new Array<number>(10).fill(0);
      for (let index = 0; index < split.size; index++) {
        const { image, label } = await split.read(index);
        expect([image.height, image.width, image.channels]).toEqual([32, 32, 3]);
        counts[label] = (counts[label] ?? 0) + 1;
      }
      expect(counts).toEqual(new Array<number>(10).fill(split.size / 10));
    }
  },
);

test("test/ beside train/ and validation images is a split of its own, by the classes of train/", async () => {
  const root = folder();
  await writeClasses(join(root, "train"), ["a", "b", "c"], 2);
  await writeClasses(join(root, "valid"), ["a", "b", "c"], 1);
  await writeClasses(join(root, "test"), ["a", "c"], 3);
  const data = await openImageFolder(root);
  expect(data.validation.describe(0)).toBe(join(root, "valid", "a/0.png"));
  const { test: tested } = data;
  if (tested === undefined) throw new Error("there is no test split");
  const labels = Array.from({ length: tested.size }, async (_, i) => (await tested.read(i)).label);
  expect(await Promise.all(labels)).toEqual([0, 0, 0, 2, 2, 2]);
  expect(tested.describe(5)).toBe(join(root, "test", "c/2.png"));

  await writeClasses(join(root, "test"), ["d"], 1);
  const other = await openImageFolder(root);
  expect(other.test).toBeUndefined();
  expect(other.notes).toContain(
    `${join(root, "test")} cannot be used: it has images of "d" as well`,
  );
});

test("test/ that is for validation is the test split too", async () => {
  const root = folder();
  await writeClasses(join(root, "train"), ["a", "b"], 2);
  await writeClasses(join(root, "test"), ["a", "b"], 1);
  const data = await openImageFolder(root);
  expect(data.test).toBe(data.validation);
  expect([data.notes, data.cautions]).toEqual([
    [],
    [
      `${join(root, "test")} is used to validate with, as there is no validation folder: what it comes to is not a test`,
    ],
  ]);
});

test("dev/ is for validation before test/, and nothing is to be said of that", async () => {
  const root = folder();
  for (const name of ["train", "dev", "test"]) await writeClasses(join(root, name), ["a", "b"], 1);
  const data = await openImageFolder(root);
  expect(data.validation.describe(0)).toBe(join(root, "dev", "a/0.png"));
  expect(data.test?.describe(0)).toBe(join(root, "test", "a/0.png"));
  expect(data.cautions).toEqual([]);
});

test("a folder that is not divided stays whole where that is asked for", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 1);
  const data = await openImageFolder(root, { whole: true });
  expect([data.train.size, data.validation.size]).toEqual([2, 0]);
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `2 classes have too few images to set some aside for validation: ${join(root, "a")} (1), ${join(root, "b")} (1)`,
  );
  await writeClasses(root, ["b"], 2);
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `${join(root, "a")} has 1 image: too few to set 1 aside for validation`,
  );
});

test("splits by other names, in any letters", async () => {
  for (const [train, validation] of [
    ["Train", "Val"],
    ["training", "VALIDATION"],
    ["TRAIN", "Testing"],
  ] as const) {
    const root = folder();
    await writeClasses(join(root, "archive", train), ["a", "b"], 2);
    await writeClasses(join(root, "archive", validation), ["a", "b"], 1);
    const data = await openImageFolder(root);
    expect([data.classes, data.train.size, data.validation.size]).toEqual([["a", "b"], 4, 2]);
    expect(data.validation.describe(0)).toBe(join(root, "archive", validation, "a/0.png"));
  }
});

test("letters with marks are the same however a machine writes them", async () => {
  const root = folder();
  const name = "D\u00f6rte";
  await writeClasses(join(root, "train"), ["Dz", name.normalize("NFC"), "a"], 1);
  await writeClasses(join(root, "val"), ["Dz", name.normalize("NFD"), "a"], 1);
  const data = await openImageFolder(root);
  expect(data.classes).toEqual(["Dz", name, "a"]);
  expect(data.validation.describe(1)).toBe(join(root, "val", name.normalize("NFD"), "0.png"));
});

test("two folders whose names are written in two ways are not two classes", async () => {
  const root = folder();
  await writeClasses(root, ["caf\u00e9", "cafe\u0301", "bar"], 2);
  expect((await messageOf(() => openImageFolder(root))).normalize("NFC")).toMatch(
    /café and .*café are two folders of one name, whose letters with marks are written in two ways$/u,
  );
});

test("a split that is a link to nothing is no missing split", async () => {
  for (const name of ["train", "Val", "test"]) {
    const root = folder();
    await writeClasses(join(root, "train"), ["a", "b"], 2);
    if (name === "train") rmSync(join(root, "train"), { recursive: true });
    await writeClasses(join(root, "validation"), ["a", "b"], 2);
    symlinkSync("/nowhere/at/all", join(root, name));
    expect(await messageOf(() => openImageFolder(root))).toBe(
      `${join(root, name)} is a link to a folder that is not there`,
    );
  }
});

test("files beside classes that are links to nothing are files beside classes", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 2);
  symlinkSync("gone", join(root, "README.md"));
  symlinkSync("round.jpg", join(root, "round.jpg"));
  const { notes } = await openImageFolder(root);
  expect(notes).toEqual([
    `${root}: left out files that are beside the class folders: 1 .jpg, 1 .md`,
  ]);
});

test("a class that is a link to nothing is not left out in silence", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 2);
  symlinkSync("../gone", join(root, "bird"));
  expect(await messageOf(() => openImageFolder(root))).toBe(
    `${join(root, "bird")} is a link to a folder or a file that is not there`,
  );
});

test("an image whose name is not in UTF-8 is told by that", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 2);
  const bytes = Buffer.concat([
    Buffer.from(`${join(root, "a")}/h`),
    Buffer.from([0xe4]),
    Buffer.from(".png"),
  ]);
  writeFileSync(bytes, await png([1, 2, 3]));
  const data = await openImageFolder(root, { validation: 0 });
  expect(await messageOf(() => data.train.read(2))).toMatch(/^the name of .* is not in UTF-8/);
});

test("what macOS leaves in archives is no class", async () => {
  const root = folder();
  await writeClasses(root, ["a", "b"], 2);
  mkdirSync(join(root, "__MACOSX"));
  expect((await openImageFolder(root)).classes).toEqual(["a", "b"]);
});

test("images are known again by their names and classes, wherever their folder is", async () => {
  const opened = async (classes: readonly string[], count: number, extra?: string) => {
    const root = folder();
    await writeClasses(root, classes, count);
    if (extra !== undefined) writeFiles(root, { [extra]: await png([1, 2, 3]) });
    const { train, validation } = await openImageFolder(root, { validation: 0.25 });
    return [train.digest?.(), validation.digest?.()];
  };
  const first = await opened(["cat", "dog"], 8);
  expect(first).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.any(String)]);
  expect(first[0]).not.toBe(first[1]);
  expect(await opened(["cat", "dog"], 8)).toEqual(first);
  const all = [first, await opened(["cat", "eel"], 8), await opened(["cat", "dog"], 7)];
  const named = await opened(["cat", "dog"], 7, "dog/other.png");
  expect(new Set([...all, named].map(([train]) => train)).size).toBe(4);
});
