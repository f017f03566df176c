import { execFileSync } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeSafetensors } from "../../../src/train/safetensors.js";
import { configBeside } from "../../../src/train/weights/hub-folder.js";
import { readWeightFile } from "../../../src/train/weights/weight-file.js";
import { temporaryFolder } from "../temporary-folder.js";

/** As timm writes it of resnet50.a1_in1k, what says nothing of images left out. */
const a1 = {
  architecture: "resnet50",
  num_classes: 3,
  pretrained_cfg: {
    input_size: [3, 224, 224],
    test_input_size: [3, 288, 288],
    interpolation: "bicubic",
    crop_pct: 0.95,
    crop_mode: "center",
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    num_classes: 3,
  },
};
const normalize = { kind: "normalize", mean: a1.pretrained_cfg.mean, std: a1.pretrained_cfg.std };
const middle = { kind: "centercrop", height: 224, width: 224 };

async function said(config: unknown): ReturnType<typeof configBeside> {
  const folder = await temporaryFolder();
  const text = typeof config === "string" ? config : JSON.stringify(config);
  await writeFile(join(folder, "config.json"), text);
  return configBeside(join(folder, "model.safetensors"));
}

const changed = (change: object): unknown => ({
  ...a1,
  pretrained_cfg: { ...a1.pretrained_cfg, ...change },
});

test.each([
  ["as it is", {}, [{ kind: "shorter", side: 235, bicubic: true }, middle]],
  ["bilinear", { interpolation: "bilinear" }, [{ kind: "shorter", side: 235 }, middle]],
  ["whole", { crop_pct: 1 }, [{ kind: "shorter", side: 224, bicubic: true }, middle]],
  ["with no share", { crop_pct: null }, [{ kind: "shorter", side: 256, bicubic: true }, middle]],
  [
    "without its aspect",
    { crop_mode: "squash" },
    [{ kind: "resize", height: 235, width: 235, bicubic: true }, middle],
  ],
])("timm's steps, %s, are those of its evaluation", async (_, change, steps) => {
  expect(await said(changed(change))).toEqual({ preprocess: [...steps, normalize] });
});

test.each([
  ["another program's", { model_type: "resnet", hidden_sizes: [64] }],
  ["no JSON", "{ // of mine"],
  ["a list", "[1]"],
  ["one that pads", changed({ crop_mode: "border" })],
  ["one with another filter", changed({ interpolation: "lanczos" })],
  ["one of no size", changed({ input_size: "224" })],
  ["one of a share of nothing", changed({ crop_pct: 0 })],
  ["one without a spread", changed({ std: null })],
  ["one whose side is not one", changed({ input_size: [3, 224, 288] })],
])("a config that is %s says nothing of images", async (_, config) => {
  expect(await said(config)).toEqual({});
});

test("classes are named where there is one name for each", async () => {
  const label_names = ["cat", "dog", "eel"];
  expect((await said({ ...a1, label_names })).classes).toEqual(label_names);
  expect((await said(changed({ label_names }))).classes).toEqual(label_names);
  expect((await said({ ...a1, label_names: ["cat", "dog"] })).classes).toBeUndefined();
  expect((await said({ ...a1, label_names: { cat: 0 } })).classes).toBeUndefined();
});

test("what is no file beside the weights says nothing, and is not waited for", async () => {
  const folder = await temporaryFolder();
  execFileSync("mkfifo", [join(folder, "config.json")]);
  expect(await configBeside(join(folder, "model.safetensors"))).toEqual({});
});

test("a folder is its file of weights, safetensors before the others", async () => {
  const folder = await temporaryFolder();
  const tensors = new Map([["fc.bias", { shape: [1], data: Float32Array.of(3) }]]);
  const weights = join(folder, "model.safetensors");
  await writeFile(weights, Buffer.concat(encodeSafetensors({ metadata: new Map(), tensors })));
  await writeFile(join(folder, "pytorch_model.bin"), "not looked at");
  await writeFile(join(folder, "config.json"), JSON.stringify(a1));
  const file = await readWeightFile(folder);
  expect(file).toMatchObject({ path: weights, preprocessFrom: "config.json beside it" });
  expect(file.preprocess).toHaveLength(3);
  // Of what a file says itself, nothing beside it counts.
  const own = new Map([
    ["mean", "[0.5]"],
    ["std", "[0.5]"],
  ]);
  const other = join(folder, "own.safetensors");
  await writeFile(other, Buffer.concat(encodeSafetensors({ metadata: own, tensors })));
  const { preprocess, preprocessFrom } = await readWeightFile(other);
  expect(preprocess).toEqual([{ kind: "normalize", mean: [0.5], std: [0.5] }]);
  expect(preprocessFrom).toBeUndefined();
  // Alone, weights say nothing.
  const alone = join(await temporaryFolder(), "model.safetensors");
  await copyFile(weights, alone);
  expect((await readWeightFile(alone)).preprocess).toBeUndefined();
});
