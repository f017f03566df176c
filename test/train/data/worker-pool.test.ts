import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import fc from "fast-check";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Batch } from "../../../src/engines/engine.js";
import type { DataReference, Sizes } from "../../../src/recipe/recipe.js";
import { batches, epochOrder, type BatchesOptions } from "../../../src/train/data/batches.js";
import type { DataSet, Split } from "../../../src/train/data/data-set.js";
import { openDataSet } from "../../../src/train/data/open-data-set.js";
import { threadCount, workerFile } from "../../../src/train/data/worker-pool.js";
import { dataError, temporaryFolders, writeFiles } from "./folders.js";
import { workerBundle } from "./worker-bundle.js";

const folder = temporaryFolders();
const file = await workerBundle();

const started: Worker[] = [];
const remember = (worker: Worker): void => void started.push(worker);
beforeEach(() => void process.on("worker", remember));
afterEach(() => {
  process.off("worker", remember);
  started.length = 0;
});

/** Runs with a data set that so many threads read, and closes it. */
async function withThreads<T>(
  reference: DataReference,
  threads: number,
  run: (data: DataSet) => Promise<T>,
  from: URL = file,
): Promise<T> {
  const data = await openDataSet(reference, { threads, file: from });
  try {
    return await run(data);
  } finally {
    await data.close();
  }
}

const shapes = (train: number, validation = 0): DataReference => ({
  kind: "shapes",
  options: { size: 16, train, validation, seed: 4 },
});

const growing: Sizes = { kind: "growing", start: 8, until: 4, by: 4 };

const recipe = {
  preprocess: [{ kind: "normalize", mean: [0.5], std: [0.25] }],
  augment: [
    { kind: "crop", height: 16, width: 16, padding: 2 },
    { kind: "flip" },
    { kind: "mixup", alpha: 0.3 },
  ],
  sizes: growing,
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

const collect = (split: Split, changes: Partial<BatchesOptions> = {}): Promise<Batch[]> =>
  gather(batches(split, options(split, changes)));

/** Twelve images of three classes, each of its own size. */
async function imageFolder(): Promise<string> {
  const root = folder();
  for (let i = 0; i < 12; i++) {
    const noise = { type: "gaussian" as const, mean: 100 + i, sigma: 30 };
    const create = { width: 40 - i, height: 20 + i, channels: 3 as const, noise };
    const image = sharp({ create: { ...create, background: "black" } });
    const name = `${"abc"[i % 3] ?? ""}/${i}.jpg`;
    writeFiles(root, { [name]: await image.jpeg().toBuffer() });
  }
  return root;
}

const folderOf = (path: string): DataReference => ({
  kind: "folder",
  path,
  options: { validation: 0 },
});

const photographs = {
  preprocess: [
    { kind: "shorter", side: 20 },
    { kind: "centercrop", height: 16, width: 16 },
    ...recipe.preprocess,
  ],
  augment: [
    { kind: "resizedcrop", height: 16, width: 16, area: 0.2 },
    { kind: "jitter", brightness: 0.4, contrast: 0.4, saturation: 0.4 },
  ],
} as const;

const resized = [{ kind: "resize", height: 16, width: 16 }, ...recipe.preprocess] as const;

test("threads give bit for bit what one thread gives: shapes, files, and CIFAR's records", async () => {
  const cifar = folder();
  const records = (count: number, first: number): Uint8Array =>
    Uint8Array.from({ length: count * 3073 }, (_, i) =>
      i % 3073 === 0 ? (i / 3073) % 10 : (first + 7 * i) % 256,
    );
  writeFiles(cifar, {
    ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, records(6, i)])),
    "test_batch.bin": records(9, 6),
    "batches.meta.txt": Array.from({ length: 10 }, (_, i) => `class${i}`).join("\n"),
  });
  const all: readonly [DataReference, Partial<BatchesOptions>][] = [
    [shapes(45, 20), {}],
    [{ kind: "cifar10", path: cifar, options: {} }, { preprocess: resized }],
    [folderOf(await imageFolder()), { preprocess: resized, batch: 5 }],
    [folderOf(await imageFolder()), { ...photographs, batch: 5 }],
  ];
  for (const [reference, changes] of all) {
    const of = async (data: DataSet) => [
      await collect(data.train, changes),
      await collect(data.train, { ...changes, epoch: 3, from: 1 }),
      await collect(data.validation, { ...changes, augment: [] }),
    ];
    const alone = await withThreads(reference, 0, of);
    for (const threads of [1, 3]) {
      expect(await withThreads(reference, threads, of)).toEqual(alone);
      expect(started).toHaveLength(threads);
      started.length = 0;
    }
  }
});

