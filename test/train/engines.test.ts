/** The loop over real engines: a small residual network with batch norm and dropout, on shapes. */
import { describe, expect, test } from "vitest";
import { cpu } from "../../src/engines/cpu.js";
import type { Engine } from "../../src/engines/engine.js";
import { node } from "../../src/engines/node.js";
import { onnx } from "../../src/engines/onnx.js";
import { wasm } from "../../src/engines/wasm.js";
import type { Optimizer, Recipe } from "../../src/recipe/recipe.js";
import { readCheckpoint, type Checkpoint } from "../../src/train/checkpoint.js";
import { openDataSet } from "../../src/train/data/open-data-set.js";
import { evaluate } from "../../src/train/evaluate.js";
import type { TrainEvent } from "../../src/train/events.js";
import { train, type TrainOptions } from "../../src/train/loop.js";
import { runFiles } from "../../src/train/run-folder.js";
import { smallResNet } from "../engines/networks.js";
import { tensorflow } from "../engines/tensorflow.js";
import { colouredSquares } from "./coloured-squares.js";
import { smallRecipe } from "./small-network.js";
import { outcomeOf } from "./outcome.js";
import { temporaryFolder } from "./temporary-folder.js";

const sgd: Optimizer = { kind: "sgd", rate: 0.05, momentum: 0.9, nesterov: true, decay: 1e-4 };
const adam: Optimizer = {
  kind: "adam",
  rate: 0.003,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 1e-4,
};

function recipeOf(images: number, changes: Partial<Recipe> = {}): Recipe {
  const options = { size: 16, train: images, validation: images / 4, classes: 3 };
  return smallRecipe({
    data: { kind: "shapes", options },
    preprocess: [
      { kind: "resize", height: 12, width: 12 },
      { kind: "normalize", mean: [0.5], std: [0.5] },
    ],
    augment: [{ kind: "flip" }, { kind: "crop", height: 12, width: 12, padding: 1 }],
    schedule: { kind: "cosine", floor: 0, warmup: 1 },
    optimizer: sgd,
    ...changes,
  });
}

async function run(
  engine: Engine,
  recipe: Recipe,
  folder: string,
  more: Partial<TrainOptions> = {},
): Promise<Checkpoint> {
  const dataSet = await openDataSet(recipe.data);
  const graph = smallResNet(3, 0.2);
  await train({ graph, recipe, dataSet, engine, folder, version: "0.0.0-test", ...more });
  await dataSet.close();
  return readCheckpoint(runFiles(folder).last);
}

describe("a residual network", () => {
  test.each<readonly [string, Engine, Optimizer, number]>([
    ["wasm with SGD", wasm, sgd, 96],
    ["wasm with Adam", wasm, adam, 96],
    ["cpu with SGD", cpu, sgd, 32],
    ...(tensorflow.available ? [["node with SGD", node, sgd, 96] as const] : []),
  ])("interrupted on %s goes on to the same bits", async (_, engine, optimizer, images) => {
    const recipe = recipeOf(images, { optimizer, epochs: 2 });
    const unbroken = await run(engine, recipe, await temporaryFolder());
    const folder = await temporaryFolder();
    const controller = new AbortController();
    const onEvent = (event: TrainEvent) => {
      if (event.kind === "step" && event.epoch === 2) controller.abort();
    };
    const { signal } = controller;
    const interrupted = await run(engine, recipe, folder, { signal, onEvent });
    expect(interrupted.progress).toMatchObject({ epoch: 1, position: 2 });
    const resumed = await run(engine, recipe, folder, { resume: true });
    expect(outcomeOf(resumed)).toEqual(outcomeOf(unbroken));
  });

  test.each<readonly [string, Engine]>([
    ["wasm", wasm],
    ["onnx", onnx],
    ...(tensorflow.available ? [["node", node] as const] : []),
  ])("whose rate falls on a plateau on %s trains as by the same steps", async (_, engine) => {
    // No epoch is better by so much than the first.
    const falling = { kind: "onplateau", warmup: 1, patience: 1, factor: 0.5, least: 9 } as const;
    const steps = { kind: "step", warmup: 1, at: [2, 3], factor: 0.5 } as const;
    const recipe = recipeOf(48, { epochs: 4, schedule: falling });
    const fallen = await run(engine, recipe, await temporaryFolder());
    const stepped = await run(engine, { ...recipe, schedule: steps }, await temporaryFolder());
    expect(outcomeOf(fallen)).toEqual(outcomeOf(stepped));
    const rates = fallen.progress.history.map(({ rate }) => rate / recipe.optimizer.rate);
    expect(rates).toEqual([1, 1, 0.5, 0.25]);

    const folder = await temporaryFolder();
    const controller = new AbortController();
    const onEvent = (event: TrainEvent) => {
      if (event.kind === "step" && event.epoch === 4) controller.abort();
    };
    await run(engine, recipe, folder, { signal: controller.signal, onEvent });
    const changes: (readonly string[])[] = [];
    const resumed = await run(engine, recipe, folder, {
      resume: true,
      onEvent: (event) => event.kind === "start" && changes.push(event.changes),
    });
    expect(outcomeOf(resumed)).toEqual(outcomeOf(fallen));
    expect(changes).toEqual([[]]);
  });

  test("learns, and is worth as much on another engine", async () => {
    const dataSet = colouredSquares({ side: 12, train: 192, validation: 48 });
    const recipe = recipeOf(192, { epochs: 3 });
    const folder = await temporaryFolder();
    const { graph, classes, state, progress } = await run(wasm, recipe, folder, { dataSet });
    const last = progress.history.at(-1);
    expect(last?.validationAccuracy).toBeGreaterThan(0.9);
    const session = await cpu.open(graph);
    await session.restore(state);
    const result = await evaluate({ session, graph, recipe, split: dataSet.validation, classes });
    session.dispose();
    expect(result.images).toBe(48);
    expect(result.loss).toBeCloseTo(last?.validationLoss ?? Number.NaN, 3);
    expect(result.accuracy).toBeCloseTo(last?.validationAccuracy ?? Number.NaN, 1);
  });
});
