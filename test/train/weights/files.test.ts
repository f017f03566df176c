import { execFileSync } from "node:child_process";
import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportWeights, type WeightNames } from "../../../src/api/export-weights.js";
import type { NamedTensor } from "../../../src/engines/engine.js";
import { exportLayersModel } from "../../../src/engines/tfjs/export-model.js";
import type { Graph } from "../../../src/graph/graph.js";
import { writeCheckpoint } from "../../../src/train/checkpoint.js";
import { CheckpointError } from "../../../src/train/errors.js";
import { decodeSafetensors, encodeSafetensors } from "../../../src/train/safetensors.js";
import { matchWeights, type MatchOptions } from "../../../src/train/weights/match.js";
import { readWeightFile } from "../../../src/train/weights/weight-file.js";
import { someWeights } from "../../backends/onnx/inference-run.js";
import { graphOf, graphsOf } from "../../graph/checked.js";
import { smallCheckpoint } from "../small-checkpoint.js";
import { smallGraph } from "../small-network.js";
import { temporaryFolder } from "../temporary-folder.js";

const resnet20 = graphsOf("specs/resnet-cifar10.resnet").get("ResNet20") as Graph;
const weights = someWeights(resnet20);

const projecting = (blocks: number): Graph =>
  graphOf(`
import { CifarResNet } from "specs/resnet-cifar10"
network Net = CifarResNet(${blocks}, option: project)`);

type Tensors = Map<string, NamedTensor>;

/** A file of ResNet-20's weights, after `change` of its tensors. */
async function fileOf(
  names: WeightNames,
  change: (tensors: Tensors) => Tensors = (tensors) => tensors,
): Promise<string> {
  const folder = await temporaryFolder();
  const checkpoint = join(folder, "checkpoint.safetensors");
  const named = [...weights].map(([key, tensor]) => [`weights/${key}`, tensor] as const);
  const state = { step: 7, tensors: new Map(named) };
  await writeCheckpoint(checkpoint, { ...smallCheckpoint(1), graph: resnet20, state });
  const path = join(folder, "weights.safetensors");
  await exportWeights(resnet20, { names, path, checkpoint });
  const { metadata, tensors } = decodeSafetensors(await readFile(path));
  const chunks = encodeSafetensors({ metadata, tensors: change(new Map(tensors)) });
  await writeFile(path, Buffer.concat(chunks));
  return path;
}

const read = async (path: string, graph = resnet20, options: MatchOptions = {}) =>
  matchWeights(graph, await readWeightFile(path), options);

/** A safetensors file of a header, and numbers of eight bytes. */
function fileBytes(header: unknown, numbers: readonly number[]): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return [length, text, new Uint8Array(Float64Array.from(numbers).buffer)];
}

async function refusal(
  path: string,
  graph?: Graph,
  options?: MatchOptions,
): Promise<CheckpointError> {
  try {
    await read(path, graph, options);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const renamed =
  (from: RegExp, to: string) =>
  (tensors: Tensors): Tensors =>
    new Map([...tensors].map(([name, tensor]) => [name.replace(from, to), tensor]));

const changed =
  (name: string, tensor?: NamedTensor) =>
  (tensors: Tensors): Tensors => {
    if (tensor === undefined) tensors.delete(name);
    else tensors.set(name, tensor);
    return tensors;
  };

const zeros = (...shape: number[]): NamedTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
});

