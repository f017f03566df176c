/** `resnetc data` finds before a run what the run would fail for, and says it as a person can use it. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { surveyData, train } from "../../src/index.js";
import { png, writeFiles } from "../train/data/folders.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { resnetc } from "./in-process-command.js";

/** Noise of its own for every number, as a PNG. */
async function noise(seed: number, height = 8, width = 8): Promise<Uint8Array> {
  const pixels = Uint8Array.from(
    { length: height * width * 3 },
    (_, i) => (Math.imul(i + 1, 2654435761 + 97 * seed) >>> 13) & 255,
  );
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Two classes with four images to train on and two to validate with. */
async function photos(): Promise<string> {
  const folder = join(await temporaryFolder(), "photos");
  let seed = 0;
  for (const [split, count] of [
    ["train", 4],
    ["validation", 2],
  ] as const) {
    for (const name of ["cat", "dog"]) {
      for (let i = 0; i < count; i++) {
        writeFiles(folder, { [`${split}/${name}/${i}.png`]: await noise(seed++) });
      }
    }
  }
  return folder;
}

const spec = `
network Tiny {
  input 8x8x3
  stem { conv 3x3, 4 -> relu }
  head classify { globalavgpool -> dense 2 }
}
train tiny for Tiny {
  data folder("photos")
  optimizer sgd(rate: 0.1)
  batch 4
  epochs 1
}
`;

async function withSpec(): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await photos();
  const file = join(folder, "..", "tiny.resnet");
  writeFileSync(file, spec);
  return { folder, file };
}

describe("sound data", () => {
  test("are counted, measured, and said to be usable", async () => {
    const folder = await photos();
    const { out, err, status } = await resnetc("data", folder);
    expect([err, status]).toEqual(["", 0]);
    expect(out).toMatch(
      new RegExp(
        [
          "^photos: 2 classes, 8 images to train on, 4 to validate with",
          "  class  training  validation",
          "  cat           4           2",
          "  dog           4           2",
          "  size       8x8x3",
          "  normalize  mean: \\[0\\.\\d{4}, 0\\.\\d{4}, 0\\.\\d{4}\\], std: \\[.*\\]",
          "every image can be used",
          "$",
        ].join("\n"),
      ),
    );
  });

  test("of many classes show the smallest and the largest", async () => {
    const folder = join(await temporaryFolder(), "many");
    const colour = await png([1, 2, 3]);
    for (let k = 0; k < 30; k++) {
      const files = Array.from({ length: 2 + k }, (_, i) => [`train/c${k}/${i}.png`, colour]);
      writeFiles(folder, Object.fromEntries(files) as Record<string, Uint8Array>);
    }
    const { out } = await resnetc("data", folder);
    expect(out).toContain("30 classes");
    for (const name of ["c0 ", "c3 ", "c26 ", "c29 "]) expect(out).toContain(`  ${name}`);
    expect(out).toContain("… 22 classes between these");
    expect(out).not.toContain("c15");
  });

  test("suit a spec that trains on them", async () => {
    const { file } = await withSpec();
    const { out, err, status } = await resnetc("data", file);
    expect([err, status]).toEqual(["", 0]);
    expect(out).toContain("photos, for Tiny: 2 classes");
    expect(out).toContain("every image suits Tiny\n");
  });

  test("drawn ones too", async () => {
    const { out, status } = await resnetc("data", "shapes(train: 40, validation: 8)");
    expect(status).toBe(0);
    expect(out).toContain("40 images to train on, 8 to validate with");
  });
});

