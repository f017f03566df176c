import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readCheckpoint, writeCheckpoint } from "../../src/train/checkpoint.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec, start, type Ended } from "./built-command.js";

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");
const shapes = (classes: number): string =>
  `shapes(size: 32, classes: ${classes}, train: 48, validation: 24)`;
const small = ["--data", shapes(4), "--batch", "16", "--epochs", "1"];

const run = (cwd: string, ...given: string[]): Promise<Ended> =>
  start(built, given, { cwd, env: { COLUMNS: "80" } }).ended;

/** The text as one line, however it was wrapped. */
const flat = (text: string): string => text.replace(/\s+/g, " ");

/** A folder with a run of one epoch in `runs/quickstart`. */
async function trained(...more: string[]): Promise<string> {
  const cwd = await temporaryFolder();
  const { status, stderr } = await run(cwd, "train", quick, ...small, ...more);
  expect(stderr).not.toContain("error");
  expect(status).toBe(0);
  return cwd;
}

interface Report {
  readonly loss: number;
  readonly weights?: { readonly names: string; readonly form: string; readonly taken: number };
}

const evaluated = async (cwd: string, ...given: string[]): Promise<Report> => {
  const { stdout } = await run(cwd, "eval", "--json", ...given);
  return JSON.parse(stdout) as Report;
};

const last = join("runs", "quickstart", "last.safetensors");

describe("weights of a run, by every road", () => {
  test("come to the same loss, and their classes to the same names", async () => {
    const cwd = await trained();
    const { loss } = await evaluated(cwd, "--checkpoint", last);
    const checkpoint = ["--checkpoint", last];
    const toFile = ["export", quick, "--to", "safetensors", ...checkpoint, "-o"];
    await run(cwd, ...toFile, "graph.safetensors");
    await run(cwd, ...toFile, "torch.safetensors", "--names", "torchvision");
    await run(cwd, ...toFile, "cifar.safetensors", "--names", "cifar");
    await run(cwd, "compile", quick, ...checkpoint, "-o", "model");
    for (const [weights, names, form] of [
      ["graph.safetensors", "graph", "safetensors"],
      ["torch.safetensors", "torchvision", "safetensors"],
      ["cifar.safetensors", "cifar", "safetensors"],
      [join("model", "model.json"), "graph", "LayersModel"],
      [last, "graph", "checkpoint"],
    ] as const) {
      const given = ["--weights", weights, "--data", shapes(4)];
      const report = await evaluated(cwd, quick, ...given);
      expect(report.loss).toBe(loss);
      expect(report.weights).toMatchObject({ names, form, taken: 47, tensors: 47, fresh: [] });
    }
    // Through a model and back, the bytes are those that were exported.
    const again = ["export", quick, "--to", "safetensors", "--weights", "model", "-o"];
    await run(cwd, ...again, "again.safetensors");
    const bytes = async (name: string): Promise<Buffer> => readFile(join(cwd, name));
    const tensors = 77_652 * 4;
    expect((await bytes("again.safetensors")).subarray(-tensors)).toEqual(
      (await bytes("graph.safetensors")).subarray(-tensors),
    );

    const create = { width: 32, height: 32, channels: 3, background: "red" } as const;
    await sharp({ create }).toFile(join(cwd, "red.png"));
    const ask = async (...given: string[]): Promise<Ended> =>
      run(cwd, "predict", ...given, "red.png");
    const known = await ask("--checkpoint", last);
    const same = await ask(quick, "--weights", "torch.safetensors");
    expect(same.stdout).toBe(known.stdout);
    expect(same.stderr).toBe(
      "weights of torch.safetensors, by the names of torchvision: all 47 tensors\n",
    );
    const published = await ask(quick, "--weights", "cifar.safetensors");
    expect(published.stdout).toBe(known.stdout);
    expect(flat(published.stderr)).toContain(
      "weights of cifar.safetensors, by the names of published networks for CIFAR: all 47 tensors",
    );
  });

  test("have numbers for classes where nothing has names for them", async () => {
    const cwd = await temporaryFolder();
    await writeFile(
      join(cwd, "net.resnet"),
      `${await readFile(quick, "utf8")}`
        .replace(/import .*/, `import { Basic } from "std/blocks"`)
        .replace("classes: 4, train: 2560", "classes: 5, train: 2560"),
    );
    await run(cwd, "export", "net.resnet", "--to", "safetensors", "-o", "w.safetensors");
    const create = { width: 32, height: 32, channels: 3, background: "red" } as const;
    await sharp({ create }).toFile(join(cwd, "red.png"));
    const given = ["predict", "net.resnet", "--weights", "w.safetensors", "red.png"];
    const { stdout, stderr } = await run(cwd, ...given);
    expect(flat(stderr)).toContain(
      "the classes are numbers from 0: shapes has 5, and the network 4",
    );
    expect(stdout).toMatch(/^red\.png: [0-3] \d+\.\d%, [0-3] /);
  });
});

