import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { modelMetadata } from "../../src/api/model-metadata.js";
import { engines } from "../../src/engines/registry.js";
import {
  compile,
  DataError,
  exportModel,
  loadNetwork,
  type LoadedNetwork,
  predict,
  train,
  TrainingError,
  UsageError,
} from "../../src/index.js";
import type { Prediction } from "../../src/train/predict.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/train/safetensors.js";
import { normal } from "../reference/array.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const quick = "specs/quickstart.resnet";
const images = Float32Array.from(normal([3, 32, 32, 3], "images").data);

const available: string[] = [];
for (const engine of engines) {
  const { available: there, detail } = await engine.probe();
  if (there) available.push(engine.name);
  else console.warn(`SKIPPED: the engine ${engine.name} is not here: ${detail}`);
}

describe("what a file of weights says beside them", () => {
  const written = async (metadata: Readonly<Record<string, string>>): Promise<string> => {
    const path = join(await temporaryFolder(), "w.safetensors");
    await exportModel(quick, { to: "safetensors", path });
    const { tensors } = decodeSafetensors(await readFile(path));
    const chunks = encodeSafetensors({ metadata: new Map(Object.entries(metadata)), tensors });
    await writeFile(path, Buffer.concat(chunks));
    return path;
  };

  test.each([
    ["nonsense", { mean: "nonsense", std: "[1]" }, "its mean and std"],
    ["a spread of nothing", { mean: "[0.5]", std: "[0,0,0]" }, "its mean and std"],
    ["steps of another kind", { preprocess: '[{"kind":"pad"}]' }, "its preprocess"],
  ])("of images, %s, is passed over and told", async (_, metadata, what) => {
    const network = await loadNetwork(quick, { weights: await written(metadata), engine: "cpu" });
    network.dispose();
    expect(network.weights?.notes).toEqual([
      `the file says of images what cannot be done, and is passed over there: ${what}`,
    ]);
  });

  test.each([
    [["a", "b"], "the file names 2, and the network tells 4 apart"],
    [["a", "a", "b", "c"], "the file names two of them a"],
  ])("of classes, %j, is passed over and told", async (classes, why) => {
    const weights = await written({ classes: JSON.stringify(classes) });
    const network = await loadNetwork(quick, { weights, engine: "cpu" });
    network.dispose();
    expect(network.classes).toBeUndefined();
    expect(network.weights?.notes).toEqual([
      `the classes that the file names are passed over: ${why}`,
    ]);
  });
});

test.each(available)("logits that are not finite are an error on %s", async (engine) => {
  const network = await loadNetwork(quick, { engine: engine as "cpu" });
  try {
    const huge = images.map((value) => (value > 0 ? 3e38 : -3e38));
    const asked = network.logits(huge, [3, 32, 32, 3]);
    await expect(asked).rejects.toThrow(/the head classify gives logits that are not finite/);
  } finally {
    network.dispose();
  }
});