describe("data with faults", () => {
  test("are told in one go, with every image and how to mend it", async () => {
    const folder = await photos();
    writeFiles(folder, {
      "train/cat/empty.png": "",
      "train/dog/text.png": "no image",
      "validation/dog/cut.png": (await noise(99, 64, 64)).subarray(0, 900),
    });
    const { out, err, status } = await resnetc("data", folder);
    expect(status).toBe(1);
    expect(out).not.toContain("every image");
    const text = err.replace(/\s+/g, " ");
    expect(text).toContain(`error: ${folder}/train/cat/empty.png is empty (0 bytes)`);
    expect(text).toContain(`error: ${folder}/train/dog/text.png cannot be decoded`);
    expect(text).toContain(`error: ${folder}/validation/dog/cut.png cannot be decoded`);
    expect(text.match(/help: replace the file, or remove it/g)).toHaveLength(2);
    expect(text).toMatch(/3 errors $/);
  });

  test("of one class alone are nothing that a network could tell apart", async () => {
    const folder = await photos();
    for (const split of ["train", "validation"])
      rmSync(join(folder, split, "dog"), { recursive: true });
    const { out, err, status } = await resnetc("data", folder);
    expect(status).toBe(1);
    expect(out).toContain("photos: 1 class, 4 images to train on, 2 to validate with\n");
    expect(out).not.toContain("every image");
    expect(err.replace(/\s+/g, " ")).toContain(
      'error: photos has one class alone, "cat", and there is nothing to tell it from',
    );
  });

  test("show twenty of many, and where the others are", async () => {
    const folder = await photos();
    for (let i = 0; i < 30; i++) writeFiles(folder, { [`train/cat/bad${i}.png`]: "" });
    const { err } = await resnetc("data", folder);
    expect(err.match(/is empty/g)).toHaveLength(20);
    expect(err).toContain("30 errors; `--json` lists those that are not shown\n");
    const json = await resnetc("data", folder, "--json");
    const report = JSON.parse(json.out) as { ok: boolean; faults: object[] };
    expect([json.status, json.err, report.ok]).toEqual([1, "", false]);
    expect(report.faults).toHaveLength(30);
  });

  test("of another size fail for a spec, as they would in the run", async () => {
    const { folder, file } = await withSpec();
    writeFiles(folder, { "train/dog/wide.png": await noise(50, 8, 12) });
    const { err, status } = await resnetc("data", file);
    expect(status).toBe(1);
    expect(err.replace(/\s+/g, " ")).toContain(
      `1 image comes to another size than 8x8x3, that of 8: ${folder}/train/dog/wide.png to 8x12x3 = help: add \`resize 8x8\``,
    );
    const run = train(file, { folder: join(folder, "..", "run"), engine: "cpu" });
    await expect(run).rejects.toThrow("wide.png is 8x12");
    // A recipe that brings them to one size takes them.
    const mended = await resnetc("data", file, "--with", "preprocess={ resize 8x8 }");
    expect([mended.err, mended.status]).toEqual(["", 0]);
    // So does one that keeps their aspect; without the middle, it says what is left to do.
    const kept = ["data", file, "--with", "preprocess={ shorter 10 -> centercrop 8 }"];
    expect((await resnetc(...kept)).status).toBe(0);
    const half = await resnetc("data", file, "--with", "preprocess={ shorter 8 }");
    expect(half.err.replace(/\s+/g, " ")).toContain("help: add `centercrop 8x8` to the recipe's");
    // They are no fault of the data alone.
    const alone = await resnetc("data", folder);
    expect(alone.status).toBe(0);
    expect(alone.out).toContain("2 of them, heights 8 to 8, widths 8 to 12; most often 8x8x3");
  });

  test("that the network does not take fail for a spec", async () => {
    const { file } = await withSpec();
    writeFileSync(file, spec.replace("input 8x8x3", "input 16x16x3").replace("dense 2", "dense 3"));
    const { err, status } = await resnetc("data", file);
    expect(status).toBe(1);
    expect(err).toContain("tells 3 classes apart, and photos has 2");
    const sized = await resnetc(
      "data",
      file,
      "--data",
      "shapes(classes: 3, train: 12, validation: 6)",
    );
    expect(sized.err.replace(/\s+/g, " ")).toContain("comes to 32x32x3, and Tiny takes 16x16x3");
  });
});

test("images that are there twice are told, and no error", async () => {
  const folder = await photos();
  const twin = await noise(0);
  writeFiles(folder, {
    "train/dog/cat.png": twin,
    "validation/cat/known.png": await noise(1),
    "train/dog/again.png": await noise(5),
  });
  const { out, err, status } = await resnetc("data", folder);
  expect(status).toBe(0);
  expect(out).toContain("every image can be used");
  for (const line of err.split("\n").filter((each) => !each.includes(folder))) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
  const text = err.replace(/\s+/g, " ");
  const path = (name: string) => join(folder, name);
  expect(text).toContain(
    `warning: 1 picture is of several classes at once, so that no network can be right about them ${path("train/cat/0.png")} (cat) = ${path("train/dog/cat.png")} (dog)`,
  );
  expect(text).toContain(
    `warning: 1 of 5 validation images is a training image as well: what is right about them may have been learnt by heart ${path("train/cat/1.png")} (cat) = ${path("validation/cat/known.png")} (cat)`,
  );
  expect(text).toContain("warning: 1 image is the same as another of the class");
  const { repeated } = await surveyData(folder);
  expect(repeated).toHaveLength(3);
});

