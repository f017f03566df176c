import { describe, expect, it } from "vitest";
import { cpu } from "../../../src/engines/cpu.js";
import { evaluationStep } from "../../../src/passes/training-step/evaluation-step.js";
import { trainingStep } from "../../../src/passes/training-step/training-step.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { recipe, smallResNet } from "../../engines/networks.js";
import {
  canonicalState,
  initialState,
  metric,
  randomBatch,
  runStep,
  stateDifference,
} from "./run-step.js";

const adam: Recipe["optimizer"] = {
  kind: "adam",
  rate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 1e-3,
};
const nesterov: Recipe["optimizer"] = {
  kind: "sgd",
  rate: 0.05,
  momentum: 0.9,
  nesterov: true,
  decay: 1e-2,
};
const smoothing = { kind: "crossentropy", smoothing: 0.1 } as const;

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
      optimizer: adam,
      schedule: { kind: "step", at: [1], factor: 0.1, warmup: 0 },
    }),
    2e-4,
  ],
] as const;

describe("a training step in the interpreter agrees with the tfjs engine:", () => {
  it.each(runs)("%s", async (_, graph, chosen, tolerance) => {
    const stepsPerEpoch = 2;
    const session = await cpu.open(graph, { recipe: chosen, stepsPerEpoch });
    await session.initialise(7);
    for (const form of ["tensors", "vectors"] as const) {
      await session.initialise(7);
      const step = trainingStep(graph, { recipe: chosen, stepsPerEpoch, batch: 4, form });
      expect(verifyProgram(step.program)).toEqual([]);
      let state = initialState(graph, step.state, 7);
      for (let i = 0; i < 4; i++) {
        const batch = randomBatch(i, [4, 12, 12, 3]);
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
        smoothing: chosen.loss.smoothing,
        form,
      });
      expect(verifyProgram(evaluation.program)).toEqual([]);
      const weights = new Map([...state].filter(([name]) => name.startsWith("weights/")));
      const judged = runStep(evaluation, weights, batch, 4);
      expect(metric(judged, "loss") / 4).toBeCloseTo(expected.loss / 4, 3);
      expect(metric(judged, "correct")).toBe(expected.correct);
    }
    session.dispose();
  });
});