test("a folder of timm's says how images are prepared, and what the classes are", async () => {
  const cwd = await temporaryFolder();
  const folder = join(cwd, "fetched");
  await mkdir(folder);
  const weights = join(folder, "model.safetensors");
  await run(cwd, "export", quick, "--to", "safetensors", "--names", "torchvision", "-o", weights);
  const label_names = ["ant", "bee", "cow", "doe"];
  const means = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.2, 0.2] };
  const pretrained_cfg = { input_size: [3, 32, 32], interpolation: "bicubic", ...means };
  const config = { architecture: "resnet8", num_classes: 4, label_names, pretrained_cfg };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const create = { width: 40, height: 50, channels: 3, background: "red" } as const;
  await sharp({ create }).toFile(join(cwd, "red.png"));

  const asked = await run(cwd, "predict", quick, "--weights", "fetched", "red.png");
  expect(asked.stdout).toMatch(/^red\.png: (ant|bee|cow|doe) \d/);
  expect(flat(asked.stderr)).toContain(
    "images are prepared as config.json beside it says, not as quickstart does",
  );
  // A recipe's images are its own affair, but what the weights were trained on is told.
  const trained = await run(cwd, "train", quick, ...small, "--weights", "fetched");
  expect(flat(trained.stderr + trained.stdout)).toContain(
    "images are normalised as quickstart says, and not as those that the weights were trained on: " +
      "`normalize mean: [0.4, 0.5, 0.6], std: [0.2, 0.2, 0.2]`",
  );
  // An export says it on.
  await run(
    cwd,
    "export",
    quick,
    "--to",
    "safetensors",
    "--weights",
    "fetched",
    "-o",
    "on.safetensors",
  );
  await writeFile(join(folder, "config.json"), "{}");
  const on = await run(cwd, "predict", quick, "--weights", "on.safetensors", "red.png");
  expect(on.stdout).toBe(asked.stdout);
});

test("weights that PyTorch saved are taken, and where they are not it is said what to run", async () => {
  const cwd = await temporaryFolder();
  const source = `import { Basic } from "std/blocks"
network Net {
  input 8x8x3
  stem { conv 3x3, 2 -> batchnorm -> relu }
  stage conv2: 1 x Basic(4), /2
  head classify { globalavgpool -> dense 3 }
}
`;
  await writeFile(join(cwd, "net.resnet"), source);
  const fixtures = new URL("../train/weights/torch/fixtures/", import.meta.url);
  for (const name of ["checkpoint.pth.tar", "module.pth"]) {
    await copyFile(new URL(name, fixtures), join(cwd, name));
  }
  const create = { width: 8, height: 8, channels: 3, background: "red" } as const;
  await sharp({ create }).toFile(join(cwd, "red.png"));
  const steps = ["--with", "preprocess={ resize 8 -> normalize mean: 0.5, std: 0.2 }"];
  const predicted = (weights: string): Promise<Ended> =>
    run(cwd, "predict", "net.resnet", "--weights", weights, ...steps, "red.png");
  const { stdout, stderr } = await predicted("checkpoint.pth.tar");
  expect(stdout).toMatch(/^red\.png: /);
  expect(flat(stderr)).toContain(
    "weights of checkpoint.pth.tar, by the names of torchvision: all 22 tensors; taken from `state_dict`",
  );
  const refused = await predicted("module.pth");
  expect(flat(refused.stderr)).toContain("module.pth is a whole object of the class __main__.Net");
  expect(refused.stderr.split("\n")).toContain(
    'import torch; torch.save(torch.load("module.pth", map_location="cpu", weights_only=False).state_dict(), ' +
      '"module-weights.pth")',
  );
  expect(refused.status).toBe(1);
});

