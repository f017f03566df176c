import { describe, expect, test } from "vitest";
import type { Session } from "../../src/engines/engine.js";
import { TrainingError } from "../../src/train/errors.js";
import { evaluate, inOrder } from "../../src/train/evaluate.js";
import { colouredSquares } from "./coloured-squares.js";
import { smallGraph, smallRecipe } from "./small-network.js";
import { softmaxRegression } from "./softmax-regression.js";

async function trained(classes: number, steps: number): Promise<Session> {
  const options = { recipe: smallRecipe(), stepsPerEpoch: 10 };
  const session = await softmaxRegression.open(smallGraph(4, classes), options);
  await session.initialise(1);
  const { train } = colouredSquares({ classes, train: 16 * steps });
  for await (const batch of inOrder(train, smallRecipe())) await session.step(batch);
  return session;
}

describe("an evaluation", () => {
  const recipe = smallRecipe();

  test("agrees with the session's own metrics, and with itself", async () => {
    const session = await trained(3, 20);
    const { validation: split, classes } = colouredSquares({ validation: 50 });
    let loss = 0;
    let correct = 0;
    for await (const batch of inOrder(split, recipe)) {
      const metrics = await session.evaluate(batch);
      loss += metrics.loss;
      correct += metrics.correct;
    }
    const progress: number[] = [];
    const result = await evaluate({
      session,
      graph: smallGraph(4, 3),
      recipe,
      split,
      classes,
      onProgress: (done, images) => progress.push(done, images),
    });
    expect(progress).toEqual([16, 50, 32, 50, 48, 50, 50, 50]);
    expect(result.images).toBe(50);
    expect(result.loss).toBeCloseTo(loss / 50, 9);
    expect(result.accuracy).toBe(correct / 50);
    expect(result.accuracy).toBeGreaterThan(0.6);
    expect(result).not.toHaveProperty("topFive");
    expect(result.perClass.map(({ name, images }) => [name, images])).toEqual([
      ["colour0", 17],
      ["colour1", 17],
      ["colour2", 16],
    ]);
    result.confusion.forEach((row, index) => {
      expect(row.reduce((sum, count) => sum + count, 0)).toBe(result.perClass[index]?.images);
      expect(row[index]).toBe(result.perClass[index]?.correct);
    });
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const right = result.perClass.map(({ correct: own }) => own);
    const taken = right.map((_, index) =>
      result.confusion.reduce((sum, row) => sum + (row[index] ?? 0), 0),
    );
    const shares = [17, 17, 16].map((images, index) => (right[index] ?? 0) / images);
    expect(result.perClass.map(({ accuracy }) => accuracy)).toEqual(shares);
    expect(result.balancedAccuracy).toBeCloseTo(mean(shares), 12);
    const precisions = right.map((own, index) => own / (taken[index] ?? 0));
    expect(result.perClass.map(({ precision }) => precision)).toEqual(precisions);
    // The harmonic mean of recall and precision.
    const f1s = shares.map((share, index) => 2 / (1 / share + 1 / (precisions[index] ?? 0)));
    result.perClass.forEach(({ f1 }, index) => expect(f1).toBeCloseTo(f1s[index] ?? NaN, 12));
    expect(result.macroF1).toBeCloseTo(mean(f1s), 12);
  });

  test("counts the five likeliest where there are more classes", async () => {
    const session = await trained(9, 1);
    const { validation: split, classes } = colouredSquares({ classes: 9, validation: 7 });
    const graph = smallGraph(4, 9);
    const result = await evaluate({ session, graph, recipe, split, classes });
    let amongFive = 0;
    for await (const { images, shape, labels } of inOrder(split, recipe)) {
      const logits = (await session.predict(images, shape)).get("classify")?.data ?? [];
      labels.forEach((label, n) => {
        const own = [...logits.slice(n * 9, n * 9 + 9)];
        const order = own.map((_, index) => index).sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0));
        if (order.slice(0, 5).includes(label)) amongFive += 1;
      });
    }
    expect(result.topFive).toBe(amongFive / 7);
    expect(result.topFive).toBeGreaterThanOrEqual(result.accuracy);
    expect(result.perClass[8]).toMatchObject({ name: "colour8", images: 0, correct: 0 });
    expect(result.perClass[8]).not.toHaveProperty("accuracy");
    expect(result.perClass[8]).not.toHaveProperty("f1");
  });

  test("of images of a size that the network does not take is an error", async () => {
    const session = await trained(3, 1);
    const { validation: split, classes } = colouredSquares({ validation: 5 });
    const wrong = evaluate({ session, graph: smallGraph(8, 3), recipe, split, classes });
    await expect(wrong).rejects.toThrow(TrainingError);
    await expect(wrong).rejects.toThrow(/comes to 4x4x3, and Small takes 8x8x3$/);
  });

  test("of no images, or of damaged weights, is an error", async () => {
    const session = await trained(3, 1);
    const graph = smallGraph(4, 3);
    const { train: split, validation, classes } = colouredSquares({ validation: 0 });
    const none = evaluate({ session, graph, recipe, split: validation, classes });
    await expect(none).rejects.toBeInstanceOf(TrainingError);
    const state = await session.state();
    state.tensors.get("weights/classify.dense.bias")?.data.fill(Number.NaN);
    await session.restore(state);
    const damaged = evaluate({ session, graph, recipe, split, classes });
    await expect(damaged).rejects.toThrow("logits that are not finite for train 0");
  });

  test("stops when it is told to", async () => {
    const session = await trained(3, 1);
    const { train: split, classes } = colouredSquares();
    const controller = new AbortController();
    const stopped = evaluate({
      session,
      graph: smallGraph(4, 3),
      recipe,
      split,
      classes,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  });
});
