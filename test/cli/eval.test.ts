/** Which images an evaluation is of, and that what is printed of it fits the terminal. */
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { resnetc } from "./in-process-command.js";

test("an evaluation fits 80 columns, the likeliest five included", async () => {
  const weights = join(await temporaryFolder(), "w.safetensors");
  const quick = ["specs/quickstart.resnet", "--set", "classes=8"];
  await resnetc("export", ...quick, "--to", "safetensors", "-o", weights);
  const data = ["--data", "shapes(classes: 8, train: 16, validation: 24)", "--engine", "wasm"];
  const { out, status } = await resnetc("eval", ...quick, "--weights", weights, ...data);
  expect(status).toBe(0);
  expect(out.replace(/\s+/g, " ")).toMatch(
    /^24 images of shapes \(validation\): accuracy [\d.]+%, among the likeliest five [\d.]+%, loss \d/,
  );
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

/** Images of a red for each of four classes, `count` of each. */
async function writeImages(folder: string, count: number): Promise<void> {
  const create = { width: 32, height: 32, channels: 3 } as const;
  for (const [number, name] of ["circle", "cross", "square", "triangle"].entries()) {
    await mkdir(join(folder, name), { recursive: true });
    const image = sharp({
      create: { ...create, background: { r: 255 - 51 * number, g: 0, b: 0 } },
    });
    for (let i = 0; i < count; i++) await image.toFile(join(folder, name, `${i}.png`));
  }
}

describe("images in folders", () => {
  const quick = "specs/quickstart.resnet";

  test("of some of the classes are evaluated as those, in whatever order they come", async () => {
    const cwd = await temporaryFolder();
    const hard = join(cwd, "hard");
    await writeImages(hard, 3);
    // Of the shapes, which are in another order than folders: circle, square, triangle, cross.
    const run = join(cwd, "run");
    const shapes = "shapes(classes: 4, train: 32, validation: 8)";
    const given = [
      "--data",
      shapes,
      "--epochs",
      "1",
      "--batch",
      "16",
      "--engine",
      "wasm",
      "-o",
      run,
    ];
    await resnetc("train", quick, ...given);
    const of = ["eval", quick, "--run", run, "--engine", "wasm", "--data", hard, "--json"];
    interface Report {
      readonly perClass: readonly {
        readonly name: string;
        readonly images: number;
        readonly correct: number;
      }[];
      readonly confusion: readonly (readonly number[])[];
      readonly notes: readonly string[];
    }
    const all = JSON.parse((await resnetc(...of)).out) as Report;
    expect(all.perClass.map(({ name }) => name)).toEqual(["circle", "square", "triangle", "cross"]);
    for (const name of ["circle", "triangle"]) await rm(join(hard, name), { recursive: true });
    const some = JSON.parse((await resnetc(...of)).out) as Report;
    const { out } = await resnetc(...of.filter((word) => word !== "--json"));
    expect(out).toMatch(/\n {2}no images of \d class(es)?\n$/);
    expect(out).not.toContain("0 of 0");
    expect(some.perClass.map(({ images }) => images)).toEqual([0, 3, 0, 3]);
    // What the images of a class are taken for does not depend on which others are there.
    for (const row of [1, 3]) expect(some.confusion[row]).toEqual(all.confusion[row]);
    expect(some.notes).toContain("hard has no images of circle, triangle");

    await mkdir(join(hard, "star"));
    await sharp({ create: { width: 32, height: 32, channels: 3, background: "red" } }).toFile(
      join(hard, "star", "0.png"),
    );
    const { err } = await resnetc(...of.slice(0, -1));
    expect(err.replace(/\s+/g, " ")).toContain(
      "tells circle, square, triangle, cross apart, and hard has star",
    );
  });

  test("that were trained on are told from others, which are evaluated whole", async () => {
    const cwd = await temporaryFolder();
    const [photos, others] = [join(cwd, "photos"), join(cwd, "others")];
    await writeImages(photos, 10);
    await writeImages(others, 3);
    const run = join(cwd, "run");
    const given = ["--data", photos, "--epochs", "1", "--batch", "16", "--engine", "wasm"];
    await resnetc("train", quick, ...given, "-o", run);
    const evaluated = async (...more: string[]): Promise<string> => {
      const { out, err } = await resnetc("eval", quick, "--run", run, "--engine", "wasm", ...more);
      return out.split(":")[0] || err;
    };
    expect(await evaluated()).toBe("4 images of photos (validation)");
    expect(await evaluated("--data", photos)).toBe("4 images of photos (validation)");
    expect(await evaluated("--data", others)).toBe("12 images of others (all)");
    expect(await evaluated("--data", others, "--split", "validation")).toBe(
      "4 images of others (validation)",
    );
    const { err } = await resnetc(
      "eval",
      quick,
      "--run",
      run,
      "--engine",
      "wasm",
      "--data",
      others,
    );
    expect(err.replace(/\s+/g, " ")).toContain(
      `note: all images, as they are not what was trained on, ${photos}; if they are the same, ` +
        "`--split validation` takes those that were set aside",
    );
    await symlink(photos, join(cwd, "link"));
    expect(await evaluated("--data", join(cwd, "link"))).toBe("4 images of link (validation)");
    expect(await evaluated("--data", others, "--split", "test")).toContain(
      "others has no images in its test split",
    );
  });

  test("for testing alone are evaluated by name", async () => {
    const cwd = await temporaryFolder();
    for (const [name, count] of [
      ["train", 4],
      ["valid", 1],
      ["test", 2],
    ] as const) {
      await writeImages(join(cwd, "photos", name), count);
    }
    const weights = join(cwd, "w.safetensors");
    await resnetc("export", quick, "--to", "safetensors", "-o", weights);
    const given = ["--weights", weights, "--data", join(cwd, "photos"), "--engine", "wasm"];
    const { out } = await resnetc("eval", quick, ...given, "--split", "test");
    expect(out).toMatch(/^8 images of photos \(test\)/);
    const usual = await resnetc("eval", quick, ...given);
    expect(usual.out).toMatch(/^4 images of photos \(validation\)/);
    expect(usual.err.replace(/\s+/g, " ")).toContain(
      "test is for `resnetc eval --split test` alone",
    );
  });

  test("for testing that chose the checkpoint are no test, and called none", async () => {
    const cwd = await temporaryFolder();
    const photos = join(cwd, "photos");
    await writeImages(join(photos, "train"), 4);
    await writeImages(join(photos, "test"), 1);
    const run = join(cwd, "run");
    const given = ["--data", photos, "--epochs", "1", "--batch", "8", "--engine", "wasm"];
    const trained = await resnetc("train", quick, ...given, "-o", run);
    expect(trained.err.replace(/\s+/g, " ")).toContain(
      `note: ${photos}/test is used to validate with, as there is no validation folder: what it comes to is not a test`,
    );
    const evaluated = async (...more: string[]): Promise<string> =>
      (await resnetc("eval", quick, "--run", run, "--engine", "wasm", ...more)).err;
    const note = "note: the test images are those that are validated with";
    expect(await evaluated("--split", "test")).toContain(note);
    expect(await evaluated()).not.toContain("note:");
    // Images that were not validated with are a test, wherever they lie.
    await writeImages(join(cwd, "others", "train"), 1);
    await writeImages(join(cwd, "others", "test"), 1);
    expect(await evaluated("--data", join(cwd, "others"), "--split", "test")).not.toContain(
      "note:",
    );
  });

  test("are grey for a network that takes one channel", async () => {
    const cwd = await temporaryFolder();
    await writeImages(join(cwd, "photos"), 4);
    const spec = join(cwd, "grey.resnet");
    const text = await readFile(quick, "utf8");
    await writeFile(spec, text.replace("32x32x3", "32x32x1").replace(/ {2}expect \{[^}]*\}/, ""));
    const given = ["--data", join(cwd, "photos"), "--epochs", "1", "--batch", "8"];
    const train = (...more: string[]) =>
      resnetc("train", spec, ...given, "--engine", "wasm", "-o", join(cwd, "run"), ...more);
    const coloured = await train();
    expect(coloured.err.replace(/\s+/g, " ")).toContain(
      "help: add `grey` to the recipe's `preprocess`, or declare `input 32x32x3` in the network",
    );
    const steps = "preprocess={ grey -> normalize mean: 0.3, std: 0.25 }";
    expect((await train("--with", steps)).status).toBe(0);
    const run = ["--run", join(cwd, "run"), "--engine", "wasm"];
    const { out } = await resnetc("eval", spec, ...run);
    expect(out).toMatch(/^4 images of photos \(validation\)/);
    const photo = join(cwd, "photos", "circle", "0.png");
    const answer = await resnetc("predict", spec, photo, ...run);
    expect(answer.out).toMatch(/0\.png: (circle|cross|square|triangle) \d/);
    const data = await resnetc("data", spec, "--data", join(cwd, "photos"), "--with", steps);
    expect(data.out).toContain("mean: [0.2088], std: [0.0671]");
    // A run of it may begin with weights for colours, and nothing else takes them.
    const weights = join(cwd, "coloured.safetensors");
    await resnetc("export", quick, "--to", "safetensors", "-o", weights);
    const tuned = await train("--with", steps, "--weights", weights, "--head", "keep");
    expect([tuned.status, tuned.err.replace(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining(
        "all 47 tensors; stem.conv.kernel is summed over its 3 input channels",
      ),
    ]);
    const refused = await resnetc("eval", spec, "--weights", weights, ...given.slice(0, 2));
    expect([refused.status, refused.err.replace(/\s+/g, " ")]).toEqual([
      1,
      expect.stringContaining(
        "help: declare an input of 3 channels, which grey images are repeated",
      ),
    ]);
  });
});
