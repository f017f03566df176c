/**
 * A training step on a batch in parts as programs that run one after the other, for as many parts as there are:
 * one passes a part and adds to the sums of the step, one updates the state from the sums. Together they are
 * what `training-step.ts` writes into one.
 */
import type { Graph } from "../../graph/graph.js";
import { frozenNodes } from "../../recipe/frozen.js";
import { rateFactors } from "../../recipe/rates.js";
import type { ProgramParameter } from "../lower/parameters.js";
import { ProgramBuilder } from "../program/builder.js";
import { valueOf, type Program } from "../program/program.js";
import type { Shape } from "../program/value-type.js";
import { passPart } from "./batch-parts.js";
import { stateTensors, stepParameters } from "./state.js";
import { movedAverages, updateTrained } from "./state-update.js";
import {
  batchInputs,
  stateInputs,
  weightsByKey,
  type TrainingStepOptions,
} from "./training-step.js";

/** A sum over the parts of a step: an input of a part's program and, under the same name, an output of it. */
export interface SumTensor {
  readonly name: string;
  readonly shape: Shape;
}

function gradientSum(key: string): string {
  return `sum/gradient/${key}`;
}

/** The sums of the gradients of the parameters that are trained, in their order. */
function gradientSums(parameters: readonly ProgramParameter[]): readonly SumTensor[] {
  return parameters
    .filter(({ trainable }) => trainable)
    .map(({ key, programShape: shape }) => ({ name: gradientSum(key), shape }));
}

export interface PartProgram {
  readonly program: Program;
  readonly sums: readonly SumTensor[];
}

/**
 * Inputs: `images`, `labels`, `step`, `partners` and `share` as of a whole step, of the `images` images of the
 * part; `before` i32, how many images of the batch stand before them; the weights, and the sums: zero before
 * the first part. Outputs: the sums, and those of the weights that a pass moves, its batch norms' statistics,
 * of which the next part goes on.
 * @param options `batch` is the whole batch's. @throws RangeError where a symbol has no size.
 */
export function partStep(graph: Graph, images: number, options: TrainingStepOptions): PartProgram {
  const { recipe } = options;
  const b = new ProgramBuilder();
  const frozen = frozenNodes(graph, recipe.freeze);
  const parameters = stepParameters(graph, frozen);
  const values = batchInputs(b, graph, { ...options, batch: images });
  const before = b.input("before", { dtype: "i32", shape: [] });
  const given = stateInputs(b, stateTensors(parameters, undefined));
  const weights = weightsByKey(parameters, given);
  const sums = [
    { name: "sum/loss", shape: [] },
    { name: "sum/correct", shape: [] },
    ...gradientSums(parameters),
  ];
  const earlier = stateInputs(b, sums);
  const passed = passPart(b, graph, { ...options, frozen }, { ...values, before }, weights);

  const own = new Map([
    ["sum/loss", passed.loss],
    ["sum/correct", passed.correct],
  ]);
  for (const [key, gradient] of passed.gradients) own.set(gradientSum(key), gradient);
  for (const { name } of sums) {
    const sum = b.within("accumulate", () => b.add(valueOf(earlier, name), valueOf(own, name)));
    b.output(name, sum);
  }
  for (const [key, moved] of passed.parameters) {
    if (moved !== weights.get(key)) b.output(`weights/${key}`, moved);
  }
  return { program: b.build(`${graph.name}-part-step`), sums };
}

/**
 * Inputs: `step` i32 (from 0), the state, its statistics moved by the last part, and the sums of the gradients.
 * Outputs: `step`, and those pieces of the state that an update changes.
 */
export function updateStep(
  graph: Graph,
  options: Pick<TrainingStepOptions, "recipe" | "stepsPerEpoch">,
): Program {
  const { recipe } = options;
  const b = new ProgramBuilder();
  const parameters = stepParameters(graph, frozenNodes(graph, recipe.freeze));
  const step = b.input("step", { dtype: "i32", shape: [] });
  const state = stateInputs(b, stateTensors(parameters, recipe.optimizer.kind, recipe.ema > 0));
  const trained = parameters.filter(({ trainable }) => trainable);
  const gradients = [...stateInputs(b, gradientSums(parameters)).values()];
  const factors = rateFactors(graph, recipe.rates);
  const next = updateTrained(b, { ...options, factors }, trained, state, gradients, step);
  const weights = new Map([...state, ...next]);
  const averages = movedAverages(b, options, parameters, state, weights, step);
  b.output(
    "step",
    b.within("state", () => b.shift(step, 1)),
  );
  for (const [name, value] of [...next, ...averages]) b.output(name, value);
  return b.build(`${graph.name}-update`);
}
