/** Recipes: every setting, every default, what the command line puts in their place, and bad values. */
import { describe, expect, it, test } from "vitest";
import { check, type CheckResult } from "../../src/check/check.js";
import { readOverrides } from "../../src/check/recipe-override.js";
import type { RecipeOverride } from "../../src/check/recipe.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { SourceFile } from "../../src/source/source.js";
import type { Expression } from "../../src/syntax/ast.js";
import { parseValue } from "../../src/syntax/parse.js";
import { checkText, MemoryHost, render } from "./memory-host.js";

const least = `data shapes()
  optimizer sgd(0.1)
  batch 64
  epochs 2`;

function spec(settings: string): string {
  return `network Net {\n  input 32x32x3\n  head { globalavgpool -> dense 4 }\n}\ntrain it for Net {\n  ${settings}\n}\n`;
}

/** Whatever the network says of it. */
function read(settings: string, recipe: readonly RecipeOverride[] = []): CheckResult {
  return checkText(spec(settings), { recipe, fit: false });
}

/** The least that a recipe needs, with a setting in the place of its own of a name. */
function leastWith(setting: string, key = setting.split(" ")[0]): string {
  const rest = least.split("\n").filter((line) => line.trim().split(" ")[0] !== key);
  return [...rest, setting].join("\n");
}

/** Expects one finding, and what it says to do. */
function expectHelp(settings: string, code: string, help: string): void {
  const { diagnostics } = read(settings);
  expect(diagnostics.map((each) => each.code)).toEqual([code]);
  expect(diagnostics[0]?.help?.text).toBe(help);
}

function recipeOf(settings: string, overrides: readonly RecipeOverride[] = []): Recipe {
  const { diagnostics, recipes } = read(settings, overrides);
  expect(render(diagnostics)).toBe("");
  const [recipe] = recipes;
  if (recipe === undefined) throw new Error("no recipe");
  return recipe;
}

/** The least recipe with one setting in place of its own. */
function withSetting(setting: string): Recipe {
  return recipeOf(leastWith(setting));
}

function value(text: string): Expression {
  const { expression } = parseValue(new SourceFile("<command line>", text));
  if (expression === undefined) throw new Error(`${text} is no value`);
  return expression;
}

it("fills in every default", () => {
  expect(recipeOf(least)).toEqual({
    name: "it",
    network: "Net",
    // What the data set is opened with is filled in by whoever opens it.
    data: { kind: "shapes", options: {} },
    preprocess: [],
    augment: [],
    loss: { kind: "crossentropy", smoothing: 0 },
    optimizer: { kind: "sgd", rate: 0.1, momentum: 0, nesterov: false, decay: 0 },
    schedule: { kind: "constant", warmup: 0 },
    batch: 64,
    accumulate: 1,
    clip: 0,
    ema: 0,
    droppath: 0,
    freeze: false,
    sizes: { kind: "fixed" },
    best: { kind: "accuracy" },
    stop: { kind: "never" },
    epochs: 2,
    rates: { kind: "equal" },
    seed: 0,
    shuffle: true,
    precision: "float32",
  });
});