test("images for testing are looked at too, and those that are trained on told", async () => {
  const folder = await photos();
  writeFiles(folder, {
    "test/cat/new.png": await noise(70),
    "test/cat/known.png": await noise(1),
    "test/dog/broken.png": Buffer.from("no image"),
  });
  const { out, err, status } = await resnetc("data", folder);
  expect(status).toBe(1);
  expect(out).toContain(
    "photos: 2 classes, 8 images to train on, 4 to validate with, 3 to test with",
  );
  expect(out).toContain("  class  training  validation  test\n  cat           4           2     2");
  const text = err.replace(/\s+/g, " ");
  expect(text).toContain("1 of 2 test images is a training image as well");
  expect(text).toContain(`${join(folder, "test/dog/broken.png")} cannot be decoded`);
  expect(text).toContain(`${join(folder, "test")} is for \`resnetc eval --split test\` alone`);
  const { test: tested } = await surveyData(folder);
  expect(tested).toMatchObject({ size: 3, images: 2, perClass: [2, 0] });
});

/** A grey PNG of 16 bits whose values go up to `most`. */
async function deep(most: number): Promise<Uint8Array> {
  const pixels = Uint16Array.from({ length: 64 }, (_, i) => Math.round((i * most) / 63));
  return sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toBuffer();
}

test("images of more than 8 bits are told, and what is left of them", async () => {
  const { folder, file } = await withSpec();
  writeFiles(folder, {
    "train/cat/0.png": await deep(65_535),
    "train/dog/scan.png": await deep(4095),
    "validation/dog/scan.png": await deep(2047),
  });
  const { out, err, status } = await resnetc("data", folder);
  expect(status).toBe(0);
  expect(out.replace(/\s+/g, " ")).toContain(
    "depth 3 images have more than 8 bits per channel, of which the upper 8 are taken",
  );
  expect(err.replace(/\s+/g, " ")).toBe(
    "warning: 2 images of more than 8 bits per channel keep 8 to 16 levels of 256: the values take up a small " +
      "part of their range; stretch them to 8 bits first, all by the same factor " +
      `${join(folder, "train/dog/scan.png")} `,
  );
  // The network reads images before they are looked at.
  const { train: split } = await surveyData(file);
  expect(split.deep).toMatchObject({ images: 2, poor: { images: 1, levels: [16, 16] } });
  const said: string[] = [];
  await train(file, {
    folder: join(folder, "..", "run"),
    engine: "cpu",
    onEvent: (event) => event.kind === "warning" && said.push(event.message),
  });
  expect(said).toEqual([
    `${join(folder, "train/cat/0.png")} has more than 8 bits per channel, and of such images the upper 8 are taken; ` +
      "`resnetc data` says what that leaves of them",
  ]);
});

test("a class without validation images is told, trained on and left out of what is measured", async () => {
  const { folder, file } = await withSpec();
  rmSync(join(folder, "validation/dog"), { recursive: true });
  const note = `note: ${folder}/validation has no images of "dog", which ${folder}/train has: nothing is measured of that class`;
  const data = await resnetc("data", file);
  expect(data.status).toBe(0);
  expect(data.err.replace(/\s+/g, " ")).toBe(`${note} `);
  expect(data.out).toContain("  dog           4           0");
  const run = join(folder, "..", "run");
  const trained = await resnetc("train", file, "-o", run, "--engine", "cpu");
  expect(trained.status).toBe(0);
  expect(trained.err.replace(/\s+/g, " ")).toContain(note);
  const { out, status } = await resnetc("eval", file, "--run", run, "--engine", "cpu");
  expect(status).toBe(0);
  expect(out).toMatch(/ {2}cat .* of 2.*\n {2}no images of 1 class\n$/);
});

test("test images that are there to validate with are told", async () => {
  const folder = await photos();
  renameSync(join(folder, "validation"), join(folder, "test"));
  const { err, status } = await resnetc("data", folder);
  expect(status).toBe(0);
  expect(err.replace(/\s+/g, " ")).toBe(
    `note: ${folder}/test is used to validate with, as there is no validation folder: what it comes to is not a test `,
  );
});

describe("wrong use", () => {
  test.each([
    [["data", "nowhere"], "there is no file or folder nowhere"],
    [["data", ".", "--set", "classes=3"], ". is no spec, and there is no recipe to change"],
    [["data", ".", "--data", "x"], ". is no spec, and there is no recipe to change"],
    [["data", "shapes(sides: 3)"], "`shapes` takes no argument named `sides`"],
    [["data", "nowhere.resnet"], "nowhere.resnet"],
  ])("%j says so", async (given, message) => {
    const { out, err, status } = await resnetc(...given);
    expect(err).toContain(message);
    expect(out).toBe("");
    expect([1, 2]).toContain(status);
  });

  test("an empty folder is no data", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "cat"));
    const { err, status } = await resnetc("data", folder);
    expect(status).toBe(1);
    expect(err.replace(/\s+/g, " ")).toContain(`class folder ${folder}/cat is empty`);
  });
});
