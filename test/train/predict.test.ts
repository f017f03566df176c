import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/train/data/data-set.js";
import { TrainingError } from "../../src/train/errors.js";
import { predictImages, type Prediction } from "../../src/train/predict.js";
import { inOrder } from "../../src/train/evaluate.js";
import { colouredSquares } from "./coloured-squares.js";
import { smallGraph, smallRecipe } from "./small-network.js";
import { softmaxRegression } from "./softmax-regression.js";
import { temporaryFolder } from "./temporary-folder.js";

const graph = smallGraph(4, 3);
const recipe = smallRecipe();
const { train, validation, classes } = colouredSquares({ train: 160 });

async function predict(files: readonly string[], more: object = {}): Promise<Prediction[]> {
  const session = await softmaxRegression.open(graph, { recipe, stepsPerEpoch: 10 });
  await session.initialise(1);
  for await (const batch of inOrder(train, recipe)) await session.step(batch);
  const predictions: Prediction[] = [];
  const options = { session, graph, recipe, classes, files, ...more };
  for await (const prediction of predictImages(options)) predictions.push(prediction);
  return predictions;
}

/** The images of the validation split as PNG files. */
async function pictures(folder: string): Promise<string[]> {
  const files = Array.from({ length: validation.size }, (_, i) => join(folder, `${i}.png`));
  for (const [index, file] of files.entries()) {
    const { pixels, height, width } = (await validation.read(index)).image;
    await sharp(pixels, { raw: { height, width, channels: 3 } }).toFile(file);
  }
  return files;
}

describe("predictions", () => {
  test("are those of the same pixels in validation", async () => {
    const files = await pictures(await temporaryFolder());
    const predictions = await predict(files);
    expect(predictions.map(({ file }) => file)).toEqual(files);
    let position = 0;
    const session = await softmaxRegression.open(graph, { recipe, stepsPerEpoch: 10 });
    await session.initialise(1);
    for await (const batch of inOrder(train, recipe)) await session.step(batch);
    for await (const { images, shape } of inOrder(validation, recipe)) {
      const logits = (await session.predict(images, shape)).get("classify")?.data ?? [];
      for (let n = 0; n < shape[0]; n++, position++) {
        const own = [...logits.slice(3 * n, 3 * n + 3)].map(Math.exp);
        const total = own.reduce((sum, value) => sum + value, 0);
        const found = predictions[position];
        if (found === undefined || !("candidates" in found)) throw new Error("no prediction");
        const expected = own.map((value) => value / total).sort((a, b) => b - a);
        found.candidates.forEach(({ probability }, index) =>
          expect(probability).toBeCloseTo(expected[index] ?? NaN, 6),
        );
      }
    }
    expect(position).toBe(validation.size);
  });

  test("of bad files are their errors, and the others go on", async () => {
    const folder = await temporaryFolder();
    const [good = ""] = await pictures(folder);
    const file = (name: string) => join(folder, name);
    await writeFile(file("text.png"), "no picture");
    await writeFile(file("empty.png"), "");
    await mkdir(file("folder.png"));
    await sharp({ create: { width: 5, height: 4, channels: 3, background: "red" } }).toFile(
      file("wide.png"),
    );
    const bad = ["none.png", "text.png", "empty.png", "folder.png", "wide.png"].map(file);
    const predictions = await predict([...bad, good]);
    expect(predictions.map((one) => one.file)).toEqual([...bad, good]);
    for (const { error, file } of predictions.slice(0, 4)) {
      expect(error).toBeInstanceOf(DataError);
      expect(error?.message).toContain(file);
    }
    expect(predictions[4]?.error).toBeInstanceOf(TrainingError);
    expect(predictions[4]?.error?.message).toContain("comes to 4x5x3, and Small takes 4x4x3");
    expect(predictions[4]?.error?.help).toContain("resize the image to 4x4");
    expect(predictions[5]?.error).toBeUndefined();
  });

  test("name as many classes as asked for, and never more than there are", async () => {
    const [file = ""] = await pictures(await temporaryFolder());
    const counts = async (more: object) =>
      (await predict([file], more)).map((one) => ("candidates" in one ? one.candidates.length : 0));
    expect(await counts({})).toEqual([3]);
    expect(await counts({ top: 1 })).toEqual([1]);
    expect(await counts({ top: 100 })).toEqual([3]);
  });

  test("with other classes than the network has are refused", async () => {
    await expect(predict([], { classes: ["a", "b"] })).rejects.toThrow("3 classes");
  });
});