describe("weights come back as they were", () => {
  test.each(["graph", "torchvision"] as const)("by the names of %s", async (names) => {
    const matched = await read(await fileOf(names));
    expect(matched.names).toBe(names);
    expect(matched.fresh).toEqual([]);
    expect(new Map(matched.weights)).toEqual(weights);
  });

  test("by the names of published networks for CIFAR, in the order of their channels", async () => {
    const path = await fileOf("cifar");
    const { tensors } = decodeSafetensors(await readFile(path));
    expect(tensors.get("linear.weight")?.shape).toEqual([10, 64]);
    // The 16 channels that layer1 gives stand in the middle of the 32 of layer2, and so its output's do.
    const ours = weights.get("conv3.block1.residual.batchnorm2.gamma")?.data ?? [];
    const theirs = tensors.get("layer2.0.bn2.weight")?.data ?? [];
    expect([...theirs].slice(8, 24)).toEqual([...ours].slice(0, 16));
    expect(new Set(theirs)).toEqual(new Set(ours));
    const matched = await read(path);
    expect(matched.names).toBe("cifar");
    expect(matched.notes.join()).toContain("pad on both sides of the channels there");
    expect(new Map(matched.weights)).toEqual(weights);
  });

  test("with projections, as published networks for CIFAR call them", async () => {
    const graph = projecting(1);
    const path = join(await temporaryFolder(), "weights.safetensors");
    const { notes } = await exportWeights(graph, { names: "cifar", path });
    expect(notes).toEqual([]);
    const { tensors, integers } = decodeSafetensors(await readFile(path));
    expect(integers?.has("layer2.0.shortcut.1.num_batches_tracked")).toBe(true);
    expect([...tensors.keys()]).toEqual(
      expect.arrayContaining(["layer2.0.shortcut.0.weight", "linear.bias"]),
    );
    const matched = await read(path, graph);
    expect(matched.names).toBe("cifar");
    expect(matched.weights.size).toBe(tensors.size);
  });

  test("torchvision's names for shortcuts that pad come with a word on the channels", async () => {
    const path = join(await temporaryFolder(), "weights.safetensors");
    const { notes } = await exportWeights(resnet20, { names: "torchvision", path });
    expect(notes.join()).toContain("pad at the end of the channels");
  });

  test("channels of groups are in no other order", async () => {
    const grouped = graphOf(`
block Basic(width, stride = 1) {
  residual { conv 3x3, width, /stride, groups: 4 -> batchnorm }
  shortcut pad
  relu
}
network Net {
  input 8x8x3
  stem { conv 3x3, 8 -> batchnorm -> relu }
  stage conv2: 1 x Basic(16), /2
  head { globalavgpool -> dense 3 }
}`);
    const path = join(await temporaryFolder(), "weights.safetensors");
    await expect(exportWeights(grouped, { names: "cifar", path })).rejects.toThrow(
      "it has convolutions with groups",
    );
  });

  test.each([
    ["torchvision", "module."],
    ["torchvision", "_orig_mod.module."],
    ["torchvision", "model.backbone."],
    ["torchvision", "network.net.encoder."],
    ["cifar", "model."],
    ["graph", "module."],
  ] as const)("by the names of %s, all of them in %s", async (names, prefix) => {
    const path = await fileOf(names, renamed(/^/, prefix));
    const matched = await read(path);
    expect(matched.names).toBe(names);
    expect(new Map(matched.weights)).toEqual(weights);
  });

  const greyOf = (channels: number): Graph =>
    graphOf(`
import { Basic } from "std/blocks"
network Net {
  input 8x8x${channels}
  stem { conv 3x3, 4 -> batchnorm -> relu }
  stage conv2: 1 x Basic(4)
  head classify { globalavgpool -> dense 3 }
}`);

  test.each(["graph", "torchvision"] as const)(
    "of colours for grey images, by the names of %s, summed over the colours",
    async (names) => {
      const coloured = greyOf(3);
      const path = join(await temporaryFolder(), "weights.safetensors");
      await exportWeights(coloured, { names, path });
      const theirs = (await read(path, coloured)).weights;
      const matched = await read(path, greyOf(1), { greyStem: true });
      const stem = names === "graph" ? "stem.conv.kernel" : "conv1.weight";
      expect(matched.notes).toEqual([
        `${stem} is summed over its 3 input channels, for images of 1`,
      ]);
      const [there, here] = [theirs, matched.weights].map((from) => from.get("stem.conv.kernel"));
      expect([there?.shape, here?.shape]).toEqual([
        [3, 3, 3, 4],
        [3, 3, 1, 4],
      ]);
      const at = (place: number, colour: number, out: number): number =>
        there?.data[(place * 3 + colour) * 4 + out] ?? NaN;
      for (const [index, sum] of (here?.data ?? []).entries()) {
        const [place, out] = [index >> 2, index & 3];
        expect(sum).toBeCloseTo(at(place, 0, out) + at(place, 1, out) + at(place, 2, out), 6);
      }
      for (const [key, tensor] of matched.weights) {
        if (key !== "stem.conv.kernel") expect(tensor).toEqual(theirs.get(key));
      }
      // What is not trained takes no other weights than its own, and no other colours are summed.
      const { help } = await refusal(path, greyOf(1));
      expect(help).toContain("declare an input of 3 channels");
      const { message } = await refusal(path, greyOf(2), { greyStem: true });
      expect(message).toContain("where the network has");
    },
  );

  test("with projections called shortcut", async () => {
    const graph = projecting(1);
    const path = join(await temporaryFolder(), "weights.safetensors");
    await exportWeights(graph, { names: "torchvision", path });
    const { tensors, metadata } = decodeSafetensors(await readFile(path));
    const shortcut = renamed(/downsample/, "shortcut")(new Map(tensors));
    expect([...shortcut.keys()].join()).toContain("shortcut.1.running_mean");
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata, tensors: shortcut })));
    expect((await read(path, graph)).weights.size).toBe(tensors.size);
  });

  test("from a LayersModel, named by its file or its folder", async () => {
    const folder = await temporaryFolder();
    const graph = graphOf(`
network Net {
  input 9x9x4
  stem { conv 3x3, 8, /2, groups: 4, bias: true -> batchnorm -> relu }
  head classify { globalavgpool -> dense 3 }
}`);
    const given = someWeights(graph);
    await exportLayersModel(graph, given, folder);
    for (const path of [folder, join(folder, "model.json")]) {
      const matched = await read(path, graph);
      expect(new Map(matched.weights)).toEqual(given);
    }
  });

  test("from a checkpoint, its averages in their place", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    const checkpoint = smallCheckpoint(1);
    const average = (shape: readonly number[], size: number): NamedTensor => ({
      shape,
      data: new Float32Array(size).fill(2),
    });
    const tensors = new Map([
      ...checkpoint.state.tensors,
      ["average/classify.dense.kernel", average([48, 3], 144)] as const,
      ["average/classify.dense.bias", average([3], 3)] as const,
    ]);
    await writeCheckpoint(path, { ...checkpoint, state: { step: 6, tensors } });
    const file = await readWeightFile(path);
    expect(file).toMatchObject({ form: "checkpoint", classes: ["a", "b", "c"] });
    const matched = matchWeights(smallGraph(4, 3), file);
    expect([...matched.weights.values()].every(({ data }) => data.every((x) => x === 2))).toBe(
      true,
    );
  });
});

