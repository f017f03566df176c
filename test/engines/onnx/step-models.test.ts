/** How much the runtime is to rewrite of a training step, and that it makes no difference to the numbers. */
import { describe, expect, it } from "vitest";
import { sequenceOutput } from "../../../src/backends/onnx/sequence-output.js";
import { probeBlock } from "../../../src/engines/onnx/block.js";
import { stepFeeds } from "../../../src/engines/onnx/feeds.js";
import { probeRuntime, resolveRuntime } from "../../../src/engines/onnx/library.js";
import type { Optimisation } from "../../../src/engines/onnx/protocol.js";
import { lossSum, metricSums, stepModel } from "../../../src/engines/onnx/step-models.js";
import { RuntimeThread } from "../../../src/engines/onnx/thread.js";
import { TrainingSession } from "../../../src/engines/onnx/training-session.js";
import { randomBatch, stateDifference } from "../../passes/training-step/run-step.js";
import { convAttributes, norm, recipe, Sketch, smallResNet } from "../networks.js";

const library = resolveRuntime();
const { available, detail } = await probeRuntime(library);
if (!available) console.warn(`SKIPPED: models of steps on onnx are not tested: ${detail}`);

const shape = [8, 12, 12, 3] as const;
const run = { model: "step", kind: "step" } as const;
const stepsPerEpoch = 4;

/** Dropout of more values than the compiler folds. */
function withDropout() {
  const net = new Sketch();
  net.add("conv", "conv", convAttributes(16, 3, 1), net.input(12, 12, 3));
  net.add("batchnorm", "norm", norm, "conv");
  net.add("relu", "relu", {}, "norm");
  net.add("dropout", "dropout", { rate: 0.3 }, "relu");
  net.add("globalavgpool", "pool", {}, "dropout");
  net.add("dense", "dense", { channels: 3, bias: true }, "pool");
  return net.graph("dense");
}

it("the runtime rewrites what the compiler has not", () => {
  const of = (graph = smallResNet(), block: number | undefined = 16): Optimisation =>
    stepModel(run, shape, { graph, recipe: recipe(), stepsPerEpoch, block }).optimisation;
  expect(of()).toBe("disabled");
  expect(of(withDropout())).toBe("basic");
  const standard = { graph: smallResNet(), recipe: recipe(), stepsPerEpoch, block: undefined };
  expect(stepModel(run, shape, standard).optimisation).toBe("all");
  const predict = { model: "predict", kind: "predict" } as const;
  const asked = { graph: smallResNet(), recipe: recipe(), stepsPerEpoch, block: 16 };
  expect(stepModel(predict, shape, asked).optimisation).toBe("all");
});

describe.skipIf(!available)("a training step that the runtime does not rewrite", () => {
  it.each([
    ["without dropout", smallResNet()],
    ["with dropout", withDropout()],
  ])("comes to the same bits as one that it does: %s", async (_, graph) => {
    const outcomes = [];
    for (const optimisation of ["disabled", "basic", "all"] as const) {
      const thread = new RuntimeThread(library ?? "");
      const block = await probeBlock(thread);
      const given = recipe({ clip: 0.5, ema: 0.9 });
      const session = new TrainingSession(thread, block, graph, given, stepsPerEpoch);
      await session.initialise(7);
      const options = { graph, recipe: given, stepsPerEpoch, block };
      const { bytes, read, replace, fed, sums } = stepModel(run, shape, options);
      await thread.ask({ kind: "load", model: run.model, bytes, optimisation });
      const feeds = stepFeeds(randomBatch(3, shape), [0, 8], 0, given);
      const metrics = await thread.ask({
        kind: "step",
        runs: [
          { model: run.model, feeds: feeds.filter(({ name }) => fed.has(name)), read, replace },
        ],
        sums,
        sequence: sequenceOutput,
        results: metricSums,
        unlessFinite: lossSum,
      });
      outcomes.push({ metrics: metrics.map(({ data }) => data[0]), state: await session.state() });
      session.dispose();
    }
    const [first, ...others] = outcomes;
    expect(first?.metrics[0]).toBeGreaterThan(0);
    for (const { metrics, state } of others) {
      expect(metrics).toEqual(first?.metrics);
      expect(stateDifference(state.tensors, first?.state.tensors ?? new Map())).toBe(0);
    }
  });
});
