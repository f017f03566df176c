/**
 * A training step on a batch in parts as programs that run one after the other, for as many parts as there are:
 * one passes a part and adds to the sums of the step, one updates the state from the sums. Together they are
 * what `training-step.ts` writes into one.
 */
import type { Graph } from "../../graph/graph.js";
import { frozenNodes } from "../../recipe/frozen.js";
import { ProgramBuilder } from "../program/builder.js";
import { valueOf, type Program, type Value } from "../program/program.js";
import type { Shape } from "../program/value-type.js";
import { passPart } from "./batch-parts.js";
import { parameterGroups, putTogether, stateTensors, type ParameterGroup } from "./state.js";
import { movedAverages, updateTrained } from "./state-update.js";
import { batchInputs, takeWeights, type TrainingStepOptions } from "./training-step.js";

/** A sum over the parts of a step: an input of a part's program and, under the same name, an output of it. */
export interface SumTensor {
  readonly name: string;
  readonly shape: Shape;
}

function gradientSum(group: string): string {
  return `sum/gradient/${group}`;
}

/** The sums of the gradients of the groups that are trained, in their order. */
function gradientSums(groups: readonly ParameterGroup[]): readonly SumTensor[] {
  return groups
    .filter(({ trainable }) => trainable)
    .map(({ name, shape }) => ({ name: gradientSum(name), shape }));
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
  const { recipe, form = "tensors" } = options;
  const b = new ProgramBuilder();
  const frozen = frozenNodes(graph, recipe.freeze);
  const groups = parameterGroups(graph, form, frozen);
  const values = batchInputs(b, graph, { ...options, batch: images });
  const before = b.input("before", { dtype: "i32", shape: [] });
  const weights = inputsOf(b, stateTensors(groups, undefined));
  const parameters = b.within("state", () => takeWeights(b, groups, weights));
  const sums = [
    { name: "sum/loss", shape: [] },
    { name: "sum/correct", shape: [] },
    ...gradientSums(groups),
  ];
  const earlier = inputsOf(b, sums);
  const passed = passPart(b, graph, { ...options, frozen }, { ...values, before }, parameters);

  const own = new Map([
    ["sum/loss", passed.loss],
    ["sum/correct", passed.correct],
  ]);
  for (const group of groups.filter(({ trainable }) => trainable)) {
    const gradient = b.within("gradient", () => putTogether(b, group, passed.gradients));
    own.set(gradientSum(group.name), gradient);
  }
  for (const { name } of sums) {
    const sum = b.within("accumulate", () => b.add(valueOf(earlier, name), valueOf(own, name)));
    b.output(name, sum);
  }
  for (const group of groups) {
    if (group.members.every(({ key }) => passed.parameters.get(key) === parameters.get(key)))
      continue;
    const value = b.within("state", () => putTogether(b, group, passed.parameters));
    b.output(`weights/${group.name}`, value);
  }
  return { program: b.build(`${graph.name}-part-step`), sums };
}

/**
 * Inputs: `step` i32 (from 0), the state, its statistics moved by the last part, and the sums of the gradients.
 * Outputs: `step`, and those pieces of the state that an update changes.
 */
export function updateStep(
  graph: Graph,
  options: Pick<TrainingStepOptions, "recipe" | "stepsPerEpoch" | "form">,
): Program {
  const { recipe, form = "tensors" } = options;
  const b = new ProgramBuilder();
  const groups = parameterGroups(graph, form, frozenNodes(graph, recipe.freeze));
  const step = b.input("step", { dtype: "i32", shape: [] });
  const state = inputsOf(b, stateTensors(groups, recipe.optimizer.kind, recipe.ema > 0));
  const trained = groups.filter(({ trainable }) => trainable);
  const gradients = [...inputsOf(b, gradientSums(groups)).values()];
  const next = updateTrained(b, options, trained, state, gradients, step);
  const weights = new Map([...state, ...next]);
  const averages = movedAverages(b, options, groups, state, weights, step);
  b.output(
    "step",
    b.within("state", () => b.shift(step, 1)),
  );
  for (const [name, value] of [...next, ...averages]) b.output(name, value);
  return b.build(`${graph.name}-update`);
}

function inputsOf(b: ProgramBuilder, tensors: readonly SumTensor[]): ReadonlyMap<string, Value> {
  return new Map(tensors.map(({ name, shape }) => [name, b.input(name, { dtype: "f32", shape })]));
}
