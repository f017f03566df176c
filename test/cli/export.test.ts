import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeCheckpoint } from "../../src/train/checkpoint.js";
import { decodeSafetensors } from "../../src/train/safetensors.js";
import { onnxPython, readOfficially } from "../backends/onnx/python.js";
import { runtime } from "../backends/onnx/runtime.js";
import { smallCheckpoint } from "../train/small-checkpoint.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec, start, type Ended } from "./built-command.js";

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");

const run = (cwd: string, ...given: string[]): Promise<Ended> =>
  start(built, ["export", ...given], { cwd, env: { COLUMNS: "80" } }).ended;

/** A folder with a spec, and a checkpoint of it in which every weight is one half. */
async function trained(): Promise<string> {
  const cwd = await temporaryFolder();
  const text = "network Small {\n  input 4x4x3\n  head classify { flatten -> dense 3 }\n}\n";
  await writeFile(join(cwd, "small.resnet"), text);
  const checkpoint = smallCheckpoint(0.5);
  const preprocess = [
    { kind: "resize", height: 4, width: 4 } as const,
    { kind: "normalize", mean: [0.25, 0.5, 0.75], std: [0.5] } as const,
    { kind: "normalize", mean: [0.5], std: [2] } as const,
  ];
  const recipe = { ...checkpoint.recipe, preprocess };
  await writeCheckpoint(join(cwd, "small.safetensors"), { ...checkpoint, recipe });
  return cwd;
}

