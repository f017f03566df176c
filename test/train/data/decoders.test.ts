/** Processes that decode ahead change no pixel, keep nothing that is not sound, and end with whoever started them. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import sharp from "sharp";
import { beforeAll, describe, expect, it, onTestFinished, test, vi } from "vitest";
import { sourceBundle } from "../../../scripts/source-bundle.mjs";
import { batches, epochOrder } from "../../../src/train/data/batches.js";
import type { ClassFolder } from "../../../src/train/data/class-folders.js";
import type { Split } from "../../../src/train/data/data-set.js";
import { decodeImage } from "../../../src/train/data/decode-image.js";
import {
  decoderCount,
  decoderFile,
  Decoders,
  manySmall,
} from "../../../src/train/data/decoders.js";
import { frameOf, frameReader } from "../../../src/train/data/decoder-protocol.js";
import { folderSplit, openImageFolder } from "../../../src/train/data/image-folder.js";
import type { KeptImages } from "../../../src/train/data/kept-images.js";
import type { SplitSource } from "../../../src/train/data/split-source.js";
import { WorkerPool } from "../../../src/train/data/worker-pool.js";
import { temporaryFolder } from "../temporary-folder.js";
import { workerBundle } from "./worker-bundle.js";

const worker = await workerBundle();
const decoder = new URL("./data-decoder.js", worker);

beforeAll(async () => {
  expect(decoderFile(worker)).toBeUndefined();
  await bundled("src/train/data/decoder.ts", fileURLToPath(decoder));
  expect(decoderFile(worker)).toEqual(decoder);
});

async function bundled(entry: string, outfile: string): Promise<void> {
  await build({ entryPoints: [entry], outfile, ...sourceBundle });
}

/** Photographs of noise: one class of JPEG, one of PNG. */
async function folder(count: number, size = 8): Promise<string> {
  const root = await temporaryFolder();
  for (const [number, name] of ["cat", "dog"].entries()) {
    await mkdir(join(root, name));
    for (let index = 0; index < count; index++) {
      const pixels = Uint8Array.from(
        { length: size * size * 3 },
        (_, at) => (at * at * 7 + 31 * index + 100 * number) % 256,
      );
      const image = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
      const file = String(index).padStart(5, "0");
      if (name === "cat") await image.jpeg().toFile(join(root, name, `${file}.jpg`));
      else await image.png().toFile(join(root, name, `${file}.png`));
    }
  }
  return root;
}

interface Opened {
  readonly train: Split;
  readonly source: Extract<SplitSource, { kind: "folder" }>;
  readonly kept: KeptImages;
}

async function opened(root: string): Promise<Opened> {
  const { train } = await openImageFolder(root, { validation: 0 });
  if (train.source?.kind !== "folder" || train.source.kept === undefined) {
    throw new Error("small images are kept");
  }
  return { train, source: train.source, kept: train.source.kept };
}

const states = ({ known }: KeptImages): number[] => [...new Int32Array(known)];

describe("images in their frames", () => {
  it.each([1, 4, 7, 1000])("come out of pieces of %i bytes as they went in", (length) => {
    const images = [3, 70_000, 0].map((index, at) => ({
      ...{ index, deep: at === 1 },
      pixels: Uint8Array.of(at, 2, 255, 4),
    }));
    const all = Buffer.concat(images.map(frameOf));
    const found: unknown[] = [];
    const read = frameReader(4, (image) =>
      found.push({ ...image, pixels: Uint8Array.from(image.pixels) }),
    );
    for (let at = 0; at < all.length; at += length) read(all.subarray(at, at + length));
    expect(found).toEqual(images);
  });
});

it("decodes every image to the pixels that a thread finds", async () => {
  const root = await folder(9);
  const { train, source, kept } = await opened(root);
  const decoders = new Decoders(decoder, 3);
  decoders.start(source, kept);
  await decoders.finished();
  expect(states(kept)).toEqual(Array.from({ length: 18 }, () => 1));
  for (let index = 0; index < train.size; index++) {
    const { image } = await train.read(index);
    const alone = await decodeImage(train.describe(index));
    expect(image.pixels, train.describe(index)).toEqual(new Uint8Array(alone.pixels));
  }
});

it("leaves out what is broken or of another size, which is told where it is read", async () => {
  const root = await folder(4);
  const broken = join(root, "cat", "00001.jpg");
  writeFileSync(broken, readFileSync(broken).subarray(0, 100));
  const larger = { width: 9, height: 8, channels: 3 as const, background: "red" };
  await sharp({ create: larger })
    .png()
    .toFile(join(root, "dog", "00002.png"));
  const deep = new Uint16Array(8 * 8 * 3).map((_, at) => 257 * at + 1);
  await sharp(deep, { raw: { width: 8, height: 8, channels: 3 } })
    .toColourspace("rgb16")
    .png()
    .toFile(join(root, "dog", "00003.png"));
  const { train, source, kept } = await opened(root);
  const decoders = new Decoders(decoder, 2);
  decoders.start(source, kept);
  await decoders.finished();
  expect(states(kept)).toEqual([1, 0, 1, 1, 1, 1, 0, 2]);
  await expect(train.read(1)).rejects.toThrow(/00001\.jpg/);
  expect((await train.read(6)).image.width).toBe(9);
  expect((await train.read(7)).image.deep).toBe(true);
});

