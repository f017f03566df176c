import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeCheckpoint } from "../../src/train/checkpoint.js";
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

describe("export to a path that cannot be written", () => {
  test.each([
    ["taken/quick.onnx", "a part of its path is a file"],
    ["folder", "there is a folder of that name"],
    ["pipe", "it is a device or a pipe"],
  ])("%s is said, and stays as it was", async (path, words) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "taken"), "");
    await mkdir(join(cwd, "folder"));
    execFileSync("mkfifo", [join(cwd, "pipe")]);
    const { status, stdout, stderr } = await run(cwd, quick, "--to", "onnx", "-o", path);
    expect(stderr.replace(/\s+/g, " ")).toContain(`cannot write ${path}: ${words}`);
    expect(stdout).toBe("");
    expect(status).toBe(1);
    expect((await readdir(cwd)).sort()).toEqual(["folder", "pipe", "taken"]);
    expect(await readdir(join(cwd, "folder"))).toEqual([]);
  });
});
