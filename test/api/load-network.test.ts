import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { modelMetadata } from "../../src/api/model-metadata.js";
import { engines } from "../../src/engines/registry.js";
import { exportModel, loadNetwork, TrainingError, UsageError } from "../../src/index.js";
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