describe("settings", () => {
  it.each<readonly [string, Partial<Recipe>]>([
    ['data cifar10("../bin")', { data: { kind: "cifar10", path: "/bin", options: {} } }],
    ['data cifar100("bin")', { data: { kind: "cifar100", path: "/located/bin", options: {} } }],
    ['data folder("x", validation: 0.25, seed: 7)', { data: { kind: "folder", path: "/located/x", options: { validation: 0.25, seed: 7 } } }],
    ["data shapes", { data: { kind: "shapes", options: {} } }],
    ["preprocess { resize 224 -> resize 32x64 -> normalize mean: 0.5, std: [0.1, 0.2, 0.3] }", { preprocess: [{ kind: "resize", height: 224, width: 224 }, { kind: "resize", height: 32, width: 64 }, { kind: "normalize", mean: [0.5], std: [0.1, 0.2, 0.3] }] }],
    ["preprocess { }", { preprocess: [] }],
    ["augment { flip -> crop 32, pad: 4 }", { augment: [{ kind: "flip" }, { kind: "crop", height: 32, width: 32, padding: 4 }] }],
    ["preprocess { shorter 256 -> centercrop 224 }", { preprocess: [{ kind: "shorter", side: 256 }, { kind: "centercrop", height: 224, width: 224 }] }],
    ["schedule onplateau(5)", { schedule: { kind: "onplateau", warmup: 0, patience: 5, factor: 0.1, least: 0 } }],
    ["schedule onplateau(5, factor: 0.5, least: 0.01, warmup: 2)", { schedule: { kind: "onplateau", warmup: 2, patience: 5, factor: 0.5, least: 0.01 } }],
    ["preprocess { grey -> resize 28 }", { preprocess: [{ kind: "grey" }, { kind: "resize", height: 28, width: 28 }] }],
    ["augment { resizedcrop 224 -> jitter }", { augment: [{ kind: "resizedcrop", height: 224, width: 224, area: 0.08 }, { kind: "jitter", brightness: 0.4, contrast: 0.4, saturation: 0.4 }] }],
    ["augment { resizedcrop 24, bicubic: true }", { augment: [{ kind: "resizedcrop", height: 24, width: 24, area: 0.08, bicubic: true }] }],
    ["augment { scale [30, 50], bicubic: true -> crop 24 }", { augment: [{ kind: "scale", least: 30, most: 50, bicubic: true }, { kind: "crop", height: 24, width: 24, padding: 0 }] }],
    ["preprocess { shorter 72, bicubic: true -> resize 32, bicubic: false }", { preprocess: [{ kind: "shorter", side: 72, bicubic: true }, { kind: "resize", height: 32, width: 32 }] }],
    ["augment { resizedcrop 24x32, area: 1 }", { augment: [{ kind: "resizedcrop", height: 24, width: 32, area: 1 }] }],
    ["augment { scale [256, 480] -> crop 224 }", { augment: [{ kind: "scale", least: 256, most: 480 }, { kind: "crop", height: 224, width: 224, padding: 0 }] }],
    ["augment { jitter contrast: 0, saturation: 1 }", { augment: [{ kind: "jitter", brightness: 0.4, contrast: 0, saturation: 1 }] }],
    ["augment { flip -> scale [30, 50] -> crop 32, pad: 1 }", { augment: [{ kind: "flip" }, { kind: "scale", least: 30, most: 50 }, { kind: "crop", height: 32, width: 32, padding: 1 }] }],
    ["augment { resizedcrop 64 -> crop 32 }", { augment: [{ kind: "resizedcrop", height: 64, width: 64, area: 0.08 }, { kind: "crop", height: 32, width: 32, padding: 0 }] }],
    ["preprocess { shorter 20 -> resize 40 -> centercrop 32 }", { preprocess: [{ kind: "shorter", side: 20 }, { kind: "resize", height: 40, width: 40 }, { kind: "centercrop", height: 32, width: 32 }] }],
    ["augment { crop 24x32 }", { augment: [{ kind: "crop", height: 24, width: 32, padding: 0 }] }],
    ["augment { flip -> mixup }", { augment: [{ kind: "flip" }, { kind: "mixup", alpha: 0.2 }] }],
    ["augment { mixup 1 }", { augment: [{ kind: "mixup", alpha: 1 }] }],
    ["accumulate 4", { accumulate: 4 }],
    ["clip 0.5", { clip: 0.5 }],
    ["ema 0.999", { ema: 0.999 }],
    ["droppath 0.2", { droppath: 0.2 }],
    ["freeze true", { freeze: true }],
    ['freeze ["stem", "conv2"]', { freeze: ["stem", "conv2"] }],
    ['freeze "stem"', { freeze: ["stem"] }],
    ["sizes growing(96, until: 10)", { sizes: { kind: "growing", start: 96, until: 10, by: 32 } }],
    ["sizes fixed", { sizes: { kind: "fixed" } }],
    ["stop plateau(5)", { stop: { kind: "plateau", patience: 5, least: 0 } }],
    ["stop plateau(patience: 5, least: 0.001)", { stop: { kind: "plateau", patience: 5, least: 0.001 } }],
    ["augment { flip vertical: true -> flip }", { augment: [{ kind: "flip", vertical: true }, { kind: "flip" }] }],
    ["augment { randaugment -> erase }", { augment: [{ kind: "randaugment", operations: 2, magnitude: 9 }, { kind: "erase", rate: 0.25, least: 0.02, most: 0.33 }] }],
    ["augment { randaugment 3, magnitude: 5 -> trivialaugment }", { augment: [{ kind: "randaugment", operations: 3, magnitude: 5 }, { kind: "trivialaugment" }] }],
    ["augment { lighting }", { augment: [{ kind: "lighting", deviation: 0.1 }] }],
    ["augment { erase 0.5, area: [0.1, 0.2] }", { augment: [{ kind: "erase", rate: 0.5, least: 0.1, most: 0.2 }] }],
    ["loss crossentropy", { loss: { kind: "crossentropy", smoothing: 0 } }],
    ["loss crossentropy(smoothing: 0.1)", { loss: { kind: "crossentropy", smoothing: 0.1 } }],
    ["loss crossentropy(weights: [1, 5 / 2], balance: 0)", { loss: { kind: "crossentropy", smoothing: 0, weights: [1, 2.5] } }],
    ["loss bce", { loss: { kind: "bce", smoothing: 0 } }],
    ["loss bce(smoothing: 0.1, threshold: 0.2)", { loss: { kind: "bce", smoothing: 0.1, threshold: 0.2 } }],
    ["loss crossentropy(balance: 0.5)", { loss: { kind: "crossentropy", smoothing: 0, balance: 0.5 } }],
    ["optimizer sgd(rate: 1 / 10, momentum: 0.9, nesterov: true, decay: 1e-4)", { optimizer: { kind: "sgd", rate: 0.1, momentum: 0.9, nesterov: true, decay: 1e-4 } }],
    ["optimizer adam(1e-3)", { optimizer: { kind: "adam", rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 } }],
    ["optimizer adam(0.1, beta1: 0, beta2: 0.5, epsilon: 1, decay: 2)", { optimizer: { kind: "adam", rate: 0.1, beta1: 0, beta2: 0.5, epsilon: 1, decay: 2 } }],
    ["schedule polynomial", { schedule: { kind: "polynomial", power: 1, floor: 0, warmup: 0 } }],
    ["schedule polynomial(power: 0.9, warmup: 5)", { schedule: { kind: "polynomial", power: 0.9, floor: 0, warmup: 5 } }],
    ["optimizer lamb(5e-3)", { optimizer: { kind: "lamb", rate: 5e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-6, decay: 0.01 } }],
    ["optimizer adamw(1e-3)", { optimizer: { kind: "adamw", rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01 } }],
    ["schedule constant(warmup: 0.5)", { schedule: { kind: "constant", warmup: 0.5 } }],
    ["schedule step([2, 4])", { schedule: { kind: "step", at: [2, 4], factor: 0.1, warmup: 0 } }],
    ["schedule step([], factor: 0.5, warmup: 1)", { schedule: { kind: "step", at: [], factor: 0.5, warmup: 1 } }],
    ["schedule cosine", { schedule: { kind: "cosine", floor: 0, warmup: 0 } }],
    ["schedule cosine(floor: 0.01, warmup: 5)", { schedule: { kind: "cosine", floor: 0.01, warmup: 5 } }],
    ["batch 2 * 8", { batch: 16 }],
    ["epochs 90", { epochs: 90 }],
    ["seed 4294967295", { seed: 4294967295 }],
    ["shuffle false", { shuffle: false }],
    ["precision float32", { precision: "float32" }],
  ])("%s", (setting, expected) => {
    expect(withSetting(setting)).toMatchObject(expected);
  }); // prettier-ignore
});

