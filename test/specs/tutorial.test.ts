/** The tutorial's spec is the tutorial's network and recipe, and it really trains at 224x224 on wasm. */
import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check.js";
import { selectEngine } from "../../src/engines/registry.js";
import { graphCost } from "../../src/graph/cost.js";
import { NodeHost } from "../../src/host/node-host.js";
import { batches, epochOrder } from "../../src/train/data/batches.js";
import { openDataSet } from "../../src/train/data/open-data-set.js";

const result = check("specs/resnet18-cifar10.resnet", new NodeHost());
const graph = result.networks[0]?.graph;
const recipe = result.recipes[0];

describe("specs/resnet18-cifar10.resnet", () => {
  test("checks and says what the tutorial says", () => {
    expect(result.diagnostics).toEqual([]);
    expect(graph && graphCost(graph).parameters).toBe(11_181_642);
    expect(recipe).toMatchObject({
      network: "ResNet18",
      preprocess: [
        { kind: "resize", height: 224, width: 224 },
        { kind: "normalize", mean: [0.5], std: [0.5] },
      ],
      augment: [],
      loss: { kind: "crossentropy", smoothing: 0 },
      optimizer: { kind: "adam", rate: 0.001, beta1: 0.9, beta2: 0.999, decay: 0 },
      schedule: { kind: "constant", warmup: 0 },
      batch: 64,
      epochs: 5,
      shuffle: true,
    });
  });

  test("takes real training steps at 224x224 on wasm", async () => {
    if (graph === undefined || recipe === undefined) throw new Error("the spec does not check");
    const dataSet = await openDataSet({
      kind: "shapes",
      options: { size: 32, train: 4, validation: 0 },
    });
    const { engine } = await selectEngine("wasm");
    const session = await engine.open(graph, { recipe, stepsPerEpoch: 2 });
    try {
      await session.initialise(1);
      const before = (await session.state()).tensors;
      const order = epochOrder(1, 0, 4, true);
      const { preprocess, augment } = recipe;
      const losses: number[] = [];
      for (let step = 0; step < 2; step++) {
        const options = { order, from: 0, batch: 4, preprocess, augment, seed: 1, epoch: 0 };
        for await (const batch of batches(dataSet.train, options)) {
          expect(batch.shape).toEqual([4, 224, 224, 3]);
          const metrics = await session.step(batch);
          expect(metrics.count).toBe(4);
          losses.push(metrics.loss / metrics.count);
        }
      }
      const [first = Number.NaN, second = Number.NaN] = losses;
      expect(first).toBeGreaterThan(0);
      // The same four images again, after one step of Adam.
      expect(second).toBeLessThan(first);
      const after = await session.state();
      expect(after.step).toBe(2);
      for (const [key, { data }] of before) {
        if (!key.startsWith("weights/") || key.endsWith(".moving_mean")) continue;
        const now = after.tensors.get(key)?.data;
        expect(now?.every(Number.isFinite), key).toBe(true);
        expect(
          now?.some((value, index) => value !== data[index]),
          key,
        ).toBe(true);
      }
    } finally {
      session.dispose();
      await dataSet.close();
    }
  });
});