describe("weights for a spec without a recipe", () => {
  /** The quickstart's network without its recipe, and a red picture, beside a run of the whole spec. */
  async function withoutRecipe(): Promise<string> {
    const cwd = await trained(
      "--with",
      "preprocess={ resize 32 -> normalize mean: 0.5, std: 0.2 }",
    );
    const source = (await readFile(quick, "utf8")).replace(
      /import .*/,
      `import { Basic } from "std/blocks"`,
    );
    await writeFile(join(cwd, "net.resnet"), source.slice(0, source.indexOf("train quickstart")));
    const create = { width: 40, height: 32, channels: 3, background: "red" } as const;
    await sharp({ create }).toFile(join(cwd, "red.png"));
    return cwd;
  }

  test("prepare images as their file says, and are evaluated on what is named", async () => {
    const cwd = await withoutRecipe();
    const names = ["--names", "torchvision", "-o", "w.safetensors"];
    await run(cwd, "export", "net.resnet", "--to", "safetensors", "--checkpoint", last, ...names);
    const known = await run(cwd, "predict", "--checkpoint", last, "red.png");
    expect(known.stdout).toMatch(/^red\.png: /);
    await run(cwd, "compile", "net.resnet", "--checkpoint", last, "-o", "model");
    const again = ["--to", "safetensors", "--weights", "model", "-o", "again.safetensors"];
    await run(cwd, "export", "net.resnet", ...again);
    for (const weights of ["w.safetensors", last, "model", "again.safetensors"]) {
      const same = await run(cwd, "predict", "net.resnet", "--weights", weights, "red.png");
      expect(same.stdout).toBe(known.stdout);
    }
    const model = await readFile(join(cwd, "model", "model.json"), "utf8");
    const { userDefinedMetadata } = JSON.parse(model) as {
      readonly userDefinedMetadata: Readonly<Record<string, string>>;
    };
    expect(userDefinedMetadata).toMatchObject({
      network: "Quick",
      classes: '["circle","square","triangle","cross"]',
      preprocess: '[{"kind":"resize","height":32,"width":32}]',
      mean: "[0.5,0.5,0.5]",
    });
    const other = ["--with", "preprocess={ resize 32 }"];
    const changed = await run(cwd, "predict", "net.resnet", "--weights", last, ...other, "red.png");
    const same = await run(cwd, "predict", "--checkpoint", last, ...other, "red.png");
    expect(changed.stdout).toBe(same.stdout);
    expect(changed.stdout).not.toBe(known.stdout);

    const nowhere = await run(cwd, "eval", "net.resnet", "--weights", "w.safetensors");
    expect(nowhere.status).toBe(2);
    expect(flat(nowhere.stderr)).toContain("has no recipe that says on which images to evaluate");
    const few = await run(
      cwd,
      "export",
      "net.resnet",
      "--to",
      "safetensors",
      "-o",
      "f.safetensors",
    );
    expect(few.status).toBe(0);
    const steps = ["--with", "preprocess={ normalize mean: 0.5, std: 0.2 }"];
    const fewer = ["--weights", "f.safetensors", "--data", shapes(3), ...steps];
    const refused = await run(cwd, "eval", "net.resnet", ...fewer);
    expect(flat(refused.stderr)).toContain(
      "f.safetensors does not name its 4 classes, and shapes has 3",
    );
    const data = ["--data", shapes(4), "--with", "loss.smoothing=0.1"];
    const { loss } = await evaluated(cwd, "--checkpoint", last, ...data);
    const here = await evaluated(cwd, "net.resnet", "--weights", "w.safetensors", ...data);
    expect(here.loss).toBeCloseTo(loss, 5);
  });

  test("prepare them as torchvision does where the names are its own, and say so", async () => {
    const cwd = await withoutRecipe();
    const wide = (await readFile(join(cwd, "net.resnet"), "utf8"))
      .replace("32x32x3", "224x224x3")
      .replace(/^ *expect \{[^}]*\}\n/m, "");
    await writeFile(join(cwd, "wide.resnet"), wide);
    const toFile = ["export", "wide.resnet", "--to", "safetensors", "--names"];
    await run(cwd, ...toFile, "torchvision", "-o", "torch.safetensors");
    await run(cwd, ...toFile, "graph", "-o", "graph.safetensors");
    const ask = async (weights: string, ...more: string[]): Promise<Ended> =>
      run(cwd, "predict", "wide.resnet", "--weights", weights, ...more, "red.png");
    const torch = await ask("torch.safetensors");
    expect(flat(torch.stderr)).toContain(
      "images go in as those of torchvision's weights for ImageNet",
    );
    const steps =
      "{ shorter 256 -> centercrop 224 -> normalize mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }";
    const graph = await ask("graph.safetensors", "--with", `preprocess=${steps}`);
    expect(graph.stdout).toMatch(/^red\.png: \d/);
    expect(graph.stdout).toBe(torch.stdout);

    const silent = await ask("graph.safetensors");
    expect(silent.status).toBe(2);
    expect(flat(silent.stderr)).toContain(
      "neither wide.resnet nor graph.safetensors says how images become what",
    );
    expect(flat(silent.stderr)).toContain("resize 224x224 -> normalize mean: 0.5, std: 0.25");
  });
});