describe("bad values", () => {
  it.each([
    ["data", "R0101"],
    ["data 3", "R0503"],
    ['data "cifar"', "R0503"],
    ["data { shapes }", "R0503"],
    ["data shapes(32)", "R0206"],
    ["data cifar10", "R0207"],
    ["data cifar10(3)", "R0503"],
    ["data shapes(classes: 9)", "R0503"],
    ["data shapes(train: 1.5)", "R0503"],
    ['data folder("x", validation: 1)', "R0503"],
    ["preprocess resize(32)", "R0503"],
    ["preprocess { resize }", "R0207"],
    ["preprocess { resize 3x3x3 }", "R0503"],
    ["preprocess { normalize }", "R0207"],
    ["preprocess { normalize mean: [], std: 1 }", "R0503"],
    ["preprocess { normalize mean: 0.5, std: -1 }", "R0503"],
    ["preprocess { flip }", "R0201"],
    ["preprocess { shorter 0 }", "R0503"],
    ["preprocess { shorter 32x32 }", "R0503"],
    ["preprocess { centercrop }", "R0207"],
    ["augment { resizedcrop 32, area: 0 }", "R0503"],
    ["augment { resizedcrop 32, area: 1.5 }", "R0503"],
    ["augment { scale 256 }", "R0503"],
    ["augment { scale [480, 256] }", "R0503"],
    ["augment { scale [256] }", "R0503"],
    ["augment { crop 32 -> scale [40, 50] }", "R0505"],
    ["augment { scale [40, 50] -> resizedcrop 32 }", "R0505"],
    ["augment { resizedcrop 32 -> scale [40, 50] }", "R0505"],
    ["augment { mixup 0.2 -> flip -> mixup 1 }", "R0505"],
    ["augment { cutmix -> mixup -> cutmix }", "R0505"],
    ["preprocess { centercrop 32 -> shorter 40 }", "R0505"],
    ["preprocess { centercrop 32 -> resize 40 }", "R0505"],
    ["preprocess { shorter 31 -> centercrop 32 }", "R0506"],
    ["augment { scale [30, 50] -> flip -> crop 32, pad: 0 }", "R0506"],
    ["augment { scale [29, 50] -> crop 32x40, pad: 1 }", "R0506"],
    ["augment { jitter brightness: 2 }", "R0503"],
    ["preprocess { residual { } shortcut none }", "R0212"],
    ["augment { crop 32, pad: -1 }", "R0503"],
    ["augment { flip 3 }", "R0206"],
    ["augment { flip vertical: 1 }", "R0503"],
    ["augment { randaugment 0 }", "R0503"],
    ["augment { randaugment magnitude: 31 }", "R0503"],
    ["augment { erase 2 }", "R0503"],
    ["augment { erase area: [0.4, 0.3] }", "R0503"],
    ["augment { erase area: [0, 0.3] }", "R0503"],
    ["loss mse", "R0201"],
    ["loss crossentropy(smoothing: 1)", "R0503"],
    ["loss crossentropy(weights: 2)", "R0503"],
    ["loss crossentropy(weights: [1, 0])", "R0503"],
    ["loss crossentropy(weights: [])", "R0503"],
    ["loss crossentropy(weights: [1, 1e308])", "R0503"],
    ["loss crossentropy(balance: 2)", "R0503"],
    ["loss bce(threshold: 1)", "R0503"],
    ["loss bce(balance: 1)", "R0205"],
    ["schedule polynomial(power: 101)", "R0503"],
    ["optimizer sgd", "R0207"],
    ["optimizer sgd(0)", "R0503"],
    ["optimizer sgd(0.1, momentum: 1)", "R0503"],
    ["optimizer sgd(0.1, nesterov: 1)", "R0503"],
    ["optimizer adam(0.1, beta1: 1)", "R0503"],
    ["optimizer adam(0.1, epsilon: 0)", "R0503"],
    ["schedule step", "R0207"],
    ["schedule step([3, 3])", "R0503"],
    ["schedule step([-1])", "R0503"],
    ["schedule step(3)", "R0503"],
    ["schedule cosine(floor: 2)", "R0503"],
    ["schedule cosine(warmup: -1)", "R0503"],
    ["droppath 1", "R0503"],
    ["batch 0", "R0503"],
    ["batch true", "R0503"],
    ["epochs 1e9", "R0503"],
    ["seed 0.5", "R0503"],
    ["shuffle 1", "R0503"],
    ["precision bfloat16", "R0503"],
    ["batch many", "R0503"],
    ["batch 1 / 0", "R0214"],
  ])("%s", (setting, code) => {
    const { diagnostics, recipes } = read(leastWith(setting));
    expect(
      diagnostics.map((each) => each.code),
      render(diagnostics),
    ).toEqual([code]);
    expect(recipes).toEqual([]);
  });

  it.each([
    ["augment { ColorJitter 0.4 }", "here it is `jitter`"],
    ["preprocess { Grayscale }", "here it is `grey`"],
    ["schedule ReduceLROnPlateau(5)", "here it is `onplateau`"],
    ["schedule plateau(5)", "here it is `onplateau`"],
    ["augment { random_resized_crop 224 }", "here it is `resizedcrop`"],
    ["augment { RandomHorizontalFlip }", "here it is `flip`"],
    ["augment { RandomVerticalFlip }", "here it is `flip vertical: true`"],
    ["augment { RandomErasing 0.1 }", "here it is `erase`"],
    ["augment { TrivialAugmentWide }", "here it is `trivialaugment`"],
    ["schedule CosineAnnealingLR", "here it is `cosine`"],
    ["schedule PolynomialLR", "here it is `polynomial`"],
    ["schedule linear", "here it is `polynomial`"],
    [
      "schedule LinearLR",
      "PyTorch's `LinearLR` is a warm-up, `constant(warmup: 5)`; a line down to the end is `polynomial`",
    ],
    [
      "schedule OneCycleLR",
      "a rise and a fall are `cosine(warmup: 5)`, or along lines `polynomial(warmup: 5)`",
    ],
    [
      "schedule ExponentialLR",
      "there is none here; `polynomial(power: 3)` and `cosine` fall in much the same way",
    ],
    ["loss BCEWithLogitsLoss", "here it is `bce`"],
    ["loss binary_crossentropy", "here it is `bce`"],
    ["loss ce", "here it is `crossentropy`"],
    ["optimizer FusedLAMB(0.01)", "here it is `lamb`"],
    ["preprocess { flip }", "`flip` stands in `augment`"],
    ["augment { centercrop 32 }", "`centercrop` stands in `preprocess`"],
    ["augment { resize 32 }", "`resize` stands in `preprocess`"],
    ["augment { flop }", "did you mean `flip`?"],
    [
      "preprocess { Resize 256 }",
      "torchvision's `Resize(256)` is `shorter 256` here; `resize 256` brings both sides to it, as in Keras",
    ],
  ])("%s is told where it is", (setting, help) => {
    expectHelp(leastWith(setting), "R0201", help);
  });

  it.each([
    ["loss bce(target_threshold: 0.2)", "here it is `threshold`"],
    ["loss bce(balance: 1)", "it is an argument of `loss crossentropy`"],
    ["loss bce(weights: [1, 2])", "it is an argument of `loss crossentropy`"],
    ["optimizer lamb(0.01, max_grad_norm: 1)", "it is a setting by itself: `clip 1`"],
    [
      'preprocess { shorter 256, interpolation: "bicubic" }',
      "pixels are interpolated by lines where nothing is said; by cubics with `bicubic: true`",
    ],
    [
      "preprocess { resize 8, antialias: true }",
      "images that shrink are antialiased always: leave it out",
    ],
    [
      "schedule polynomial(end_learning_rate: 0)",
      "here it is `floor`, as a share of the rate: `floor: 0.01`",
    ],
  ])("%s is told what is meant", (setting, help) => {
    expectHelp(leastWith(setting), "R0205", help);
  });

  it.each([
    ["batch_size 32", "batch", "here it is `batch`"],
    ["num_epochs 3", "epochs", "here it is `epochs`"],
    ["label_smoothing 0.1", "", "it is `smoothing` of `loss`: `loss crossentropy(smoothing: 0.1)`"],
    ["bce_loss true", "", "it is a kind of `loss`: `loss bce`"],
    ["threshold 0.2", "", "it is `threshold` of `loss`: `loss bce(threshold: 0.2)`"],
    [
      "class_weight 2",
      "",
      "a weight for every class is `weights` of `loss`, `loss crossentropy(weights: [1, 2.5])`; " +
        "weights by how rare classes are come from `balance`, `loss crossentropy(balance: 1)`",
    ],
    ["lr 0.1", "", "it is `rate` of `optimizer`: `optimizer sgd(0.1, momentum: 0.9)`"],
    ["stochastic_depth 0.2", "", "here it is `droppath`"],
    ["stochastic_depth true", "", "here it is `droppath`"],
    ["amp true", "", "training is in float32 alone"],
    ["early_stopping 5", "", "it is `patience` of `stop`: `stop plateau(5)`"],
    ["jitter 0.4", "", "it is a step of `augment`: `augment { … -> jitter … }`"],
    ["sgd 0.1", "optimizer", "it is a kind of `optimizer`: `optimizer sgd(…)`"],
  ])("%s is told how it is written, and nothing else", (setting, own, help) => {
    expectHelp(leastWith(setting, own), "R0501", help);
  });

  it("of a command line is told of what stands in the file already", () => {
    const written = leastWith("optimizer sgd(0.1, decay: 1e-4)");
    for (const [argument, help] of [
      ["lr", "here it is `rate`"],
      ["weight_decay", "here it is `decay`"],
    ] as const) {
      const given = [{ setting: "optimizer", argument, value: value("0.2") }];
      const { diagnostics } = read(written, given);
      expect(diagnostics.map(({ code }) => code)).toEqual(["R0205"]);
      expect(diagnostics[0]?.help?.text).toBe(help);
    }
  });

  it("is mended where its value is one, and makes no second of a setting that is there", () => {
    const helpOf = (settings: string) => read(settings).diagnostics[0]?.help;
    const edited = helpOf(`${least}\nstochastic_depth 0.2`);
    expect(edited?.edits?.map(({ text }) => text)).toEqual(["droppath"]);
    expect(edited?.applicability).toBe("unsafe");
    expect(helpOf(`${least}\nstochastic_depth 1`)).toEqual({ text: "here it is `droppath`" });
    expect(helpOf(`${least}\nbatch_size 3`)).toEqual({ text: "here it is `batch`" });
  });

  it("names every setting that is missing", () => {
    const { diagnostics } = read("shuffle true");
    expect(diagnostics.map(({ code }) => code)).toEqual(["R0502"]);
    expect(diagnostics[0]?.message).toBe(
      "the recipe has no `data`, no `optimizer`, no `batch`, no `epochs`",
    );
  });

  it("a recipe for a block, for nothing, and for what is in error", () => {
    const recipe = `{\n${least}\n}`;
    const text = `block B(w) { conv 1x1, w }\ntrain a for B ${recipe}\ntrain b for C ${recipe}\n`;
    expect(checkText(text).diagnostics.map(({ code }) => code)).toEqual(["R0215", "R0201"]);
  });
});

