import { describe, expect, it } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "../../engines/webgpu/device.js";
import { cpu } from "../../../src/engines/cpu.js";
import { evaluationStep } from "../../../src/passes/training-step/evaluation-step.js";
import { trainingStep } from "../../../src/passes/training-step/training-step.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { unweighted } from "../../../src/recipe/class-weights.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import type { Graph } from "../../../src/graph/graph.js";
import {
  adam,
  convAttributes,
  lamb,
  nesterov,
  norm,
  poolAttributes,
  recipe,
  Sketch,
  smallResNet,
} from "../../engines/networks.js";
import {
  canonicalState,
  initialState,
  metric,
  mixedBatch,
  randomBatch,
  runStep,
  stateDifference,
} from "./run-step.js";

const withAdam = adam();
const mixup: Recipe["augment"] = [{ kind: "mixup", alpha: 0.2 }];
const smoothing = { kind: "crossentropy", smoothing: 0.1 } as const;

/** Dropout on a map, a gate, both pools, upsampling, a concatenation and two heads. */
function branched(): Graph {
  const net = new Sketch();
  net.input(12, 12, 3);
  net.add("conv", "stem", convAttributes(4, 3, 2, { bias: true }), "input");
  net.add("dropout", "dropped", { rate: 0.3 }, "stem");
  net.add("batchnorm", "norm", norm, "dropped");
  net.add("relu", "relu", {}, "norm");
  net.add("globalavgpool", "squeeze", {}, "relu");
  net.add("dense", "excite", { channels: 4, bias: true }, "squeeze");
  net.add("sigmoid", "gate", {}, "excite");
  net.add("multiply", "gated", {}, "relu", "gate");
  net.add("avgpool", "average", poolAttributes(3, 2, 1), "gated");
  net.add("maxpool", "largest", poolAttributes(2, 2, 0), "gated");
  net.add("concat", "joined", {}, "average", "largest");
  net.add(
    "conv",
    "dilated",
    convAttributes(4, 3, 1, { dilation: [2, 2], padding: [2, 2] }),
    "joined",
  );
  net.add("upsample", "up", { factor: [2, 2] }, "dilated");
  net.add("add", "sum", {}, "up", "gated");
  net.add("flatten", "flat", {}, "joined");
  net.add("dense", "early", { channels: 3, bias: true }, "flat");
  net.add("globalavgpool", "pool", {}, "sum");
  net.add("dense", "late", { channels: 3, bias: false }, "pool");
  return net.graph("early", "late");
}

/** Name, network, recipe, and how far apart float32 may take the states. */
const runs = [
  ["sgd", smallResNet(), recipe(), 2e-5],
  [
    "nesterov, a warm-up and a cosine, label smoothing",
    smallResNet(),
    recipe({
      optimizer: nesterov,
      loss: smoothing,
      schedule: { kind: "cosine", floor: 0.1, warmup: 0.5 },
    }),
    2e-5,
  ],
  [
    "adam, steps, dropout",
    smallResNet(3, 0.4),
    recipe({
      optimizer: withAdam,
      schedule: { kind: "step", at: [1], factor: 0.1, warmup: 0 },
    }),
    2e-4,
  ],
  ["branches and two heads", branched(), recipe({ loss: smoothing }), 2e-5],
  [
    "in three unequal parts, dropout, clipped",
    smallResNet(3, 0.4),
    recipe({ optimizer: nesterov, accumulate: 3, clip: 0.5 }),
    2e-5,
  ],
  ["a moving average", smallResNet(), recipe({ optimizer: withAdam, ema: 0.6 }), 2e-4],
  ["mixed images", branched(), recipe({ loss: smoothing, augment: mixup, accumulate: 2 }), 2e-5],
  [
    "weighted classes, mixed",
    branched(),
    recipe({ loss: { ...smoothing, weights: [0.5, 3, 1] }, augment: mixup, accumulate: 2 }),
    2e-5,
  ],
  ["each class by itself", branched(), recipe({ loss: { kind: "bce", smoothing: 0.1 } }), 2e-5],
  [
    "each class by itself, ones and zeros of mixed images",
    branched(),
    recipe({ loss: { kind: "bce", smoothing: 0, threshold: 0.2 }, augment: mixup, accumulate: 2 }),
    2e-5,
  ],
  ["moves as long as kernels", smallResNet(), recipe({ optimizer: lamb }), 2e-4],
  ["frozen blocks", smallResNet(), recipe({ freeze: ["stem", "block2"], ema: 0.6 }), 2e-5],
] as const;

