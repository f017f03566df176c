/**
 * The engines that train in earnest, side by side: from one seed and on the same images, a residual network's
 * every step has the same loss to four decimals, and all of its state is the same to 1e-3.
 */
import { describe, expect, it } from "vitest";
import { testDevice, testWebgpu, withoutDevice } from "./webgpu/device.js";
import type { Engine, Session } from "../../src/engines/engine.js";
import { cpu } from "../../src/engines/cpu.js";
import { node } from "../../src/engines/node.js";
import { onnx } from "../../src/engines/onnx.js";
import { wasm } from "../../src/engines/wasm.js";
import type { Graph } from "../../src/graph/graph.js";
import { withDroppedPaths } from "../../src/recipe/dropped-paths.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { graphOf } from "../graph/checked.js";
import { mixedBatch, randomBatch, stateDifference } from "../passes/training-step/run-step.js";
import { adam, lamb, recipe, smallResNet } from "./networks.js";
import { tensorflow, withoutTensorFlow } from "./tensorflow.js";

const withAdam = adam({ rate: 0.003, epsilon: 1e-5, decay: 1e-4 });
const adamw: Recipe["optimizer"] = {
  kind: "adamw",
  rate: 0.003,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-5,
  decay: 0.1,
};
const withOnnx = (await onnx.probe()).available;
if (!withOnnx) console.warn("SKIPPED: the engine onnx is not here to agree with node");
const others = [wasm, ...(withOnnx ? [onnx] : [])];

const batch = (seed: number) => randomBatch(seed, [16, 12, 12, 3]);

const small = (seed: number) => randomBatch(seed, [4, 12, 12, 3]);

const residual = graphOf(`
block Basic(width, stride = 1) {
  residual { conv 3x3, width, /stride -> batchnorm -> relu -> conv 3x3, width -> batchnorm }
  shortcut project
  relu
}
network Residual {
  input 12x12x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 2 x Basic(16)
  stage conv3: 1 x Basic(24), /2
  head classify { globalavgpool -> dense 3 }
}
`);

/** Groups of few channels in one convolution, and of enough for several on any engine. */
const grouped = graphOf(`
block Next(width, groups, stride = 1) {
  residual {
    conv 1x1, width -> batchnorm -> relu
    conv 3x3, width, /stride, groups: groups -> batchnorm -> relu
    conv 1x1, width -> batchnorm
  }
  shortcut project
  relu
}
network Grouped {
  input 12x12x3
  stem { conv 3x3, 16, /2 -> batchnorm -> relu }
  stage conv2: Next(24, groups: 4)
  stage conv3: Next(128, groups: 8), /3
  head classify { globalavgpool -> dense 3 }
}
`);

const networkFor = (of: Recipe): Graph =>
  of.droppath > 0 ? withDroppedPaths(residual, of) : smallResNet(3, 0.3, 4);

async function started(engine: Engine, of: Recipe, graph = networkFor(of)): Promise<Session> {
  const session = await engine.open(graph, { recipe: of, stepsPerEpoch: 8 });
  await session.initialise(7);
  return session;
}

describe.skipIf(!tensorflow.available)(`training on node${withoutTensorFlow}`, () => {
  it.each([
    ["SGD", recipe()],
    [
      "Adam, a schedule and smoothing",
      recipe({ optimizer: withAdam, loss: { kind: "crossentropy", smoothing: 0.1 } }),
    ],
    ["AdamW", recipe({ optimizer: adamw })],
    [
      "weighted classes",
      recipe({ loss: { kind: "crossentropy", smoothing: 0.1, weights: [0.5, 3, 1] } }),
    ],
    [
      "LAMB, each class by itself",
      recipe({ optimizer: { ...adamw, kind: "lamb" }, loss: { kind: "bce", smoothing: 0.1 } }),
    ],
    ["dropped paths", recipe({ droppath: 0.2 })],
    [
      "rates by place",
      recipe({ rates: { kind: "within", places: ["stem", "block2"], factors: [0.1, 3] } }),
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

const mixup: Recipe["augment"] = [{ kind: "mixup", alpha: 0.2 }];
const rated: Recipe["rates"] = {
  kind: "within",
  places: ["stem", "block2"],
  factors: [0.1, 3],
};
const cutmix: Recipe["augment"] = [{ kind: "cutmix", alpha: 1 }];
const settings = [
  ["unequal parts", recipe({ accumulate: 3 })],
  ["clipped gradients", recipe({ clip: 0.5 })],
  ["a moving average", recipe({ ema: 0.6 })],
  ["frozen blocks", recipe({ freeze: ["stem", "block2"] })],
  ["rates by place", recipe({ rates: rated })],
  ["unequal parts with rates by place", recipe({ rates: rated, accumulate: 3 })],
  ["dropped paths", recipe({ droppath: 0.6 })],
  ["unequal parts with dropped paths", recipe({ droppath: 0.8, accumulate: 3 })],
  ["mixed images", recipe({ augment: mixup })],
  [
    "classes of mixed images that are wanted by themselves, under LAMB",
    recipe({
      augment: mixup,
      loss: { kind: "bce", smoothing: 0.1, threshold: 0.2 },
      optimizer: lamb,
    }),
  ],
  [
    "unequal parts of mixed images, clipped and averaged",
    recipe({ accumulate: 5, clip: 0.5, ema: 0.6, augment: cutmix }),
  ],
] as const;

const present = [
  ["wasm", wasm, true, ""],
  ["onnx", onnx, withOnnx, withOnnx ? "" : " (SKIPPED: the engine onnx is not here)"],
  ["node", node, tensorflow.available, withoutTensorFlow],
  ["webgpu", testWebgpu, testDevice !== undefined, withoutDevice],
] as const;

for (const [name, engine, isHere, without] of present) {
  describe.skipIf(!isHere)(`a step on ${name}${without}`, { timeout: 120_000 }, () => {
    it.each(settings)("agrees with cpu: %s", async (_, of) => {
      const [left, right] = [await started(engine, of), await started(cpu, of)];
      const make = of.augment.length > 0 ? mixedBatch : randomBatch;
      const given = make(1, [16, 12, 12, 3]);
      const [a, b] = [await left.step(given), await right.step(given)];
      expect(a.loss / a.count).toBeCloseTo(b.loss / b.count, 4);
      expect(a.correct).toBe(b.correct);
      const [found, expected] = [await left.state(), await right.state()];
      expect(stateDifference(found.tensors, expected.tensors)).toBeLessThan(1e-3);
      left.dispose();
      right.dispose();
    });

    it("agrees with cpu: channels in groups", async () => {
      const of = recipe({ clip: 1 });
      const [left, right] = [await started(engine, of, grouped), await started(cpu, of, grouped)];
      for (let step = 0; step < 2; step++) {
        const [a, b] = [await left.step(small(step)), await right.step(small(step))];
        expect(a.loss / a.count).toBeCloseTo(b.loss / b.count, 4);
        const [found, expected] = [await left.state(), await right.state()];
        expect(stateDifference(found.tensors, expected.tensors)).toBeLessThan(1e-3);
      }
      const [a, b] = [await left.evaluate(small(9)), await right.evaluate(small(9))];
      expect(a.loss / a.count).toBeCloseTo(b.loss / b.count, 4);
      left.dispose();
      right.dispose();
    }, 240_000);
  });
}