describe("a new run from weights", () => {
  test("gives another number of classes a fresh head, and keeps what is frozen", async () => {
    const cwd = await trained();
    const toFile = ["export", quick, "--to", "safetensors", "--names", "torchvision"];
    await run(cwd, ...toFile, "--checkpoint", last, "-o", "torch.safetensors");
    const six = ["--set", "classes=6", "--data", shapes(6), "--batch", "16", "--epochs", "1"];
    const given = ["--weights", "torch.safetensors", "-o", "tuned", "--freeze", quick];
    const { stderr, status } = await run(cwd, "train", ...six, ...given);
    expect(flat(stderr)).toContain(
      "weights of torch.safetensors, by the names of torchvision: 45 of 47 tensors; " +
        "classify.dense starts fresh: 4 classes there, 6 here",
    );
    expect(flat(stderr)).toContain("390 of 77,782 parameters are trained, the rest is frozen");
    expect(status).toBe(0);
    const before = await readCheckpoint(join(cwd, last));
    const after = await readCheckpoint(join(cwd, "tuned", "last.safetensors"));
    expect(after.recipe.freeze).toBe(true);
    for (const [key, { data }] of before.state.tensors) {
      if (!key.startsWith("weights/") || key.startsWith("weights/classify.")) continue;
      expect(after.state.tensors.get(key)?.data).toEqual(data);
    }
  });

  test("takes a head by its classes, or as that is asked for", async () => {
    const cwd = await trained();
    const create = { width: 32, height: 32, channels: 3, background: "red" } as const;
    const image = sharp({ create });
    const folderOf = async (folder: string, classes: readonly string[]): Promise<string> => {
      for (const name of classes) {
        await mkdir(join(cwd, folder, name), { recursive: true });
        for (const file of ["1.png", "2.png"]) await image.toFile(join(cwd, folder, name, file));
      }
      return folder;
    };
    const begin = async (data: string, ...more: string[]): Promise<Ended> =>
      run(
        cwd,
        ...["train", quick, "--weights", last, "--data", data, "--epochs", "1"],
        ...["--batch", "4", "--rate", "1e-9", "--with", "loss.smoothing=0", ...more],
      );
    const renamed = await folderOf("renamed", ["cross", "disc", "square", "triangle"]);
    const other = await begin(renamed);
    expect(flat(other.stderr)).toContain(
      "45 of 47 tensors; classify.dense starts fresh: circle, square, triangle, cross there, " +
        "cross, disc, square, triangle here",
    );
    expect(flat((await begin(renamed, "--head", "keep")).stderr)).toContain("all 47 tensors");
    const sorted = await folderOf("sorted", ["circle", "cross", "square", "triangle"]);
    const ordered = await begin(sorted, "-o", "ordered");
    expect(flat(ordered.stderr)).toContain(
      "all 47 tensors; its classes are put in the order of the data's",
    );
    const bias = async (path: string): Promise<readonly number[]> => {
      const { state } = await readCheckpoint(join(cwd, path));
      return [...(state.tensors.get("weights/classify.dense.bias")?.data ?? [])];
    };
    const [circle, square, triangle, cross] = await bias(last);
    const after = await bias(join("ordered", "last.safetensors"));
    [circle, cross, square, triangle].forEach((value, i) =>
      expect(after[i]).toBeCloseTo(value ?? NaN, 5),
    );
    expect(flat((await begin(sorted, "--head", "fresh")).stderr)).toContain(
      "classify.dense starts fresh: as asked for",
    );
    const six = ["--set", "classes=6", "--data", shapes(6), "--batch", "16", "--head", "keep"];
    const kept = await run(cwd, "train", quick, "--weights", last, ...six);
    expect(flat(kept.stderr)).toContain(
      "help: leave out `--head keep`: a head that the file has not",
    );
    const alone = await run(cwd, "train", quick, "--head", "fresh");
    expect(alone.stderr).toContain("add `--weights FILE`, or leave it out");
    expect(alone.status).toBe(2);
  });

  test("is not one that goes on", async () => {
    const cwd = await trained();
    const { stderr, status } = await run(cwd, "train", quick, "--weights", last, "--resume");
    expect(stderr).toContain("a run that is resumed has its weights");
    expect(status).toBe(2);
  });

  test("freezes no place that is not there", async () => {
    const cwd = await temporaryFolder();
    const { stderr, status } = await run(cwd, "train", quick, ...small, "--freeze", "stem,conv5");
    expect(flat(stderr)).toContain("Quick has no place `conv5`");
    expect(flat(stderr)).toContain("did you mean `conv");
    // Said before data and engine are opened, which may take their time.
    expect(stderr).not.toContain("images to train on");
    expect(status).toBe(2);
  });
});

