import { join } from "node:path";
import { expect, test } from "vitest";
import { dataKinds } from "../../../src/recipe/data-kinds.js";
import type { DataReference } from "../../../src/recipe/recipe.js";
import { openDataSet } from "../../../src/train/data/open-data-set.js";
import { shapeNames } from "../../../src/train/data/shapes.js";
import { dataError, png, temporaryFolders, writeFiles } from "./folders.js";

const folder = temporaryFolders();

function refuse(reference: DataReference) {
  return dataError(() => openDataSet(reference));
}

test("shapes: the table's defaults, and every option", async () => {
  const plain = await openDataSet({ kind: "shapes", options: {} });
  const { size, train, validation, classes } = dataKinds.shapes.options;
  expect([plain.train.size, plain.validation.size, plain.classes.length]).toEqual([
    train.default,
    validation.default,
    classes.default,
  ]);
  expect((await plain.train.read(0)).image.height).toBe(size.default);
  const given = { size: 24, train: 10, validation: 5, classes: 6, seed: 3 };
  const data = await openDataSet({ kind: "shapes", options: given });
  expect([data.train.size, data.validation.size, data.classes.length]).toEqual([10, 5, 6]);
  const seeded = await openDataSet({ kind: "shapes", options: { ...given, seed: 4 } });
  const [a, b] = await Promise.all([data.train.read(0), seeded.train.read(0)]);
  expect(a.image.height).toBe(24);
  expect(a.image.pixels).not.toEqual(b.image.pixels);
  expect(classes.maximum).toBe(shapeNames.length);
  for (const name of shapeNames) expect(dataKinds.shapes.doc).toContain(name);
});

test("folder and CIFAR are opened at their path", async () => {
  const root = folder();
  const image = await png([1, 2, 3]);
  writeFiles(root, { "a/1.png": image, "a/2.png": image, "b/1.png": image, "b/2.png": image });
  const data = await openDataSet({
    kind: "folder",
    path: root,
    options: { validation: 0.5, seed: 1 },
  });
  expect([data.train.size, data.validation.size]).toEqual([2, 2]);
  expect((await refuse({ kind: "cifar10", path: root, options: {} })).message).toContain(
    "neither data_batch_1.bin",
  );
  expect((await refuse({ kind: "cifar100", path: root, options: {} })).message).toContain(
    "neither train.bin",
  );
});

test("train/ and validation/ with no options given are not asked to be split", async () => {
  const root = folder();
  const image = await png([1, 2, 3]);
  writeFiles(root, { "train/a/1.png": image, "validation/a/1.png": image });
  const data = await openDataSet({ kind: "folder", path: root, options: {} });
  expect(data.validation.describe(0)).toBe(join(root, "validation/a/1.png"));
});

test("an unknown kind: what was meant, and the kinds there are", async () => {
  for (const [kind, meant] of [
    ["cifar", "cifar10"],
    ["shape", "shapes"],
    ["constructor", ""],
  ] as const) {
    const error = await refuse({ kind, options: {} });
    expect(error.message).toBe(`unknown kind of data \`${kind}\``);
    expect(error.help).toContain(`did you mean \`${meant}`);
    expect(error.help).toContain("The kinds are `cifar10`, `cifar100`, `folder`, `shapes`");
  }
});

test("an unknown option: what was meant, and the options there are", async () => {
  const error = await refuse({ kind: "shapes", options: { sise: 32 } });
  expect(error.message).toBe("`shapes` has no option `sise`");
  expect(error.help).toBe(
    "did you mean `size`? The options are `size`, `train`, `validation`, `classes`, `seed`",
  );
  const none = await refuse({ kind: "cifar10", path: "/data", options: { toString: 1 } });
  expect(none.message).toBe("`cifar10` has no option `toString`");
  expect(none.help).toBe("`cifar10` takes no options");
});

test("a value out of range or of another type", async () => {
  for (const [options, message] of [
    [{ size: 8 }, "`size: 8` is not a whole number from 16 to 512"],
    [{ classes: 2.5 }, "`classes: 2.5` is not a whole number from 2 to 8"],
    [{ train: "many" }, "`train: many` is not a whole number from 1 to 2147483647"],
    [{ seed: true }, "`seed: true` is not a whole number from 0 to 4294967295"],
  ] as const) {
    expect((await refuse({ kind: "shapes", options })).message).toBe(`\`shapes\`: ${message}`);
  }
  const share = await refuse({ kind: "folder", path: "/data", options: { validation: 1 } });
  expect(share.message).toBe("`folder`: `validation: 1` is not a number from 0 to 0.9");
});

test("a path where none is taken, and none where one is needed", async () => {
  expect((await refuse({ kind: "shapes", path: "/data", options: {} })).message).toBe(
    "`shapes` takes no path, and was given /data",
  );
  const error = await refuse({ kind: "folder", options: {} });
  expect(error.message).toBe("`folder` needs a path");
  expect(error.help).toContain("the folder of class folders");
});

test("every option of the table has a default that it admits, and words", () => {
  for (const kind of Object.values(dataKinds)) {
    expect(kind.doc.length).toBeGreaterThan(20);
    for (const option of Object.values(kind.options)) {
      expect(option.doc.length).toBeGreaterThan(10);
      expect(option.default).toBeGreaterThanOrEqual(option.minimum);
      expect(option.default).toBeLessThanOrEqual(option.maximum);
    }
  }
});