describe("a network with weights", () => {
  test.each(available)("gives the same logits on %s", async (engine) => {
    const weights = join(await temporaryFolder(), "quick.safetensors");
    await exportModel(quick, { to: "safetensors", names: "torchvision", path: weights, seed: 4 });
    const reference = await loadNetwork(quick, { seed: 4, engine: "cpu" });
    const network = await loadNetwork(quick, { weights, engine: engine as "cpu" });
    try {
      expect(network.engine.name).toBe(engine);
      expect(network.weights).toMatchObject({ names: "torchvision", taken: 47, tensors: 47 });
      const { classify: expected } = await reference.logits(images, [3, 32, 32, 3]);
      const { classify } = await network.logits(images, [3, 32, 32, 3]);
      expect(classify?.shape).toEqual([3, 4]);
      classify?.data.forEach((value, i) => {
        expect(value).toBeCloseTo(expected?.data[i] ?? Number.NaN, 3);
      });
    } finally {
      network.dispose();
      reference.dispose();
    }
  });

  test.each(available)(
    "answers many at once on %s, from an array that is used again",
    async (engine) => {
      const network = await loadNetwork(quick, { seed: 4, engine: engine as "cpu" });
      const size = 32 * 32 * 3;
      const one = (index: number): Float32Array =>
        images.subarray(index * size, (index + 1) * size);
      const shape = [1, 32, 32, 3] as const;
      try {
        const reused = new Float32Array(size);
        const together = await Promise.all(
          [0, 1, 2, 1, 0].map((index) => {
            reused.set(one(index));
            return network.logits(reused, shape);
          }),
        );
        for (const [i, index] of [0, 1, 2, 1, 0].entries()) {
          expect(together[i]).toEqual(await network.logits(one(index), shape));
        }
        expect(together[0]).not.toEqual(together[1]);
      } finally {
        network.dispose();
      }
    },
  );

  test.each(available)("answers on %s what was asked before it was disposed of", async (name) => {
    const engine = name as "cpu";
    const network = await loadNetwork(quick, { seed: 4, engine });
    const expected = await network.logits(images, [3, 32, 32, 3]);
    const ask = () => network.logits(images, [3, 32, 32, 3]);
    const [first, second] = [ask(), ask()];
    network.dispose();
    expect((await first)["classify"]?.data).toEqual(expected["classify"]?.data);
    expect((await second)["classify"]?.data).toEqual(expected["classify"]?.data);
    await expect(ask()).rejects.toThrow("was disposed of");
  });

  test("of a symbolic input refuses sizes by name, and says which are near", async () => {
    const spec = join(await temporaryFolder(), "pyramid.resnet");
    await writeFile(
      spec,
      `network Pyramid {
  input [H, W, 3] where H % 8 == 0, W % 8 == 0
  branches sum { { conv 3x3, 3, /8 -> upsample 8 } { relu } }
  head { globalavgpool -> dense 4 }
}
`,
    );
    const network = await loadNetwork(spec, { engine: "cpu" });
    try {
      expect(network.graph.sizes).toMatchObject([
        { symbol: "H", text: "H ≡ 0 (mod 8)", admitted: { from: 8, modulus: 8 } },
        { symbol: "W", text: "W ≡ 0 (mod 8)", admitted: { from: 8, modulus: 8 } },
      ]);
      const { head } = await network.logits(new Float32Array(24 * 16 * 3), [1, 24, 16, 3]);
      expect(head?.shape).toEqual([1, 4]);
      const odd = network.logits(new Float32Array(20 * 16 * 3), [1, 20, 16, 3]);
      await expect(odd).rejects.toMatchObject({
        message: "the images are 20x16x3, and Pyramid takes HxWx3 for H ≡ 0 (mod 8), W ≡ 0 (mod 8)",
        help: expect.stringContaining(
          "H = 20 is refused: the nearest sizes are 16 and 24",
        ) as string,
      });
      const metadata = modelMetadata(network.graph, {});
      expect(metadata.get("sizes")).toBe("H % 8 == 0, W % 8 == 0");
      expect(JSON.parse(metadata.get("admissible_sizes") ?? "")).toMatchObject([
        { symbol: "H", text: "H ≡ 0 (mod 8)", admitted: { from: 8, modulus: 8 } },
        { symbol: "W", text: "W ≡ 0 (mod 8)" },
      ]);
    } finally {
      network.dispose();
    }
  });

  test("says what is wrong with a batch", async () => {
    const network = await loadNetwork(quick, { engine: "cpu" });
    try {
      await expect(network.logits(images, [3, 16, 64, 3])).rejects.toThrow(TrainingError);
      const short = network.logits(images.subarray(1), [3, 32, 32, 3]);
      await expect(short).rejects.toThrow(UsageError);
      await expect(short).rejects.toThrow("[3, 32, 32, 3] has 9216 numbers, not 9215");
      await expect(network.logits(images, [3, 3, 32, 32])).rejects.toMatchObject({
        message: "the images are 3x32x32, and Quick takes 32x32x3",
        help: "give images as (N, H, W, C), the channels last",
      });
    } finally {
      network.dispose();
    }
  });

  test("holds a program without types to them, and to asking before it disposes", async () => {
    const network = await loadNetwork(quick, { engine: "cpu" });
    const untyped = network.logits as (images: unknown, shape?: unknown) => Promise<unknown>;
    try {
      const shapes = [[3, 32, 32], [0, 32, 32, 3], undefined, [3, 32, 32, NaN], "3x32x32x3"];
      for (const shape of shapes) {
        await expect(untyped(images, shape)).rejects.toThrow(/^the shape of a batch is four whole/);
      }
      await expect(untyped([...images], [3, 32, 32, 3])).rejects.toThrow("no Float32Array");
    } finally {
      network.dispose();
      network.dispose();
    }
    await expect(network.logits(images, [3, 32, 32, 3])).rejects.toThrow("was disposed of");
  });
});