describe("a head of another number of classes", () => {
  const hundred = graphOf(`
import { CifarResNet } from "specs/resnet-cifar10"
network Net = CifarResNet(3, classes: 100)`);

  test.each(["graph", "torchvision"] as const)(
    "starts fresh in a new run, by the names of %s",
    async (names) => {
      const matched = await read(await fileOf(names), hundred, { freshHeads: true });
      expect(matched.fresh).toEqual(["classify.dense starts fresh: 10 classes there, 100 here"]);
      expect(matched.weights.size).toBe(weights.size - 2);
      expect([...matched.weights.keys()].some((key) => key.startsWith("classify."))).toBe(false);
    },
  );

  test("is an error otherwise, with the number to give", async () => {
    const { message, help } = await refusal(await fileOf("torchvision"), hundred);
    expect(message).toContain("has 95 of the 97 tensors of Net: ");
    expect(message).toContain("fc.weight is [10, 64] where the network has [100, 64]");
    expect(help).toContain("`--set classes=10`");
  });

  test("that the file has not starts fresh, where it has all of the rest", async () => {
    const backbone = (tensors: Tensors): Tensors =>
      new Map([...tensors].filter(([name]) => !name.startsWith("fc.")));
    const path = await fileOf("torchvision", backbone);
    const matched = await read(path, undefined, { freshHeads: true });
    expect(matched.fresh).toEqual(["classify.dense starts fresh: no such head there, 10 here"]);
    expect(matched.weights.size).toBe(weights.size - 2);
    expect(matched.notes.join()).toContain("does not say on which side of the channels");
    expect((await refusal(path)).message).toContain("fc.weight, fc.bias are missing");
    const less = (tensors: Tensors): Tensors => changed("conv1.weight")(backbone(tensors));
    const partial = await fileOf("torchvision", less);
    const { message } = await refusal(partial, undefined, { freshHeads: true });
    expect(message).toContain("conv1.weight, fc.weight, fc.bias are missing");
  });

  test("is no excuse for another number of inputs", async () => {
    const path = await fileOf("torchvision", changed("fc.weight", zeros(100, 32)));
    const { message } = await refusal(path, undefined, { freshHeads: true });
    expect(message).toContain("fc.weight is [100, 32] where the network has [10, 64]");
  });
});

