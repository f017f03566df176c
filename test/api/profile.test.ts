/** Profiles of real steps, on every engine that is here and small enough for it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkReport as check } from "../../src/api/check.js";
import { SpecError } from "../../src/api/errors.js";
import { profileSpec, type ProfileReport } from "../../src/api/profile.js";
import type { Session } from "../../src/engines/engine.js";
import { engines } from "../../src/engines/registry.js";
import { wasm } from "../../src/engines/wasm.js";
import { recipe, smallResNet } from "../engines/networks.js";
import { testDevice } from "../engines/webgpu/device.js";
import { randomBatch } from "../passes/training-step/run-step.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const text = `
import { Basic } from "std/blocks"

network Tiny(size = 16) {
  input SIZE
  stem { conv 3x3, 16 -> batchnorm -> relu -> maxpool 3x3, /2 }
  stage conv2: 1 x Basic(16)
  stage conv3: 1 x Basic(32), /2
  head classify { globalavgpool -> dropout 0.1 -> dense 4 }
}

train tiny for Tiny {
  data shapes(size: 16)
  optimizer adam(0.001)
  batch 6
  epochs 1
}
`;

async function specOf(size: string, body = text): Promise<string> {
  const path = join(await temporaryFolder(), "tiny.resnet");
  await writeFile(path, body.replace("SIZE", size).replace("(size = 16)", ""));
  return path;
}

function sum(rows: readonly { readonly milliseconds: number }[]): number {
  return rows.reduce((total, { milliseconds }) => total + milliseconds, 0);
}

/**
 * What kernels take is most of a step and no more than it; a profiler's own clock may run a little beside
 * the step's. Steps this small have their share of what is no kernel. On a device, kernels are timed in other
 * steps, which other work on the machine may slow down.
 */
function isWhole(
  { kinds, unattributed, stepMilliseconds, stages }: ProfileReport,
  most = 1.05,
): void {
  expect(sum(kinds) + unattributed).toBeCloseTo(Math.max(stepMilliseconds, sum(kinds)), 6);
  expect(unattributed).toBeGreaterThanOrEqual(0);
  expect(kinds.reduce((total, { share }) => total + share, 0)).toBeLessThan(1 + 1e-9);
  expect(sum(kinds)).toBeGreaterThan(0.1 * stepMilliseconds);
  expect(sum(kinds)).toBeLessThan(most * stepMilliseconds);
  const byStage = stages.reduce((total, { forward, backward }) => total + forward + backward, 0);
  expect(byStage).toBeCloseTo(sum(kinds), 6);
}

