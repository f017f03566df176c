import { spawnSync } from "node:child_process";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openWeights } from "../../../../src/api/given-weights.js";
import { openNetworkSession } from "../../../../src/api/trained.js";
import { readCheckpoint } from "../../../../src/train/checkpoint.js";
import { CheckpointError } from "../../../../src/train/errors.js";
import { matchWeights } from "../../../../src/train/weights/match.js";
import { readWeightFile } from "../../../../src/train/weights/weight-file.js";
import { pythonWith } from "../../../python.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { fixture, images, logits, network, tensors } from "./fixtures.js";

async function refusal(path: string): Promise<CheckpointError> {
  try {
    await readWeightFile(path);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("files of PyTorch", () => {
  test.each([
    ["archive.pth", "the format since 1.6"],
    ["legacy.pth", "the one before"],
    ["legacy-4.pth", "the one before, by a newer protocol"],
    ["half.pth", "float16"],
    ["bfloat16.pt", "bfloat16"],
    ["double.bin", "float64"],
    ["strided.pth", "another order of memory, and parts of larger tensors"],
    ["strided-legacy.pth", "the same in the older format"],
    ["parameters.pth", "parameters in place of tensors"],
  ])("%s: %s", async (name) => {
    const file = await readWeightFile(fixture(name));
    expect(file.form).toBe("torch");
    expect(file.notes).toEqual([]);
    for (const [key, tensor] of tensors) expect(file.tensors.get(key)).toEqual(tensor);
    expect(file.tensors.size).toBe(tensors.size);
  });

  test.each([
    ["checkpoint.pth.tar", ["taken from `state_dict`"]],
    [
      "averages.pth",
      ["taken from `state_dict`, and not from the moving average, `state_dict_ema`"],
    ],
    ["only-average.pth", ["taken from `model_ema`, a moving average: it has no others"]],
    ["compiled.pth", ["taken from `model`"]],
    ["nested.pth", ["taken from `model.state_dict`"]],
  ])("%s has its weights within, and says where", async (name, notes) => {
    const given = await openWeights(fixture(name), network);
    expect(given.report).toMatchObject({ form: "torch", names: "torchvision", notes, fresh: [] });
    expect(given.report.taken).toBe(given.report.tensors);
    const { weights } = await openWeights(fixture("archive.pth"), network);
    expect(new Map(given.weights)).toEqual(weights);
  });

  test("give the logits that PyTorch gives", async () => {
    const { weights } = await openWeights(fixture("archive.pth"), network);
    const { session } = await openNetworkSession(network, weights, { engine: "cpu" });
    const heads = await session.predict(images.data, [2, 8, 8, 3]);
    session.dispose();
    const found = heads.get("classify")?.data ?? [];
    logits.data.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });

  test("are known by what is in them, whatever their name", async () => {
    const folder = await temporaryFolder();
    for (const name of ["archive.pth", "legacy.pth"]) {
      const path = join(folder, `${name}.safetensors`);
      await copyFile(fixture(name), path);
      expect((await readWeightFile(path)).tensors.size).toBe(tensors.size);
    }
  });

  test("are weights, and no checkpoints", async () => {
    const path = fixture("legacy.pth");
    await expect(readCheckpoint(path)).rejects.toMatchObject({
      message: `${path} is a file of PyTorch, not a checkpoint`,
      help: `give it as weights: \`--weights ${path}\``,
    });
  });
});

const torch = pythonWith("PyTorch", "torch");

describe("files of PyTorch that are not read", () => {
  test.each([
    ["module.pth", "is a whole object of the class __main__.Net", ".state_dict()"],
    ["model-within.pth", "has, as its `model`, a whole object of the class torch", '["model"].sta'],
    ["program.pt", "is a program of TorchScript", "torch.jit.load("],
    ["int8.pth", "has fc.weight in the format torch.int8, not one of torch.float32", "dequantize"],
    ["float8.pth", "has fc.weight in the format torch.float8_e4m3fn", "dequantize"],
    ["sparse.pth", "has fc.weight as an object of torch._utils._rebuild_sparse", "to_dense()"],
    [
      "big-endian.pth",
      "has numbers whose bytes are in the order big, not little",
      'map_location="cpu", weights_only=True)',
    ],
    ["two.pth", "has several dictionaries of tensors: student, teacher", '["student"]'],
    ["no-pickle.zip", "is a ZIP archive without a data.pkl", "unpack it"],
    ["compressed.pth", "is not a whole weights file: its small/byteorder is compr", "use anot"],
  ])("%s %s", async (name, message, help) => {
    const error = await refusal(fixture(name));
    expect(error.message).toContain(`${fixture(name)} ${message}`);
    expect(error.help).toContain(help);
  });

  test.skipIf(torch === undefined).each([
    ["model-within.pth", 2],
    ["program.pt", 2],
    ["int8.pth", 2],
    ["float8.pth", 2],
    ["sparse.pth", 2],
    ["big-endian.pth", 1],
    // With four counters, as numbers of which nothing is made.
    ["two.pth", tensors.size + 4],
  ])("the Python that is advised makes one of %s that is read", async (name, count) => {
    const path = join(await temporaryFolder(), name);
    await copyFile(fixture(name), path);
    const { help } = await refusal(path);
    const [, code = ""] = help.split("\n");
    const { stderr, status } = spawnSync(torch ?? "", ["-c", code], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const file = await readWeightFile(path.replace(/\.pt(h)?$/, "-weights.pth"));
    expect(file.tensors.size).toBe(count);
  });
});

describe("what is wrong with bytes", () => {
  test("checksums are held to, where PyTorch wrote them", async () => {
    const small = await readWeightFile(fixture("small.pth"));
    expect((await readWeightFile(fixture("no-checksums.pth"))).tensors).toEqual(small.tensors);
    const path = join(await temporaryFolder(), "changed.pth");
    const bytes = await readFile(fixture("small.pth"));
    const numbers = small.tensors.get("fc.bias")?.data ?? new Float32Array();
    const at = bytes.indexOf(Buffer.from(numbers.buffer, numbers.byteOffset, 12));
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(path, bytes);
    expect((await refusal(path)).message).toContain(
      `${path} is not a whole weights file: its small/data/0 is not as it was written`,
    );
  });

  test("numbers that are not finite are named", async () => {
    const path = join(await temporaryFolder(), "changed.pth");
    const bytes = await readFile(fixture("legacy.pth"));
    bytes.writeFloatLE(NaN, bytes.length - 4);
    await writeFile(path, bytes);
    expect((await refusal(path)).message).toContain("has numbers that are not finite, in fc.bias");
  });
});

test("weights in a wrapper match by their names, and what stands beside them does not", async () => {
  const file = await readWeightFile(fixture("nested.pth"));
  const beside = new Map([
    ...file.tensors,
    ["criterion.weight", { shape: [1], data: new Float32Array(1) }],
  ]);
  expect(() => matchWeights(network, { ...file, tensors: beside })).toThrow(
    "has 22 of the 22 tensors of Net: criterion.weight is not in the network",
  );
});