describe("tensors that do not fit", () => {
  test("are named: missing, unknown, of another shape", async () => {
    const path = await fileOf("graph", (tensors) => {
      for (const part of ["gamma", "beta", "moving_mean", "moving_variance"]) {
        tensors.delete(`conv3.block1.residual.batchnorm.${part}`);
      }
      tensors.set("extra", zeros(1));
      tensors.set("stem.conv.kernel", zeros(5, 5, 3, 16));
      return tensors;
    });
    const { message, help } = await refusal(path, undefined, { freshHeads: true });
    const norm = "conv3.block1.residual.batchnorm";
    expect(message).toBe(
      `${path} has 92 of the 97 tensors of ResNet20: ` +
        `${norm}.gamma, ${norm}.beta, ${norm}.moving_mean and 1 more are missing; ` +
        "extra is not in the network; " +
        "stem.conv.kernel is [5, 5, 3, 16] where the network has [3, 3, 3, 16]",
    );
    expect(help).toContain("only its heads may be missing, or have other numbers of classes");
  });

  test("moving statistics that are missing are an error too", async () => {
    const path = await fileOf("torchvision", changed("layer2.1.bn2.running_var"));
    expect((await refusal(path)).message).toContain("layer2.1.bn2.running_var is missing");
  });

  test("missing and of another shape, by the names that the file has", async () => {
    const path = await fileOf("cifar", changed("linear.bias"));
    expect((await refusal(path)).message).toContain(": linear.bias is missing");
    const wide = await fileOf("cifar", changed("linear.weight", zeros(10, 65)));
    expect((await refusal(wide)).message).toContain("linear.weight is [10, 65] where");
    const module = await fileOf("cifar", renamed(/^/, "module."));
    expect((await read(module)).names).toBe("cifar");
  });

  test("none at all is said with names of both sides", async () => {
    const path = join(await temporaryFolder(), "other.safetensors");
    const tensors = new Map([["embedding", zeros(2)]]);
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata: new Map(), tensors })));
    const { message } = await refusal(path);
    expect(message).toContain("none of the tensors of ResNet20: it has embedding; the network has");
  });

  test("torchvision's names for a network of another form say what has no counterpart", async () => {
    const { message } = await refusal(await fileOf("torchvision"), smallGraph(4, 10));
    expect(message).toContain("Small has not the form that they are for: classify.dense ");
  });
});