describe("overrides", () => {
  it.each<readonly [RecipeOverride, Partial<Recipe>]>([
    [{ setting: "epochs", value: value("7") }, { epochs: 7 }],
    [{ setting: "seed", value: value("3") }, { seed: 3 }],
    [{ setting: "schedule", value: value("cosine(warmup: 2)") }, { schedule: { kind: "cosine", floor: 0, warmup: 2 } }],
    [{ setting: "optimizer", value: value("adam(0.01)") }, { optimizer: { kind: "adam", rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 } }],
    [{ setting: "optimizer", argument: "momentum", value: value("0.9") }, { optimizer: { kind: "sgd", rate: 0.1, momentum: 0.9, nesterov: false, decay: 0 } }],
    [{ setting: "optimizer", argument: "rate", value: value("0.5") }, { optimizer: { kind: "sgd", rate: 0.5, momentum: 0, nesterov: false, decay: 0 } }],
    [{ setting: "loss", argument: "balance", value: value("1") }, { loss: { kind: "crossentropy", smoothing: 0, balance: 1 } }],
    [{ setting: "schedule", argument: "warmup", value: value("2") }, { schedule: { kind: "constant", warmup: 2 } }],
    [{ setting: "data", value: value('folder("here")') }, { data: { kind: "folder", path: "/located/here", options: {} } }],
    [{ setting: "data", argument: "size", value: value("64") }, { data: { kind: "shapes", options: { size: 64 } } }],
  ])("$0.setting $0.argument", (override, expected) => {
    expect(recipeOf(least, [override])).toMatchObject(expected);
  }); // prettier-ignore

  it.each<readonly [RecipeOverride, string]>([
    [{ setting: "epochs", value: value("0") }, "R0503"],
    [{ setting: "optimizer", argument: "rate", value: value("1e400") }, "R0503"],
    [{ setting: "clip", value: value("1e400") }, "R0503"],
    [{ setting: "rate", value: value("0.1") }, "R0501"],
    [{ setting: "optimizer", argument: "momentun", value: value("0.9") }, "R0205"],
    [{ setting: "optimizer", argument: "momentum", value: value("2") }, "R0503"],
    [{ setting: "optimizer", value: value("3") }, "R0503"],
    [{ setting: "stop", argument: "patience", value: value("3") }, "R0102"],
    [{ setting: "batch", argument: "size", value: value("3") }, "R0102"],
    [{ setting: "optimiser", argument: "rate", value: value("3") }, "R0201"],
  ])("$0.setting $0.argument is refused", (override, code) => {
    const { diagnostics } = read(least, [override]);
    expect(
      diagnostics.map((each) => each.code),
      render(diagnostics),
    ).toEqual([code]);
    expect(diagnostics[0]?.span?.file.path).toBe("<command line>");
  });
});