test("what is frozen without weights is warned of, as it keeps random ones", async () => {
  const cwd = await temporaryFolder();
  const { stderr, status } = await run(cwd, "train", quick, ...small, "--freeze", "stem");
  expect(flat(stderr)).toContain("warning: what is frozen keeps the weights that it begins with");
  expect(status).toBe(0);
});

describe("weights that are not the network's", () => {
  test("a checkpoint of another architecture is refused with what matches, and nothing is lost", async () => {
    const cwd = await trained();
    const bytes = await readFile(join(cwd, last));
    const other = ["--set", "classes=6", "--data", shapes(6)];
    const { stderr, status } = await run(cwd, "train", quick, ...other, "--resume");
    expect(flat(stderr)).toContain(
      "45 of 47 tensors match; classify.dense.kernel is [64, 4] where the network has [64, 6]",
    );
    expect(flat(stderr)).toContain(
      `or start a new run from its weights with \`--weights ${last}\``,
    );
    expect(status).toBe(1);
    expect((await readFile(join(cwd, last))).equals(bytes)).toBe(true);

    const given = ["--set", "classes=6", "--weights", last, "--data", shapes(6)];
    const evaluating = await run(cwd, "eval", quick, ...given);
    expect(flat(evaluating.stderr)).toContain("as in `--set classes=4`");
    expect(evaluating.status).toBe(1);
  });

  test.each([
    [["eval", "--weights", "w.safetensors"], "w.safetensors has weights and no network"],
    [["eval", quick, "--weights", "a", "--checkpoint", "b"], "both name weights"],
    [["predict", quick, "--weights", "a", "--run", "b", "x.png"], "both name weights"],
    [["compile", quick, "--weights", "a", "--checkpoint", "b"], "both name weights"],
    [["eval", quick, "--set", "classes=4"], "a checkpoint knows the parameters of its network"],
  ])("%j is wrong use", async (given, message) => {
    const { stderr, status } = await run(await temporaryFolder(), ...given);
    expect(flat(stderr)).toContain(message);
    expect(status).toBe(2);
  });
});

test("a checkpoint with an average is used with it", async () => {
  const cwd = await trained("--with", "ema=0.9");
  const { loss } = await evaluated(cwd, "--checkpoint", last);
  const checkpoint = await readCheckpoint(join(cwd, last));
  const averages = new Map(
    [...checkpoint.state.tensors].flatMap(([key, tensor]) =>
      key.startsWith("average/") ? [[key.replace("average/", "weights/"), tensor] as const] : [],
    ),
  );
  expect(averages.size).toBe(47);
  const state = { ...checkpoint.state, tensors: averages };
  await writeCheckpoint(join(cwd, "plain.safetensors"), { ...checkpoint, state });
  expect((await evaluated(cwd, "--checkpoint", "plain.safetensors")).loss).toBe(loss);
});