test("each image is in an epoch exactly once, whatever the order, the batch, the threads and the resuming", async () => {
  const size = 61;
  await withThreads(shapes(size), 2, async ({ train }) => {
    const labelOf = new Map<string, number>();
    const bare = { preprocess: [], augment: [] } as const;
    const pixels = ({ images, labels }: Batch): string[] =>
      Array.from(labels, (_, i) => images.slice(i * 768, (i + 1) * 768).join());
    const still = { ...bare, sizes: { kind: "fixed" } as const };
    const inOrder = { order: epochOrder(0, 0, size, false), batch: 16, ...still };
    for (const batch of await collect(train, inOrder)) {
      for (const image of pixels(batch)) labelOf.set(image, labelOf.size);
    }
    expect(labelOf.size).toBe(size);
    const counts = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(99), fc.boolean());
    await fc.assert(
      fc.asyncProperty(counts, fc.nat(), async ([batch, seed, epoch, shuffle], draw) => {
        const order = epochOrder(seed, epoch, size, shuffle);
        const from = draw % (Math.ceil(size / batch) + 1);
        const found = await collect(train, { order, batch, from, seed, epoch, ...still });
        const seen = found.flatMap((one) => pixels(one).map((image) => labelOf.get(image)));
        expect(seen).toEqual([...order.subarray(from * batch)]);
      }),
      { numRuns: 25 },
    );
    expect(started).toHaveLength(2);
  });
});

test("what cannot be read is told as one thread tells it: the sample, the message and the help", async () => {
  const root = await imageFolder();
  const unlike = { preprocess: recipe.preprocess, augment: [] } as const;
  const tell = ({ train }: DataSet): Promise<unknown> =>
    dataError(() => collect(train, { ...unlike, batch: 2 })).then(({ message, help }) => [
      message,
      help,
    ]);
  const alone = await withThreads(folderOf(root), 0, tell);
  expect(await withThreads(folderOf(root), 2, tell)).toEqual(alone);
  writeFileSync(join(root, "b", "7.jpg"), "no image");
  for (const threads of [0, 2]) {
    const [seen, error] = await withThreads(folderOf(root), threads, async ({ train }) => {
      const order = epochOrder(0, 0, train.size, false);
      let count = 0;
      const failure = await dataError(async () => {
        const all = batches(train, options(train, { order, batch: 2, preprocess: resized }));
        for await (const batch of all) count += batch.labels.length;
      });
      return [count, failure] as const;
    });
    expect(error.message).toContain(`${join(root, "b", "7.jpg")} cannot be decoded`);
    expect(error.help).toContain("replace the file");
    // Class a has four images, and the broken one is the third or fourth of b.
    expect(seen).toBe(6);
  }
});

test("files that come and go meanwhile move no image: threads read what was found", async () => {
  const root = await imageFolder();
  const data = await openDataSet(folderOf(root), { threads: 2, file });
  const alone = await openDataSet(folderOf(root), { threads: 0 });
  writeFileSync(join(root, "a", "0-first.jpg"), "no image");
  const changes = { preprocess: resized, batch: 4 };
  expect(await collect(data.train, changes)).toEqual(await collect(alone.train, changes));
  await data.close();
});