describe("a training step in the interpreter agrees with the tfjs engine:", () => {
  it.each(runs)("%s", async (_, graph, chosen, tolerance) => {
    const stepsPerEpoch = 2;
    const session = await cpu.open(graph, { recipe: chosen, stepsPerEpoch });
    await session.initialise(7);
    const step = trainingStep(graph, { recipe: chosen, stepsPerEpoch, batch: 4 });
    expect(verifyProgram(step.program)).toEqual([]);
    let state = initialState(graph, step.state, 7);
    for (let i = 0; i < 4; i++) {
      const mixes = chosen.augment.length > 0;
      const batch = (mixes ? mixedBatch : randomBatch)(i, [4, 12, 12, 3]);
      const expected = await session.step(batch);
      const outputs = runStep(step, state, batch, i);
      expect(metric(outputs, "loss") / 4).toBeCloseTo(expected.loss / 4, 4);
      expect(metric(outputs, "correct")).toBe(expected.correct);
      expect(metric(outputs, "count")).toBe(4);
      expect(metric(outputs, "step")).toBe(i + 1);
      const found = canonicalState(step, outputs);
      expect(stateDifference(found, (await session.state()).tensors)).toBeLessThan(tolerance);
      state = new Map(step.state.map(({ name }) => [name, outputs.get(name)!]));
    }
    const batch = randomBatch(9, [4, 12, 12, 3]);
    const expected = await session.evaluate(batch);
    const evaluation = evaluationStep(graph, {
      batch: 4,
      loss: unweighted(chosen.loss),
    });
    expect(verifyProgram(evaluation.program)).toEqual([]);
    const asked = chosen.ema > 0 ? "average/" : "weights/";
    const weights = new Map(
      [...state]
        .filter(([name]) => name.startsWith(asked))
        .map(([name, tensor]) => [name.replace(asked, "weights/"), tensor]),
    );
    const judged = runStep(evaluation, weights, batch, 4);
    expect(metric(judged, "loss") / 4).toBeCloseTo(expected.loss / 4, 3);
    expect(metric(judged, "correct")).toBe(expected.correct);
    session.dispose();
  });
});

describe.skipIf(testDevice === undefined)(`on webgpu${withoutDevice}`, { timeout: 600_000 }, () => {
  const chosenRuns = runs.filter(([name]) => /^(branches|in three|mixed)/.test(name));
  it.each(chosenRuns)("steps agree with cpu: %s", async (_, graph, chosen, tolerance) => {
    const options = { recipe: chosen, stepsPerEpoch: 2 };
    const [left, right] = [await testWebgpu.open(graph, options), await cpu.open(graph, options)];
    for (const session of [left, right]) await session.initialise(7);
    for (let i = 0; i < 3; i++) {
      const mixes = chosen.augment.length > 0;
      const batch = (mixes ? mixedBatch : randomBatch)(i, [4, 12, 12, 3]);
      const [found, expected] = [await left.step(batch), await right.step(batch)];
      expect(found.loss / 4).toBeCloseTo(expected.loss / 4, 4);
      expect(found.correct).toBe(expected.correct);
    }
    const [found, expected] = [await left.state(), await right.state()];
    expect(stateDifference(found.tensors, expected.tensors)).toBeLessThan(2 * tolerance);
    for (const session of [left, right]) session.dispose();
  });
});
