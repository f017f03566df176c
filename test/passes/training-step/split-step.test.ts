import { describe, expect, it } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { printProgram } from "../../../src/passes/program/print.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { peakLiveBytes } from "../../../src/passes/rewrites/liveness.js";
import { rewrite, trainingRewrites } from "../../../src/passes/rewrites/pipeline.js";
import { partsOf } from "../../../src/recipe/parts.js";
import { partStep, updateStep } from "../../../src/passes/training-step/split-step.js";
import {
  trainingStep,
  type TrainingStepOptions,
} from "../../../src/passes/training-step/training-step.js";
import type { Batch } from "../../../src/engines/engine.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { adam, convAttributes, norm, recipe, Sketch, smallResNet } from "../../engines/networks.js";
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

/** What a part of a batch is fed. */
function fed({ images, shape, labels, mix }: Batch, from: number, to: number, step: number) {
  const size = images.length / shape[0];
  const some = (all: Int32Array): Tensor => ({
    shape: [to - from],
    data: Float64Array.from(all.subarray(from, to)),
  });
  const scalar = (value: number): Tensor => ({ shape: [], data: Float64Array.of(value) });
  return new Map<string, Tensor>([
    [
      "images",
      {
        shape: [to - from, ...shape.slice(1)],
        data: Float64Array.from(images.subarray(from * size, to * size)),
      },
    ],
    ["labels", some(labels)],
    ["step", scalar(step)],
    ["before", scalar(from)],
    ...(mix === undefined
      ? []
      : ([
          ["partners", some(mix.labels)],
          ["share", scalar(mix.share)],
        ] as const)),
  ]);
}

/** One step, part by part: the state and the sums after it. */
function inParts(
  graph: Graph,
  options: TrainingStepOptions,
  state: ReadonlyMap<string, Tensor>,
  batch: Batch,
  step: number,
): Map<string, Tensor> {
  let held = new Map(state);
  for (const [from, to] of partsOf(options.batch, options.recipe.accumulate)) {
    const { program, sums } = partStep(graph, to - from, options);
    expect(verifyProgram(program)).toEqual([]);
    for (const { name, shape } of sums) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      if (from === 0) held.set(name, { shape, data: new Float64Array(size) });
    }
    const given = new Map([...held, ...fed(batch, from, to, step)]);
    held = new Map([...held, ...interpret(program, given)]);
  }
  const program = updateStep(graph, options);
  expect(verifyProgram(program)).toEqual([]);
  const given = new Map(held).set("step", { shape: [], data: Float64Array.of(step) });
  return new Map([...held, ...interpret(program, given)]);
}

describe("a training step in programs of a part each", () => {
  it.each<readonly [string, Partial<Recipe>]>([
    ["two equal parts", { accumulate: 2 }],
    ["three unequal parts", { accumulate: 3 }],
    ["more parts than images, under Adam", { accumulate: 9, optimizer: withAdam }],
    [
      "clipped, averaged, of mixed images",
      { accumulate: 3, clip: 0.5, ema: 0.6, augment: mixup, optimizer: withAdam },
    ],
    ["some of it frozen", { accumulate: 2, freeze: ["stem", "block2"] }],
    ["some of it frozen, averaged", { accumulate: 2, freeze: ["block1"], ema: 0.6 }],
  ])("is the step in one program: %s", (_, more) => {
    const graph = smallResNet(3, 0.4);
    const options = { recipe: recipe(more), stepsPerEpoch: 2, batch: 4 };
    const whole = trainingStep(graph, options);
    let [left, right]: ReadonlyMap<string, Tensor>[] = [
      initialState(graph, whole.state, 7),
      initialState(graph, whole.state, 7),
    ];
    for (let step = 0; step < 3; step++) {
      const make = options.recipe.augment.length > 0 ? mixedBatch : randomBatch;
      const batch = make(step, [4, 12, 12, 3]);
      const expected = runStep(whole, left ?? new Map(), batch, step);
      const found = inParts(graph, options, right ?? new Map(), batch, step);
      expect(metric(found, "sum/loss")).toBe(metric(expected, "loss"));
      expect(metric(found, "sum/correct")).toBe(metric(expected, "correct"));
      expect(metric(found, "step")).toBe(step + 1);
      const states = [canonicalState(whole, expected), canonicalState(whole, found)] as const;
      expect(stateDifference(...states)).toBe(0);
      [left, right] = [expected, found].map(
        (outputs) => new Map(whole.state.map(({ name }) => [name, outputs.get(name) as Tensor])),
      );
    }
  });

  it("is as long as one part is, and alive at once is one part", () => {
    const options = (accumulate: number) => ({
      recipe: recipe({ accumulate }),
      stepsPerEpoch: 2,
      batch: 16,
    });
    const whole = trainingStep(smallResNet(), options(1)).program;
    const part = partStep(smallResNet(), 1, options(16)).program;
    expect(part.instructions.length).toBeLessThan(whole.instructions.length);
    expect(peakLiveBytes(part)).toBeLessThan(peakLiveBytes(whole) / 8);
  });

  it("prints as it is", async () => {
    const net = new Sketch();
    net.add("conv", "conv", convAttributes(2, 3), net.input(4, 4, 1));
    net.add("batchnorm", "norm", norm, "conv");
    net.add("globalavgpool", "pool", {}, "norm");
    net.add("dense", "dense", { channels: 2, bias: true }, "pool");
    const given = { recipe: recipe({ accumulate: 2 }), stepsPerEpoch: 2, batch: 4 };
    const graph = net.graph("dense");
    const programs = [partStep(graph, 2, given).program, updateStep(graph, given)];
    const text = programs
      .map((program) => printProgram(rewrite(program, trainingRewrites)))
      .join("\n");
    await expect(text).toMatchFileSnapshot("./tiny-split-step.txt");
  });
});