test("batches are the same with processes and without", { timeout: 120_000 }, async () => {
  const root = await folder(1_000, 4);
  const made: string[] = [];
  for (const processes of [0, 2]) {
    const { train } = await opened(root);
    const pool = new WorkerPool(worker, 2, processes);
    const split = pool.adopt(train);
    let all = "";
    for (const epoch of [1, 2]) {
      const options = {
        ...{ order: epochOrder(1, epoch, train.size, true), from: 0, batch: 256, seed: 1, epoch },
        preprocess: [{ kind: "normalize", mean: [0.5], std: [0.25] }],
        augment: [{ kind: "flip" }],
      } as const;
      for await (const { images, labels } of batches(split, options)) {
        all += Buffer.from(images.buffer).toString("base64") + labels.join();
      }
    }
    await pool.close();
    made.push(all);
  }
  expect(made[1] === made[0]).toBe(true);
});

test("a process that dies costs time alone", async () => {
  const root = await folder(3);
  const { train, source, kept } = await opened(root);
  const broken = join(root, "broken.js");
  writeFileSync(broken, "process.exit(3)");
  for (const file of [new URL(`file://${broken}`), new URL("file:///nowhere/data-decoder.js")]) {
    const decoders = new Decoders(file, 2);
    decoders.start(source, kept);
    await decoders.finished();
  }
  // The first is read where the folder is opened.
  expect(states(kept).slice(1)).toEqual([0, 0, 0, 0, 0]);
  expect((await train.read(5)).image.height).toBe(8);
});

test.each([
  [50, 1],
  [70, 0],
])("after %i images in a row of another size, others are decoded: %i", async (count, state) => {
  const root = await folder(1, 4);
  const image = { width: 5, height: 4, channels: 3 as const, background: "red" };
  await sharp({ create: image })
    .png()
    .toFile(join(root, "dog", "wide.png"));
  const { source, kept } = await opened(root);
  const wide = Array.from({ length: count }, () => "wide.png");
  const [cat, dog] = source.classes as readonly [ClassFolder, ClassFolder];
  const classes = [cat, { ...dog, files: [...wide, "00000.png"] }];
  const all = { ...kept, ...roomOf(count + 2, 48) };
  const decoders = new Decoders(decoder, 1);
  decoders.start({ ...source, classes }, all);
  await decoders.finished();
  expect(states(all)).toEqual([1, ...wide.map(() => 0), state]);
});

test("where no process can be started, nothing else is the matter", async () => {
  const root = await folder(2);
  const { source, kept } = await opened(root);
  const script = join(root, "short.mjs");
  await bundled("src/train/data/decoders.ts", join(root, "decoders.mjs"));
  writeFileSync(
    script,
    `import { ChildProcess } from "node:child_process";
    import { closeSync, openSync } from "node:fs";
    import { Decoders } from "./decoders.mjs";
    const source = ${JSON.stringify(source)};
    const kept = { ...${JSON.stringify(kept)}, ...Object.fromEntries(
      [["known", 16], ["pixels", 4 * 192]].map(([name, bytes]) => [name, new SharedArrayBuffer(bytes)]))};
    const begin = async () => {
      const decoders = new Decoders(new URL(process.argv[2]), 3);
      decoders.start(source, kept)();
      await decoders.finished();
      await decoders.close();
    };
    const whole = ChildProcess.prototype.spawn;
    let asked = 0;
    ChildProcess.prototype.spawn = () => {
      asked++;
      throw Object.assign(new Error("spawn ENOMEM"), { code: "ENOMEM" });
    };
    await begin();
    ChildProcess.prototype.spawn = function (...given) {
      asked++;
      return whole.apply(this, given);
    };
    const taken = [];
    for (const free of [0, 2, 4, 6, 8]) {
      try {
        for (;;) taken.push(openSync("/dev/null"));
      } catch (error) {
        if (error.code !== "EMFILE") throw error;
      }
      for (let each = 0; each < free; each++) closeSync(taken.pop());
      await begin();
    }
    console.log(asked > 5 ? "over" : "nothing was tried");`,
  );
  const command = `ulimit -n 256 && exec "$0" "$@"`;
  const words = ["-c", command, process.execPath, script, decoder.href];
  const { stdout, stderr } = spawnSync("sh", words, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toBe("over\n");
});

test("few images, large ones, and machines of few cores have none", async () => {
  const { train, source } = await opened(await folder(2));
  expect(manySmall(source, train.size)).toBeUndefined();
  expect(manySmall(source, 50_000)).toEqual({ source, kept: source.kept });
  expect(manySmall({ kind: "folder", folder: "f", classes: [] }, 50_000)).toBeUndefined();
  const much = 2 ** 40;
  expect([1, 2, 3, 4, 16, 64].map((cores) => decoderCount(cores, much))).toEqual([
    0, 0, 0, 2, 14, 16,
  ]);
  expect(decoderCount(16, 2 ** 30)).toBe(4);
  expect(decoderCount(16, 0)).toBe(0);
});

/** The processes on this machine that run a file. */
function running(file: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && commandOf(name)[1] === file)
    .map(Number);
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return [];
    throw error;
  }
}