test("a misspelt override is told what was meant, though the recipe has that setting", () => {
  const { diagnostics } = read(least, [{ setting: "batc", value: value("3") }]);
  expect(diagnostics[0]?.help?.text).toContain("did you mean `batch`?");
});

describe("overrides of a recipe that was read before", () => {
  const before = recipeOf(least, []);
  const change = (setting: string, argument: string | undefined, text: string) =>
    readOverrides(
      before,
      [{ setting, ...(argument !== undefined && { argument }), value: value(text) }],
      (path) => path,
    );

  it("change arguments of its kinds", () => {
    expect(change("loss", "smoothing", "0.2").changed.loss).toEqual({
      kind: "crossentropy",
      smoothing: 0.2,
    });
    expect(change("optimizer", "rate", "0.5").changed.optimizer).toEqual({
      ...before.optimizer,
      rate: 0.5,
    });
    expect(change("batch", undefined, "3").changed.batch).toBe(3);
  });

  it.each([
    ["loss", "smoothing", "2", "R0503"],
    ["loss", "alpha", "2", "R0102"],
    ["schedule", "factor", "2", "R0102"],
    ["data", "size", "2", "R0102"],
    ["losses", "smoothing", "0.1", "R0201"],
  ])("are refused where they mean nothing: %s.%s=%s", (setting, argument, text, code) => {
    const { diagnostics } = change(setting, argument, text);
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
  });
});