describe("a network that is asked for the classes of an image", () => {
  async function trained(): Promise<{ readonly folder: string; readonly checkpoint: string }> {
    const folder = await temporaryFolder();
    const { checkpoint } = await train(quick, {
      data: "shapes(size: 32, classes: 4, train: 64, validation: 16)",
      recipe: {
        epochs: 1,
        batch: 16,
        preprocess: "{ resize 32 -> normalize mean: 0.4, std: 0.3 }",
      },
      folder: join(folder, "run"),
      engine: "wasm",
    });
    const create = { width: 50, height: 40, channels: 3, background: "orange" } as const;
    await sharp({ create }).toFile(join(folder, "orange.png"));
    return { folder, checkpoint };
  }

  test("answers as predict does, by path and by bytes, whatever its weights come from", async () => {
    const { folder, checkpoint } = await trained();
    const path = join(folder, "orange.png");
    const asked = predict([path], { checkpoint, engine: "wasm", top: 2 });
    const { value: known } = (await asked.next()) as { readonly value?: Prediction };
    await asked.return(undefined);
    const weights = join(folder, "quick.safetensors");
    await exportModel(quick, {
      to: "safetensors",
      names: "torchvision",
      checkpoint,
      path: weights,
    });
    for (const from of [{ checkpoint }, { weights: checkpoint }, { weights }]) {
      const network = await loadNetwork(quick, { ...from, engine: "wasm" });
      expect(network.preprocess).toEqual([
        { kind: "resize", height: 32, width: 32 },
        {
          kind: "normalize",
          mean: expect.any(Array) as number[],
          std: expect.any(Array) as number[],
        },
      ]);
      const bytes = await readFile(path);
      const answers = await Promise.all([
        network.classify(path, { top: 2 }),
        network.classify(bytes, { top: 2 }),
        network.classify(new Uint8Array(bytes), { top: 2 }),
      ]);
      for (const answer of answers) {
        answer.forEach((each, rank) => {
          const found = known?.error === undefined ? known?.candidates[rank] : undefined;
          const { class: name, probability } = found ?? {};
          expect(each.class).toBe(name);
          expect(each.probability).toBeCloseTo(probability ?? Number.NaN, 5);
        });
      }
      network.dispose();
      await expect(network.classify(bytes)).rejects.toThrow("was disposed of");
    }
  });

  test("is of one source of weights, by the names that a program gives them", async () => {
    const both = { weights: "a.safetensors", checkpoint: "b.safetensors" };
    await expect(loadNetwork(quick, both)).rejects.toMatchObject({
      name: "UsageError",
      message: "`weights` and `checkpoint` both name weights",
      help: "leave one of them out; `weights` takes a checkpoint too",
    });
    const path = join(await temporaryFolder(), "taken");
    await writeFile(path, "");
    await expect(compile(quick, { folder: join(path, "model") })).rejects.toMatchObject({
      name: "WriteError",
      help: "choose another folder (`-o` of the command)",
    });
  });

  test("is not loaded once its signal is aborted, at whatever point that is", async () => {
    const reason = new Error("no longer");
    const aborted = { engine: "wasm", signal: AbortSignal.abort(reason) } as const;
    await expect(loadNetwork("none.resnet", aborted)).rejects.toBe(reason);
    const whole = performance.now();
    (await loadNetwork(quick, { engine: "wasm" })).dispose();
    const took = performance.now() - whole;
    for (const part of [0, 0.1, 0.5]) {
      const stop = new AbortController();
      const loading = loadNetwork(quick, { engine: "wasm", signal: stop.signal });
      setTimeout(() => stop.abort(reason), took * part);
      const ended = await loading.catch((error: unknown) => error);
      // Another load may be faster than the one before it.
      if (stop.signal.aborted) expect(ended).toBe(reason);
      else (ended as LoadedNetwork).dispose();
    }
    await expect(loadNetwork(quick, { signal: "no" as never })).rejects.toThrow("AbortSignal");
  });

  test("says what is wrong of an image, and how images are to be prepared", async () => {
    const { folder } = await trained();
    const bytes = await readFile(join(folder, "orange.png"));
    const silent = await loadNetwork(quick, { engine: "wasm" });
    await expect(silent.classify(bytes)).rejects.toMatchObject({
      name: "UsageError",
      message: "nothing says how images become what Quick takes",
    });
    silent.dispose();

    const preprocess = "{ resize 32 -> normalize mean: 0.4, std: 0.3 }";
    const network = await loadNetwork(quick, { engine: "wasm", preprocess });
    const all = await network.classify(bytes, { top: 9 });
    expect(all.map((each) => each.class).sort()).toEqual(["0", "1", "2", "3"]);
    const reused = Uint8Array.from(bytes);
    const again = network.classify(reused, { top: 9 });
    reused.fill(0);
    expect(await again).toEqual(all);
    await expect(network.classify(bytes.subarray(0, 60))).rejects.toMatchObject({
      name: "DataError",
      message: expect.stringMatching(/^the image of 60 bytes cannot be decoded/) as string,
    });
    await expect(network.classify(join(folder, "none.png"))).rejects.toThrow(DataError);
    await expect(network.classify(new Float32Array(3) as never)).rejects.toThrow(
      "the image is neither a path nor a Uint8Array of a file's bytes",
    );
    for (const top of [0, -1, 1.5, Number.NaN]) {
      await expect(network.classify(bytes, { top })).rejects.toThrow(
        `\`top\` is a whole number above 0, not ${top}`,
      );
    }
    network.dispose();
    await expect(
      loadNetwork(quick, { preprocess: "{ resize }", engine: "wasm" }),
    ).rejects.toMatchObject({ name: "SpecError" });

    const small = await loadNetwork(quick, { engine: "wasm", preprocess: "{ resize 16 }" });
    await expect(small.classify(bytes)).rejects.toThrow("the image comes to 16x16x3");
    small.dispose();
  });

  test.each(["wasm", "node"].filter((name) => available.includes(name)))(
    "leaves room for everything else between answers: %s",
    async (name) => {
      const network = await loadNetwork(quick, { engine: name as "wasm" });
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      for (let i = 0; i < 20; i++) await network.logits(images, [3, 32, 32, 3]);
      clearInterval(timer);
      network.dispose();
      expect(ticks).toBeGreaterThan(0);
    },
  );
});
