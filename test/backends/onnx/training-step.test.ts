/** Training steps that ONNX Runtime computes give what the interpreter gives, state and metrics alike. */
import { describe, expect, it } from "vitest";
import { inputOf } from "../../../src/graph/traversal.js";
import type { Graph } from "../../../src/graph/graph.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { valueTypes, type Program } from "../../../src/passes/program/program.js";
import { rewrite, trainingRewrites } from "../../../src/passes/rewrites/pipeline.js";
import { evaluationStep } from "../../../src/passes/training-step/evaluation-step.js";
import {
  trainingStep,
  type StepProgram,
  type TrainingStepOptions,
} from "../../../src/passes/training-step/training-step.js";
import { unweighted } from "../../../src/recipe/class-weights.js";
import { adam, lamb, nesterov, recipe, smallResNet } from "../../engines/networks.js";
import { initialState, randomBatch } from "../../passes/training-step/run-step.js";
import { branched, grouped, randomResNet, wideResNet } from "./networks.js";
import { difference, layouts, RunningProgram, wrongOutputs } from "./runtime.js";

// With a tiny epsilon Adam takes whole steps along the rounding of gradients that are almost zero.
const withAdam = adam({ epsilon: 1e-3 });
const smoothing = { kind: "crossentropy", smoothing: 0.1 } as const;
const cosine = { kind: "cosine", floor: 0.1, warmup: 0.5 } as const;
const square = { kind: "polynomial", power: 2, floor: 0, warmup: 0.5 } as const;

type Options = Partial<TrainingStepOptions>;

/**
 * How far float32 may take one step. The random networks normalise over as few as three elements, where
 * rounding grows most; five times as far in three steps.
 */
const [near, far] = [2e-5, 2e-4];

/** Name, network, and what its step has beside SGD with momentum and decay at batch 4. */
const runs: readonly (readonly [string, Graph, Options])[] = [
  ["sgd", wideResNet(), {}],
  [
    "nesterov, clipped, with a schedule",
    wideResNet(),
    { recipe: recipe({ optimizer: nesterov, schedule: cosine, clip: 0.5 }) },
  ],
  [
    "adam, label smoothing",
    wideResNet(),
    { recipe: recipe({ optimizer: withAdam, loss: smoothing }), batch: 17 },
  ],
  [
    "adam, clipped, in parts",
    wideResNet(),
    { recipe: recipe({ optimizer: withAdam, clip: 0.5, accumulate: 2 }), batch: 7 },
  ],
  ["few channels", smallResNet(3, 0.2), { recipe: recipe({ loss: smoothing }) }],
  [
    "weighted classes",
    wideResNet(),
    { recipe: recipe({ loss: { ...smoothing, weights: [0.5, 3, 1] } }) },
  ],
  [
    "each class by itself, moves as long as kernels",
    wideResNet(),
    {
      recipe: recipe({
        optimizer: lamb,
        loss: { kind: "bce", smoothing: 0.1 },
        schedule: square,
      }),
      batch: 7,
    },
  ],
  ["branches and two heads in blocks", branched(16), { recipe: recipe({ loss: smoothing }) }],
  [
    "branches and two heads, in parts",
    branched(16),
    { recipe: recipe({ optimizer: nesterov, accumulate: 2 }) },
  ],
  ["branches of odd channels", branched(5), {}],
  ["groups and dilation", grouped(), { recipe: recipe({ clip: 1 }) }],
  ["groups and dilation, adam", grouped(), { recipe: recipe({ optimizer: withAdam }), batch: 3 }],
  ...Array.from({ length: 8 }, (_, seed): readonly [string, Graph, Options] => [
    `random network ${seed}`,
    randomResNet(seed),
    { recipe: recipe({ optimizer: seed % 2 === 0 ? nesterov : recipe().optimizer }), batch: 3 },
  ]),
];

/** The random bits that dropout draws, beside the outputs. */
function withMasks(program: Program): Program {
  const types = valueTypes(program);
  const masks = program.instructions.filter(
    ({ primitive, operands }) =>
      primitive === "compare" && types.get(operands[0] ?? "")?.dtype === "u32",
  );
  const outputs = masks.map(({ name }) => ({ name: `mask/${name}`, value: name }));
  return { ...program, outputs: [...program.outputs, ...outputs] };
}

type Values = Map<string, Tensor>;
type Run = (inputs: ReadonlyMap<string, Tensor>) => Values | Promise<Values>;

/** The outputs of every one of the first steps of a run, and of the judgement of one batch after them. */
async function outputsOf(graph: Graph, step: StepProgram, batch: number, run: Run, judge: Run) {
  const { spatial, channels } = inputOf(graph).type;
  const shape = [batch, Number(spatial[0]), Number(spatial[1]), channels] as const;
  let state: ReadonlyMap<string, Tensor> = initialState(graph, step.state, 7);
  const given = (seed: number): Values => {
    const { images, labels } = randomBatch(seed, shape);
    return new Map(state)
      .set("images", { shape, data: Float64Array.from(images) })
      .set("labels", { shape: [batch], data: Float64Array.from(labels) })
      .set("step", { shape: [], data: Float64Array.of(seed) });
  };
  const all: Values[] = [];
  for (let i = 0; i < 3; i++) {
    const outputs = await run(given(i));
    all.push(outputs);
    state = new Map(step.state.map(({ name }) => [name, outputs.get(name) as Tensor]));
  }
  return { steps: all, judged: await judge(given(9)) };
}

function compare(program: Program, found: Values, expected: Values): Map<string, number> {
  const types = valueTypes(program);
  return new Map(
    program.outputs.map(({ name, value }) => {
      const dtype = types.get(value)?.dtype ?? "f32";
      return [
        name,
        difference(dtype, found.get(name) as Tensor, expected.get(name) as Tensor, 1e-3),
      ];
    }),
  );
}

describe.skipIf(layouts.length === 0)(
  "a training step on the runtime is the interpreter's:",
  () => {
    it.each(runs)("%s", async (name, graph, options) => {
      const { batch = 4 } = options;
      const tolerance = name.startsWith("random") ? far : near;
      const all = { recipe: recipe(), stepsPerEpoch: 2, ...options, batch };
      const written = trainingStep(graph, all);
      const step = { ...written, program: withMasks(rewrite(written.program, trainingRewrites)) };
      const smooth = { batch, loss: unweighted(all.recipe.loss) };
      const evaluation = rewrite(evaluationStep(graph, smooth).program, trainingRewrites);
      const expected = await outputsOf(
        graph,
        step,
        batch,
        (inputs) => interpret(step.program, inputs),
        (inputs) => interpret(evaluation, inputs),
      );
      for (const { layout, block } of layouts) {
        const running = await RunningProgram.open(step.program, block);
        const judging = await RunningProgram.open(evaluation, block);
        const found = await outputsOf(
          graph,
          step,
          batch,
          (inputs) => running.run(inputs),
          (inputs) => judging.run(inputs),
        );
        await Promise.all([running.close(), judging.close()]);
        const [first, , third] = found.steps.map((outputs, i) =>
          compare(step.program, outputs, expected.steps[i] as Values),
        ) as [Map<string, number>, unknown, Map<string, number>];
        expect(wrongOutputs(first, tolerance), `${layout}, one step`).toEqual([]);
        expect(wrongOutputs(third, 5 * tolerance), `${layout}, three steps`).toEqual([]);
        const judged = compare(evaluation, found.judged, expected.judged);
        expect(wrongOutputs(judged, 5 * tolerance), `${layout}, judged`).toEqual([]);
      }
    });
  },
);