describe("an iteration that ends early", () => {
  test("by leaving it, leaves the threads to the next", async () => {
    await withThreads(shapes(4000), 2, async ({ train }) => {
      const whole = await collect(train, { order: epochOrder(5, 1, 40, true) });
      for (let i = 0; i < 3; i++) {
        for await (const batch of batches(train, options(train))) {
          expect(batch.labels).toHaveLength(8);
          break;
        }
      }
      expect(await collect(train, { order: epochOrder(5, 1, 40, true) })).toEqual(whole);
      expect(started).toHaveLength(2);
    });
  });

  test("by an abort, throws its reason, at once even while a batch is waited for", async () => {
    const reference = { kind: "shapes", options: { size: 256, train: 40_000, validation: 0 } };
    await withThreads(reference, 1, async ({ train }) => {
      const controller = new AbortController();
      const reason = new Error("stopped by the user");
      const changes = { signal: controller.signal, batch: 32, ahead: 20, augment: [] };
      const run = async (): Promise<void> => {
        let taken = 0;
        for await (const _ of batches(train, options(train, changes))) {
          if (++taken === 2) setTimeout(() => controller.abort(reason), 5);
        }
      };
      await expect(run()).rejects.toBe(reason);
    });
  });
});

test("no more is made ahead than asked, and one batch more for each thread", async () => {
  await withThreads(shapes(800), 2, async ({ train }) => {
    let asked = 0;
    const threads = train.threads;
    const counted: Split = {
      ...train,
      threads: {
        maker: (making) => {
          const maker = threads?.maker(making);
          if (maker === undefined) throw new Error("there are no threads");
          return {
            width: maker.width,
            stop: () => maker.stop(),
            outcome: (number, indices) => {
              asked++;
              return maker.outcome(number, indices);
            },
          };
        },
      },
    };
    let taken = 0;
    for await (const _ of batches(counted, options(counted, { ahead: 3 }))) {
      taken++;
      expect(asked).toBeLessThanOrEqual(taken + 3 + 2);
    }
    expect(taken).toBe(100);
  });
});

describe("a thread that dies", () => {
  const die = async (code: string): Promise<readonly [string, string | undefined]> => {
    const dying = join(folder(), "dying.mjs");
    writeFileSync(dying, code);
    return withThreads(
      shapes(80),
      2,
      async ({ train }) => {
        const { message, help } = await dataError(() => collect(train));
        expect((await dataError(() => collect(train))).message).toBe(message);
        return [message, help] as const;
      },
      pathToFileURL(dying),
    );
  };
  const onMake = (what: string): string =>
    `import { parentPort } from "node:worker_threads";
     parentPort.on("message", ({ kind }) => { if (kind === "make") { ${what} } });`;

  test("by an error, by ending, or at its start, is an error and no wait without end", async () => {
    const [thrown, help] = await die(onMake(`throw new TypeError("of all things")`));
    expect(thrown).toBe("a thread that prepares images has died: TypeError: of all things");
    expect(help).toContain("--resume");
    expect((await die(onMake("process.exit(3)")))[0]).toContain("it ended with code 3");
    expect((await die(`throw new Error("no start")`))[0]).toContain("no start");
  });

  test("for want of memory, says so", async () => {
    const eat = `const all = []; for (;;) all.push(new Array(1e6).fill(all.length + 0.5));`;
    const limited = `import { Worker, isMainThread, parentPort } from "node:worker_threads";
      const inner = new Worker(${JSON.stringify(eat)},
        { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
      inner.on("error", (error) => { throw error; });
      parentPort.on("message", () => {});`;
    expect((await die(limited))[0]).toMatch(/memory/);
  });
});

test("a set that is closed has no threads left, and gives no more batches", async () => {
  const data = await openDataSet(shapes(80), { threads: 2, file });
  expect(await collect(data.train)).toHaveLength(10);
  const left = started.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
  await data.close();
  await Promise.all(left);
  expect((await dataError(() => collect(data.train))).message).toContain("closed");
});

test("an epoch of one batch starts no thread; from the sources there is no file to start one from", async () => {
  await withThreads(shapes(8), 2, async ({ train }) => {
    expect(await collect(train)).toHaveLength(1);
    expect(started).toHaveLength(0);
  });
  expect(workerFile()).toBeUndefined();
  expect([1, 2, 3, 4, 8, 64].map(threadCount)).toEqual([0, 1, 2, 3, 7, 8]);
});
