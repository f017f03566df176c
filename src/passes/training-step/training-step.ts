/**
 * A whole training step as one program, (state, batch, step) -> (state, metrics): forward pass, loss,
 * gradients, clipping, update, moving statistics and metrics.
 */
import type { Graph } from "../../graph/graph.js";
import type { Sizes } from "../../graph/traversal.js";
import { frozenNodes } from "../../recipe/frozen.js";
import { rateFactors } from "../../recipe/rates.js";
import { isMixing, type Recipe } from "../../recipe/recipe.js";
import { imageShape } from "../lower/lower.js";
import type { ProgramParameter } from "../lower/parameters.js";
import { ProgramBuilder } from "../program/builder.js";
import { valueOf, type Program, type Value } from "../program/program.js";
import { passBatch, type BatchValues } from "./batch-parts.js";
import { stateTensors, stepParameters, type StateTensor } from "./state.js";
import { movedAverages, updateTrained } from "./state-update.js";

export interface TrainingStepOptions {
  readonly recipe: Pick<
    Recipe,
    | "loss"
    | "optimizer"
    | "schedule"
    | "epochs"
    | "seed"
    | "accumulate"
    | "clip"
    | "ema"
    | "freeze"
    | "rates"
    | "augment"
  >;
  /** Optimizer steps per epoch, for schedules that count epochs. */
  readonly stepsPerEpoch: number;
  /** Images of one step. */
  readonly batch: number;
  /** Sizes of the input's symbols, where it has any. */
  readonly sizes?: Sizes;
}

/** A step, and what its state is made of. */
export interface StepProgram {
  readonly program: Program;
  readonly state: readonly StateTensor[];
}

/**
 * The parts in which a recipe passes a batch follow each other within the program, which is as long as they are
 * many; `split-step.ts` has the same step in programs of one part each.
 *
 * Inputs: `images` f32 (N, H, W, C), `labels` i32 (N), `step` i32 (from 0), and the state; with a recipe
 * that mixes images also `partners` i32 (N), the other labels, and `share` f32, how much is the own.
 * Outputs: `loss` and `correct`, sums over the images before the update, `count`, `step`, and the state.
 * @throws RangeError where a symbol has no size.
 */
export function trainingStep(graph: Graph, options: TrainingStepOptions): StepProgram {
  const { recipe, batch } = options;
  const b = new ProgramBuilder();
  const frozen = frozenNodes(graph, recipe.freeze);
  const parameters = stepParameters(graph, frozen);
  const state = stateTensors(parameters, recipe.optimizer.kind, recipe.ema > 0);
  const values = batchInputs(b, graph, options);
  const given = stateInputs(b, state);
  const weights = weightsByKey(parameters, given);
  const passed = passBatch(b, graph, { ...options, frozen }, values, weights);

  const trained = parameters.filter(({ trainable }) => trainable);
  const gradients = trained.map(({ key }) => valueOf(passed.gradients, key));
  const factors = rateFactors(graph, recipe.rates);
  const next = updateTrained(b, { ...options, factors }, trained, given, gradients, values.step);
  for (const { key } of parameters.filter(({ trainable }) => !trainable)) {
    next.set(`weights/${key}`, valueOf(passed.parameters, key));
  }
  const averages = movedAverages(b, options, parameters, given, next, values.step);
  for (const [name, value] of averages) next.set(name, value);

  b.output("loss", passed.loss);
  b.output("correct", passed.correct);
  const count = b.within("metrics", () => b.fill(batch));
  const following = b.within("state", () => b.shift(values.step, 1));
  b.output("count", count);
  b.output("step", following);
  for (const { name } of state) b.output(name, valueOf(next, name));
  return { program: b.build(`${graph.name}-training-step`), state };
}

/** Whether a recipe's batches come with a mix of labels. */
export function mixesLabels({ augment }: Pick<Recipe, "augment">): boolean {
  return augment.some(isMixing);
}

/** The inputs of a step on `batch` images beside its state. */
export function batchInputs(
  b: ProgramBuilder,
  graph: Graph,
  { recipe, batch, sizes }: Pick<TrainingStepOptions, "recipe" | "batch" | "sizes">,
): BatchValues {
  const images = b.input("images", { dtype: "f32", shape: imageShape(graph, batch, sizes) });
  const labels = b.input("labels", { dtype: "i32", shape: [batch] });
  const step = b.input("step", { dtype: "i32", shape: [] });
  if (!mixesLabels(recipe)) return { images, labels, step };
  const partners = b.input("partners", { dtype: "i32", shape: [batch] });
  const share = b.input("share", { dtype: "f32", shape: [] });
  return { images, labels, mix: { labels: partners, share }, step };
}

/** An input for every piece of state or sum, by its name. */
export function stateInputs(
  b: ProgramBuilder,
  tensors: readonly Pick<StateTensor, "name" | "shape">[],
): ReadonlyMap<string, Value> {
  return new Map(tensors.map(({ name, shape }) => [name, b.input(name, { dtype: "f32", shape })]));
}

/** The weights among the pieces of state, by `NODE.PARAMETER`. */
export function weightsByKey(
  parameters: readonly ProgramParameter[],
  state: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  return new Map(parameters.map(({ key }) => [key, valueOf(state, `weights/${key}`)]));
}