describe("parameters from the command line", () => {
  const family = `network Family(depth, width = 16) where depth > 0 {
  input 8x8x3
  depth x conv 3x3, width
  head { globalavgpool -> dense 4 }
  expect { params == 1 }
}
network Two = Family(2, width: 8)
`;
  function set(parameters: Readonly<Record<string, string>>, network?: string): CheckResult {
    const values = new Map(Object.entries(parameters).map(([name, text]) => [name, value(text)]));
    const host = new MemoryHost({ "spec.resnet": family });
    return check("spec.resnet", host, { parameters: values, ...(network && { network }) });
  }

  it("leave a network open that lacks some", () => {
    const { open, networks } = checkText(family);
    expect(open).toEqual(new Map([["Family", ["depth"]]]));
    expect(networks.map(({ name }) => name)).toEqual(["Two"]);
  });

  it("build it, without the expectations of other parameters", () => {
    const { diagnostics, networks, open } = set({ depth: "3" }, "Family");
    expect(render(diagnostics)).toBe("");
    expect(open.size).toBe(0);
    expect(networks[0]?.graph?.nodes.filter(({ op }) => op === "conv").length).toBe(3);
  });

  it("stand in place of what an instance says, by name and by position", () => {
    const { diagnostics, networks } = set({ depth: "5", width: "32" }, "Two");
    expect(render(diagnostics)).toBe("");
    const convs = networks[0]?.graph?.nodes.filter(({ op }) => op === "conv") ?? [];
    expect(convs.map(({ type }) => type.channels)).toEqual([32, 32, 32, 32, 32]);
  });

  it.each([
    [{ dept: "3" }, "R0201"],
    [{ depth: "0" }, "R0210"],
    [{ depth: "nothing" }, "R0201"],
    [{ depth: "2", width: "2.5" }, "R0209"],
  ])("%j is refused", (parameters, code) => {
    const { diagnostics } = set(parameters, "Two");
    expect(
      diagnostics.map((each) => each.code),
      render(diagnostics),
    ).toEqual([code]);
  });
});