describe("a run whose spec is another since", () => {
  const whole = readFileSync(quick, "utf8").replace(/  expect \{[^}]*\}\n/, "");

  /** A run of quickstart.resnet, and what becomes of it when that reads otherwise. */
  async function asked(change: (text: string) => string, ...more: readonly string[]) {
    const cwd = await temporaryFolder();
    const own = join(cwd, "own.resnet");
    await writeFile(own, whole);
    expect((await run(cwd, "train", own, ...small)).status).toBe(0);
    await writeFile(own, change(whole));
    const { stderr, stdout, status } = await run(cwd, "eval", "own.resnet", ...more);
    return { stderr: flat(stderr), stdout, status };
  }
  const best = "runs/quickstart/best.safetensors";

  test("does not answer for it where operations or tensors are others", async () => {
    const wider = await asked((text) => text.replace("conv 3x3, 16", "conv 3x3, 24"));
    expect(wider.stderr).toContain(`${best} is of another network than Quick of own.resnet: `);
    expect(wider.stderr).toContain(
      `\`--checkpoint ${best}\` without the spec asks the network that`,
    );
    expect(wider.status).toBe(1);
  });

  test("nor where its images are of another size, named or not", async () => {
    const larger = (text: string): string => text.replace("input 32x32x3", "input 48x48x3");
    const given = ["--checkpoint", best];
    for (const more of [[], given]) {
      const { stderr, status } = await asked(larger, ...more);
      expect(stderr).toContain(
        `${best} is of a network that takes 32x32x3, and Quick of own.resnet takes 48x48x3`,
      );
      expect(stderr).toContain(`\`--weights ${best}\` takes its weights for this one`);
      expect(status).toBe(1);
    }
  });

  test("answers where the spec leaves to the command line what a recipe needs, or has more recipes", async () => {
    const cwd = await temporaryFolder();
    const bare = whole.replace(/^ {2}data .*\n/m, "");
    await writeFile(join(cwd, "own.resnet"), bare);
    const of = ["own.resnet", "--recipe", "quickstart"];
    expect((await run(cwd, "train", ...of, ...small)).status).toBe(0);
    expect((await run(cwd, "eval", "own.resnet")).stdout).toContain("accuracy");
    expect((await run(cwd, "eval", "own.resnet", "--checkpoint", best)).stdout).toContain(
      "accuracy",
    );
    const second = bare.slice(bare.indexOf("train ")).replace("quickstart", "another");
    await writeFile(join(cwd, "own.resnet"), `${bare}\n${second}`);
    const named = await run(cwd, "eval", "own.resnet", "--run", "runs/quickstart");
    expect(named.stdout).toContain("accuracy");
  });

  test("answers where a parameter that its run was given is a number there now", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "own.resnet"), whole);
    const three = ["--set", "classes=3", ...small.with(1, shapes(3))];
    expect((await run(cwd, "train", "own.resnet", ...three)).status).toBe(0);
    const inlined = whole.replace("(classes = 4)", "").replace("dense classes", "dense 3");
    await writeFile(join(cwd, "own.resnet"), inlined);
    expect((await run(cwd, "eval", "own.resnet")).stdout).toContain("accuracy");
    await writeFile(join(cwd, "own.resnet"), inlined.replace("dense 3", "dense 4"));
    expect((await run(cwd, "eval", "own.resnet")).stderr).toContain("is of another network");
  });

  test("answers where one of a run's parameters is a number there now, and another must be given", async () => {
    const cwd = await temporaryFolder();
    const wide = whole
      .replace("(classes = 4)", "(classes, width)")
      .replace("stage conv2: 1 x Basic(16)", "stage conv2: 1 x Basic(width)");
    expect(wide).toContain("Basic(width)");
    await writeFile(join(cwd, "own.resnet"), wide);
    const given = ["--set", "classes=4", "--set", "width=24"];
    const { stderr } = await run(cwd, "train", "own.resnet", ...given, ...small);
    expect(stderr).not.toContain("error");
    const inlined = wide.replace("(classes, width)", "(width)").replace("dense classes", "dense 4");
    await writeFile(join(cwd, "own.resnet"), inlined);
    const asked = await run(cwd, "eval", "own.resnet");
    expect(asked.stderr).not.toContain("error");
    expect(asked.stdout).toContain("accuracy");
  });

  test("answers where only the recipe or its words are others", async () => {
    const { stdout, status } = await asked((text) =>
      text.replace("  epochs 4", "  // Longer.\n  epochs 40").replace("batch 64", "batch 32"),
    );
    expect(stdout).toContain("accuracy");
    expect(status).toBe(0);
  });
});

test("a frozen head that starts fresh is warned of", async () => {
  const cwd = await trained(
    "--set",
    "classes=3",
    "--data",
    "shapes(classes: 3, train: 64, validation: 8)",
  );
  const frozen = ["--weights", last, "--freeze", "classify", "-o", "frozen"];
  const { stderr, status } = await run(cwd, "train", quick, ...small, ...frozen);
  expect(flat(stderr)).toContain("warning: classify.dense starts fresh and keeps random weights");
  expect(status).toBe(0);
});

test("a checkpoint of another network than the spec beside it is refused by name", async () => {
  const cwd = await trained();
  const other = `${spec("resnet-cifar10.resnet")}#ResNet20`;
  const { stderr, status } = await run(cwd, "eval", other, "--checkpoint", last);
  expect(flat(stderr)).toContain(`is a checkpoint of Quick, and ${other} has ResNet20`);
  expect(status).toBe(1);
});
