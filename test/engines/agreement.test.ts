/**
 * The engines that train in earnest, side by side: from one seed and on the same images, a residual network's
 * every step has the same loss to four decimals, and all of its state is the same to 1e-3.
 */
import { describe, expect, it } from "vitest";
import type { Engine, Session } from "../../src/engines/engine.js";
import { node } from "../../src/engines/node.js";
import { onnx } from "../../src/engines/onnx.js";
import { wasm } from "../../src/engines/wasm.js";
import type { Optimizer, Recipe } from "../../src/recipe/recipe.js";
import { randomBatch, stateDifference } from "../passes/training-step/run-step.js";
import { recipe, smallResNet } from "./networks.js";
import { tensorflow, withoutTensorFlow } from "./tensorflow.js";

const adam: Optimizer = {
  kind: "adam",
  rate: 0.003,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-5,
  decay: 1e-4,
};
const withOnnx = (await onnx.probe()).available;
if (!withOnnx) console.warn("SKIPPED: the engine onnx is not here to agree with node");
const others = [wasm, ...(withOnnx ? [onnx] : [])];

const batch = (seed: number) => randomBatch(seed, [16, 12, 12, 3]);

async function started(engine: Engine, of: Recipe): Promise<Session> {
  const session = await engine.open(smallResNet(3, 0.3, 4), { recipe: of, stepsPerEpoch: 8 });
  await session.initialise(7);
  return session;
}

describe.skipIf(!tensorflow.available)(`training on node${withoutTensorFlow}`, () => {
  it.each([
    ["SGD", recipe()],
    [
      "Adam, a schedule and smoothing",
      recipe({ optimizer: adam, loss: { kind: "crossentropy", smoothing: 0.1 } }),
    ],
  ])("agrees with wasm and onnx step by step: %s", async (_, given) => {
    const of: Recipe = { ...given, schedule: { kind: "cosine", floor: 0, warmup: 1 } };
    const left = await started(node, of);
    const rights = await Promise.all(others.map((engine) => started(engine, of)));
    for (let step = 0; step < 8; step++) {
      const a = await left.step(batch(step));
      const { tensors } = await left.state();
      for (const right of rights) {
        const b = await right.step(batch(step));
        expect(b.loss / b.count).toBeCloseTo(a.loss / a.count, 4);
        expect(stateDifference(tensors, (await right.state()).tensors)).toBeLessThan(1e-3);
      }
    }
    const a = await left.evaluate(batch(99));
    for (const right of rights) {
      const b = await right.evaluate(batch(99));
      expect(b.loss / b.count).toBeCloseTo(a.loss / a.count, 4);
      expect(b.correct).toBe(a.correct);
      right.dispose();
    }
    left.dispose();
  });
});