/** The same files again and again: a minute's work for two processes. */
function long({ source, kept }: Pick<Opened, "source" | "kept">): Pick<Opened, "source" | "kept"> {
  const classes = source.classes.map((one) => ({
    ...one,
    files: Array.from({ length: longSize / 2 }, (_, at) => one.files[at % 2] ?? ""),
  }));
  const all = { ...kept, ...roomOf(longSize, 3 * kept.height * kept.width) };
  const { kind, folder } = source;
  return { source: { kind, folder, classes, kept: all }, kept: all };
}
const longSize = 120_000;

function roomOf(count: number, bytes: number): Pick<KeptImages, "known" | "pixels"> {
  return {
    known: new SharedArrayBuffer(4 * count),
    pixels: new SharedArrayBuffer(bytes * count),
  };
}

const until = (holds: () => boolean): Promise<unknown> =>
  vi.waitUntil(holds, { timeout: 20_000, interval: 20 });

describe.skipIf(!existsSync("/proc/self/cmdline"))("processes that are not done", () => {
  const of = (): number[] => running(fileURLToPath(decoder));

  it("end with the data set that they were started for", async () => {
    const { source, kept } = long(await opened(await folder(2, 4)));
    const pool = new WorkerPool(worker, 1, 2);
    const split = pool.adopt(folderSplit(source.folder, source.classes, source));
    expect(of()).toEqual([]);
    const order = epochOrder(1, 1, split.size, true);
    const options = { order, from: 0, batch: 32, seed: 1, epoch: 1, preprocess: [], augment: [] };
    for await (const { labels } of batches(split, options)) {
      expect(labels.length).toBe(32);
      break;
    }
    await until(() => of().length === 2);
    await pool.close();
    expect(of()).toEqual([]);
    // They had more to do.
    expect(states(kept)).toContain(0);
  });

  it("end once every image is known, whoever decoded it", async () => {
    const { source, kept } = long(await opened(await folder(2, 4)));
    const decoders = new Decoders(decoder, 2);
    const endIfDone = decoders.start(source, kept);
    const known = new Int32Array(kept.known);
    await until(() => known.some((state) => state > 0));
    endIfDone();
    await until(() => of().length === 2);
    known.fill(1);
    endIfDone();
    await decoders.finished();
    expect(of()).toEqual([]);
    // Nobody came to the last one.
    expect(new Uint8Array(kept.pixels, 48 * (longSize - 1))).toEqual(new Uint8Array(48));
  });

  it("end with whoever started them, however that ends", { timeout: 60_000 }, async () => {
    const root = await folder(2, 4);
    const { source } = long(await opened(root));
    const script = join(root, "owner.mjs");
    await bundled("src/train/data/decoders.ts", join(root, "decoders.mjs"));
    const given = join(root, "source.json");
    writeFileSync(given, JSON.stringify(source));
    writeFileSync(
      script,
      `import { Decoders } from "./decoders.mjs";
      import { readFileSync } from "node:fs";
      const source = JSON.parse(readFileSync(process.argv[2], "utf8"));
      const [known, pixels] = [4, 48].map((bytes) => new SharedArrayBuffer(bytes * ${longSize}));
      const decoders = new Decoders(new URL(process.argv[3]), 2);
      decoders.start(source, { ...source.kept, known, pixels });
      process.on("exit", () => {
        if (new Int32Array(known).includes(0)) console.log("early");
      });
      const look = setInterval(() => {
        if (!new Int32Array(known).some((state) => state > 0)) return;
        console.log("begun");
        if (process.argv[4] === "ends") clearInterval(look);
      }, 20);`,
    );
    for (const how of ["stays", "ends"]) {
      const words = [script, given, decoder.href, how];
      const owner = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
      onTestFinished(() => void owner.kill("SIGKILL"));
      let said = "";
      owner.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
      const exited = new Promise((resolve) => owner.on("close", resolve));
      await until(() => said.includes("begun"));
      if (how === "stays") {
        await until(() => of().length === 2);
        owner.kill("SIGKILL");
      }
      await exited;
      expect(said.endsWith("early\n")).toBe(how === "ends");
      await until(() => of().length === 0);
    }
  });
});