describe("a training step's profile", () => {
  for (const { name, probe } of engines) {
    if (name === "node-gpu") continue;
    const device = name === "webgpu" && testDevice !== undefined ? { device: testDevice } : {};
    test(`names all work, on ${name}`, async () => {
      const { available, detail } = await probe(device.device);
      if (!available) {
        console.warn(`SKIPPED: the engine ${name} is not profiled: ${detail}`);
        return;
      }
      const spec = await specOf("16x16x3");
      const report = await profileSpec(spec, { engine: name, steps: 3, ...device });
      expect(report).toMatchObject({ network: "Tiny", recipe: "tiny", shape: [6, 16, 16, 3] });
      isWhole(report, name === "webgpu" ? 3 : undefined);
      expect(report.stages.map((stage) => stage.name)).toEqual(
        expect.arrayContaining(["stem", "conv2", "conv3", "classify", "update"]),
      );
      const named = new Set(report.nodes.map((node) => node.name));
      const { graph } = check(spec).networks[0] ?? {};
      const working = graph?.nodes.filter(({ op }) => ["conv", "batchnorm", "dense"].includes(op));
      expect(working).toHaveLength(13);
      for (const node of working ?? []) expect(named).toContain(node.name);
      const kinds = new Map(report.kinds.map((each) => [each.kind, each]));
      const passes = ["convolution", "convolution, input gradient", "convolution, kernel gradient"];
      for (const kind of passes) {
        expect(kinds.get(kind as "convolution")?.gigaflops, kind).toBeGreaterThan(0);
        expect(kinds.get(kind as "convolution")?.roofline, kind).toBeGreaterThan(0);
      }
      // 16x16 images, of which the stem's convolution makes 16 channels: 9 x 3 weights for each.
      expect(report.nodes.find((node) => node.name === "stem.conv")).toMatchObject({
        activationBytes: 4 * 6 * 16 * 16 * 16,
        weightBytes: 4 * 9 * 3 * 16,
      });
      const weights = report.stages.reduce((total, { weightBytes }) => total + weightBytes, 0);
      expect(weights).toBe(report.weightBytes);
      expect(report.peaks?.gigaflops).toBeGreaterThan(0);
      expect(report.activationBytes).toBeGreaterThan(6 * 4 * 16 * 16 * 16);
      expect(report.nodes).toEqual(
        report.nodes.toSorted((a, b) => b.milliseconds - a.milliseconds),
      );
    });
  }

  test("names the work of all parts of a batch, on onnx", async () => {
    const onnx = engines.find(({ name }) => name === "onnx");
    const { available, detail } = (await onnx?.probe()) ?? { available: false, detail: "" };
    if (!available) {
      console.warn(`SKIPPED: a batch in parts is not profiled: ${detail}`);
      return;
    }
    const profiled = async (parts: number) => {
      const body = text.replace("batch 6", `batch 6\n  accumulate ${parts}`);
      return profileSpec(await specOf("16x16x3", body), { engine: "onnx", steps: 3 });
    };
    const [whole, inParts] = [await profiled(1), await profiled(4)];
    isWhole(inParts);
    const namesOf = ({ nodes }: ProfileReport) => nodes.map(({ name }) => name).toSorted();
    expect(namesOf(inParts)).toEqual(namesOf(whole));
    expect(inParts.stages.map(({ name }) => name)).toContain("update");
    expect([whole.parts, inParts.parts]).toEqual([1, 4]);
    // Parts of one and of two images.
    expect(inParts.activationBytes).toBe(whole.activationBytes / 3);
    const gigaflops = ({ kinds }: ProfileReport) =>
      kinds.flatMap((each) => (each.gigaflops === undefined ? [] : [each.kind])).toSorted();
    expect(gigaflops(inParts)).toEqual(gigaflops(whole));
  });

  test("leaves the engine as it was", async () => {
    const losses = async (session: Session): Promise<number[]> => {
      await session.initialise(3);
      const found: number[] = [];
      for (let i = 0; i < 3; i++) {
        found.push((await session.step(randomBatch(i, [4, 12, 12, 3]))).loss);
      }
      session.dispose();
      return found;
    };
    const opened = () => wasm.open(smallResNet(), { recipe: recipe(), stepsPerEpoch: 4 });
    const before = await losses(await opened());
    await profileSpec(await specOf("16x16x3"), { engine: "wasm", steps: 1 });
    expect(await losses(await opened())).toEqual(before);
  });

  test("is refused for what cannot be profiled", async () => {
    const wrong = await specOf("16x16x3", text.replace("conv 3x3, 16", "conv 3x3"));
    await expect(profileSpec(wrong, { engine: "wasm" })).rejects.toThrow(SpecError);
    await expect(profileSpec(await specOf("16x16x3"), { recipeName: "big" })).rejects.toThrow(
      "there is no recipe big",
    );
  });

  test("takes a size where the input has none, and a recipe where the spec has none", async () => {
    const open = await specOf("[H, W, 3]", text.slice(0, text.indexOf("train tiny")));
    await expect(profileSpec(open, { engine: "wasm" })).rejects.toMatchObject({
      message: "the input of Tiny has no one size",
      help: "give it one, such as `--at 224x224`",
    });
    const report = await profileSpec(open, { engine: "wasm", steps: 1, at: [24, 16], batch: 2 });
    expect(report.shape).toEqual([2, 24, 16, 3]);
    expect(report).not.toHaveProperty("recipe");
    expect(report).not.toHaveProperty("sizeFrom");
  });

  test("takes the size of the recipe's images where the input has none", async () => {
    const settings = "preprocess { resize 24x16 }\n  optimizer";
    const resized = text.replace("data shapes(size: 16)", 'data folder("nowhere")');
    const open = await specOf("[H, W, 3]", resized.replace("optimizer", settings));
    const profiled = { engine: "wasm", steps: 1, batch: 2 } as const;
    const report = await profileSpec(open, profiled);
    expect(report).toMatchObject({ shape: [2, 24, 16, 3], sizeFrom: "resize 24x16" });
    const at = await profileSpec(open, { ...profiled, at: [16, 16] });
    expect(at.shape).toEqual([2, 16, 16, 3]);
    expect(at).not.toHaveProperty("sizeFrom");
    await expect(profileSpec(await specOf("[H, W, 3]", resized))).rejects.toThrow(
      "the input of Tiny has no one size",
    );
  });

  test("says whose size it is that the network does not take", async () => {
    const square = await specOf(
      "[S, S, 3]",
      text.replace("data", "preprocess { resize 24x16 }\n  data"),
    );
    await expect(profileSpec(square)).rejects.toMatchObject({
      message: "by `resize 24x16` of tiny the images are 24x16, and Tiny takes SxSx3",
      help: "S cannot be both 24 and 16; change the recipe, or give a size, such as `--at 224x224`",
    });
  });
});