describe("export", () => {
  test("writes one file, and says what is in it", async () => {
    const cwd = await temporaryFolder();
    const { status, stdout, stderr } = await run(cwd, quick, "--to", "onnx");
    expect(stderr).toBe("");
    expect(stdout).toBe(
      "Quick with fresh weights of seed 0, as ONNX (opset 22):\n" +
        `  ${join("build", "Quick.onnx")}  315 kB, 77,652 parameters\n` +
        "  input   images    [N, 3, 32, 32]\n" +
        "  output  classify  [N, 4]\n",
    );
    expect(status).toBe(0);
    expect(await readdir(join(cwd, "build"))).toEqual(["Quick.onnx"]);
  });

  test("a symbolic network, within 80 columns", async () => {
    const cwd = await temporaryFolder();
    const text = `network Any {
  input [H, W, 3] where H % 32 == 0, W % 32 == 0, H >= 64, W >= 64, H <= 4096, W <= 4096
  stem { conv 7x7, 8, /2 -> maxpool 3x3, /2 -> upsample 3 -> conv 3x3, 4, /2 -> upsample 5 }
  head segmentation { conv 1x1, 2, /4 -> upsample 2 }
}
`;
    await writeFile(join(cwd, "any.resnet"), text);
    const { stdout } = await run(cwd, "any.resnet", "--to", "onnx", "--layout", "nhwc");
    expect(stdout).toMatch(/^ {2}input +images +\[N, H, W, 3\]$/m);
    expect(stdout).toMatch(/^ {2}sizes +H % 32 == 0, /m);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("two runs of one seed are the same bytes, and of another are not", async () => {
    const cwd = await temporaryFolder();
    const file = async (name: string, seed: string): Promise<Buffer> => {
      await run(cwd, quick, "--to", "onnx", "-o", name, "--seed", seed);
      return readFile(join(cwd, name));
    };
    const first = await file("a.onnx", "7");
    expect((await file("b.onnx", "7")).equals(first)).toBe(true);
    expect((await file("c.onnx", "8")).equals(first)).toBe(false);
  });
});

test("weights that no file of the format holds are refused at once", async () => {
  const cwd = await temporaryFolder();
  const text = "network Big {\n  input 64x64x3\n  head classify { flatten -> dense 60000 }\n}\n";
  await writeFile(join(cwd, "big.resnet"), text);
  const { status, stderr } = await run(cwd, "big.resnet", "--to", "onnx");
  expect(stderr).toContain("Big has 2.9 GB of weights, and an ONNX file holds 2.1 GB");
  expect(status).toBe(1);
  expect(await readdir(cwd)).toEqual(["big.resnet"]);
});

describe("export of a checkpoint", () => {
  const given = ["small.resnet", "--to", "onnx", "--checkpoint", "small.safetensors"];
  /** ((x - m) / 0.5 - 0.5) / 2 is x less m + 0.25, over 1. */
  const metadata = {
    network: "Small",
    layout: "nchw",
    classes: '["a","b","c"]',
    mean: "[0.5,0.75,1]",
    std: "[1,1,1]",
    resize: "[4,4]",
    preprocess: '[{"kind":"resize","height":4,"width":4}]',
  };

  test("carries its classes and how to prepare an image", async () => {
    const cwd = await trained();
    const { stdout, status } = await run(cwd, ...given, "-o", "deep/small.onnx", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      network: "Small",
      path: "deep/small.onnx",
      format: "onnx",
      opset: 22,
      parameters: 147,
      inputs: [{ name: "images", dims: ["N", 3, 4, 4] }],
      outputs: [{ name: "classify", dims: ["N", 3] }],
      sizes: [],
      metadata,
    });
    expect(status).toBe(0);
  });

  test("carries what is done to images first", async () => {
    const cwd = await trained();
    const file = join(cwd, "small.safetensors");
    const checkpoint = smallCheckpoint(0.5);
    const preprocess = [
      { kind: "shorter", side: 6 } as const,
      { kind: "centercrop", height: 4, width: 4 } as const,
    ];
    await writeCheckpoint(file, { ...checkpoint, recipe: { ...checkpoint.recipe, preprocess } });
    const { stdout } = await run(cwd, ...given, "--json");
    const { metadata } = JSON.parse(stdout) as { metadata: Record<string, string> };
    expect(JSON.parse(metadata["preprocess"] ?? "")).toEqual(preprocess);
    expect(metadata).toMatchObject({ mean: "[0,0,0]", std: "[1,1,1]" });
    expect(metadata).not.toHaveProperty("resize");
  });

  test.skipIf(onnxPython === undefined)(
    "the official package reads the same (in Python)",
    async () => {
      const cwd = await trained();
      await run(cwd, ...given, "-o", "small.onnx");
      const [reading] = readOfficially([join(cwd, "small.onnx")]);
      expect(reading?.metadata).toMatchObject(metadata);
    },
  );

  test.skipIf(runtime === undefined)("has its weights", async () => {
    const cwd = await trained();
    await run(cwd, ...given, "-o", "small.onnx");
    const { InferenceSession, Tensor } = runtime as NonNullable<typeof runtime>;
    const session = await InferenceSession.create(join(cwd, "small.onnx"));
    const images = new Tensor("float32", new Float32Array(2 * 48).fill(1), [2, 3, 4, 4]);
    const { classify } = await session.run({ images });
    expect([...(classify?.data as Float32Array)]).toEqual(Array.from({ length: 6 }, () => 24.5));
    await session.release();
  });

  test("of another network is refused, and nothing is left behind", async () => {
    const cwd = await trained();
    const before = await readdir(cwd);
    const wrong = [quick, "--to", "onnx", "--checkpoint", "small.safetensors", "-o", "x/y.onnx"];
    const { status, stdout, stderr } = await run(cwd, ...wrong);
    expect(stderr).toContain("another network than");
    expect(stdout).toBe("");
    expect(status).toBe(1);
    expect(await readdir(cwd)).toEqual(before);
  });
});

describe("export of the weights alone", () => {
  const half = (size: number): Float32Array => new Float32Array(size).fill(0.5);

  test("has the names and the layout of the graph, and what a checkpoint knows", async () => {
    const cwd = await trained();
    const given = [
      "--to",
      "safetensors",
      "--checkpoint",
      "small.safetensors",
      "-o",
      "w.safetensors",
    ];
    const { status, stdout, stderr } = await run(cwd, "small.resnet", ...given);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^Small with small\.safetensors, by the names of the graph:\n/);
    expect(stdout).toMatch(/\n {2}w\.safetensors {2}[\d.]+ k?B, 2 tensors, 147 parameters\n$/);
    expect(status).toBe(0);
    const file = decodeSafetensors(await readFile(join(cwd, "w.safetensors")));
    expect(Object.fromEntries(file.metadata)).toMatchObject({
      format: "resnetc-weights",
      network: "Small",
      names: "graph",
      classes: '["a","b","c"]',
      mean: "[0.5,0.75,1]",
    });
    expect(Object.fromEntries(file.tensors)).toEqual({
      "classify.dense.kernel": { shape: [48, 3], data: half(144) },
      "classify.dense.bias": { shape: [3], data: half(3) },
    });
  });

  test("has an average where the checkpoint keeps one", async () => {
    const cwd = await trained();
    const checkpoint = smallCheckpoint(0.5);
    const tensors = new Map(checkpoint.state.tensors);
    for (const [name, { shape, data }] of checkpoint.state.tensors) {
      tensors.set(name.replace("weights/", "average/"), { shape, data: data.map(() => 0.25) });
    }
    const state = { ...checkpoint.state, tensors };
    await writeCheckpoint(join(cwd, "ema.safetensors"), { ...checkpoint, state });
    const given = ["--to", "safetensors", "--checkpoint", "ema.safetensors", "-o", "w.safetensors"];
    await run(cwd, "small.resnet", ...given);
    const file = decodeSafetensors(await readFile(join(cwd, "w.safetensors")));
    expect(file.tensors.get("classify.dense.bias")?.data).toEqual(half(3).map(() => 0.25));
  });

  test("as torchvision has it", async () => {
    const cwd = await temporaryFolder();
    const given = ["--to", "safetensors", "--names", "torchvision", "-o", "quick.safetensors"];
    const { status, stdout } = await run(cwd, quick, ...given, "--seed", "3");
    expect(stdout).toMatch(/^Quick with fresh weights of seed 3, by the names of torchvision:\n/);
    expect(status).toBe(0);
    const file = decodeSafetensors(await readFile(join(cwd, "quick.safetensors")));
    expect(file.metadata.get("format")).toBe("pt");
    expect(file.tensors.get("conv1.weight")?.shape).toEqual([16, 3, 3, 3]);
    expect(file.tensors.get("layer2.0.downsample.0.weight")?.shape).toEqual([32, 16, 1, 1]);
    expect(file.tensors.get("fc.weight")?.shape).toEqual([4, 64]);
    const counter = file.integers?.get("layer3.0.bn2.num_batches_tracked");
    expect(counter).toEqual({ shape: [], data: BigInt64Array.of(0n) });
  });

  test("of a network of another form is refused with what has no counterpart", async () => {
    const cwd = await trained();
    const given = ["--to", "safetensors", "--names", "torchvision"];
    const { status, stderr } = await run(cwd, "small.resnet", ...given);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "Small has not the form of the residual networks of torchvision and timm: classify.dense takes a " +
        "flattened map, and there it takes the mean over the map",
    );
    expect(stderr).toContain("`--names graph`");
    expect(status).toBe(2);
  });

  test.each([
    [["--to", "onnx", "--names", "graph"], "the names of tensors are for `--to safetensors`"],
    [["--to", "safetensors", "--layout", "nhwc"], "the layout of images is for `--to onnx`"],
  ])("an option of the other format is said: %j", async (given, message) => {
    const { status, stderr } = await run(await temporaryFolder(), quick, ...given);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe("export to a path that cannot be written", () => {
  test.each([
    ["taken/quick.onnx", "a part of its path is a file"],
    ["folder", "there is a folder of that name"],
    ["folder/", "there is a folder of that name"],
    [".", "there is a folder of that name"],
    ["pipe", "it is a device or a pipe"],
  ])("%s is said, and stays as it was", async (path, words) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "taken"), "");
    await mkdir(join(cwd, "folder"));
    execFileSync("mkfifo", [join(cwd, "pipe")]);
    const { status, stdout, stderr } = await run(cwd, quick, "--to", "onnx", "-o", path);
    expect(stderr.replace(/\s+/g, " ")).toContain(`cannot write ${path}: ${words}`);
    expect(stdout).toBe("");
    expect(status).toBe(2);
    expect((await readdir(cwd)).sort()).toEqual(["folder", "pipe", "taken"]);
    expect(await readdir(join(cwd, "folder"))).toEqual([]);
  });
});