describe("files that cannot be read", () => {
  test.each([NaN, Infinity, -Infinity])("one with %d in a tensor", async (value) => {
    const path = await fileOf("torchvision", (tensors) => {
      const bias = { shape: [10], data: new Float32Array(10).fill(value, 9) };
      return new Map(tensors).set("fc.bias", bias);
    });
    expect((await refusal(path)).message).toBe(
      `${path} has numbers that are not finite, in fc.bias`,
    );
    const graph = smallGraph(4, 3);
    const folder = await temporaryFolder();
    const broken = someWeights(graph);
    broken.set("classify.dense.bias", { shape: [3], data: new Float32Array(3).fill(value) });
    await exportLayersModel(graph, broken, folder);
    expect((await refusal(folder)).message).toContain("not finite, in classify.dense.bias");
  });

  test("one with a variance below zero, by any names", async () => {
    for (const [names, name] of [
      ["graph", "stem.batchnorm.moving_variance"],
      ["torchvision", "bn1.running_var"],
    ] as const) {
      const path = await fileOf(names, (tensors) => {
        const { shape, data } = tensors.get(name) as NamedTensor;
        return tensors.set(name, { shape, data: data.with(2, -1) });
      });
      expect((await refusal(path)).message).toBe(`${path} has variances below zero, in ${name}`);
    }
  });

  test("one with a float64 that is beyond float32, and one with counters alone", async () => {
    const path = join(await temporaryFolder(), "w.safetensors");
    const described = { dtype: "F64", shape: [2], data_offsets: [0, 16] };
    await writeFile(path, Buffer.concat(fileBytes({ "fc.bias": described }, [1, 1e300])));
    expect((await refusal(path)).message).toBe(
      `${path}: fc.bias has 1e+300, which is beyond the range of float32`,
    );
    const counter = { ...described, dtype: "I64" };
    await writeFile(path, Buffer.concat(fileBytes({ "fc.bias": counter }, [1, 1])));
    expect((await refusal(path)).message).toBe(
      `${path} has 1 tensor of dtype I64, which only count, and none of F32, F64, F16, BF16`,
    );
  });

  test("one that is not there, and one of another kind", async () => {
    const folder = await temporaryFolder();
    const none = join(folder, "none.safetensors");
    expect((await refusal(none)).message).toBe(`there is no weights file ${none}`);
    await writeFile(none, "PK\x03\x04 a zip of PyTorch");
    expect((await refusal(none)).message).toContain("a ZIP archive ends with its directory");
    await mkdir(join(folder, "empty"));
    expect((await refusal(join(folder, "empty"))).message).toContain("is a folder");
  });

  test("a LayersModel with a shard that is missing, cut short, or not float32", async () => {
    const folder = await temporaryFolder();
    const graph = smallGraph(4, 3);
    await exportLayersModel(graph, someWeights(graph), folder);
    const [shard, json] = ["group1-shard1of1.bin", "model.json"].map((name) => join(folder, name));
    const text = await readFile(json as string, "utf8");
    await writeFile(json as string, text.replace('"float32"},', '"uint8"},'));
    expect((await refusal(folder, graph)).message).toMatch(
      /float32: classify\.dense\/\w+ is uint8/,
    );
    await writeFile(json as string, text.replace(',"dtype":"float32"},', "},"));
    expect((await refusal(folder, graph)).message).toMatch(/is of no dtype$/);
    await writeFile(json as string, text.replace("group1-shard1of1.bin", "pipe"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect((await refusal(folder, graph)).message).toMatch(/a pipe or a device, not a file$/);
    await writeFile(json as string, text);
    await truncate(shard as string, 100);
    expect((await refusal(folder, graph)).message).toContain("cut short: they end within");
    await writeFile(json as string, text.replace("shard1of1", "shard1of2"));
    expect((await refusal(folder, graph)).message).toContain("there is no shard of the model");
    await writeFile(json as string, text.slice(0, 100));
    expect((await refusal(folder, graph)).message).toContain("it is not JSON");
  });
});
