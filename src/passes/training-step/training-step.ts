/**
 * A whole training step as one program, (state, batch, step) -> (state, metrics): forward pass, loss,
 * gradients, clipping, update, moving statistics and metrics.
 */
import type { Graph } from "../../graph/graph.js";
import type { Sizes } from "../../graph/traversal.js";
import type { Recipe } from "../../recipe/recipe.js";
import { imageShape } from "../lower/lower.js";
import { ProgramBuilder } from "../program/builder.js";
import type { Program, Value } from "../program/program.js";
import { passBatch } from "./batch-parts.js";
import { clipGradients } from "./clip.js";
import { rateFactorAt } from "./schedule.js";
import {
  parameterGroups,
  putTogether,
  stateTensors,
  takeApart,
  type ParameterGroup,
  type StateForm,
  type StateTensor,
} from "./state.js";
import { momentOf, slotNames, update } from "./update.js";

export interface TrainingStepOptions {
  readonly recipe: Pick<Recipe, "loss" | "optimizer" | "schedule" | "epochs" | "seed">;
  /** Optimizer steps per epoch, for schedules that count epochs. */
  readonly stepsPerEpoch: number;
  /** Images of one step. */
  readonly batch: number;
  /** Sizes of the input's symbols, where it has any. */
  readonly sizes?: Sizes;
  /** The largest global norm of the gradients; they are not clipped where it is left out. */
  readonly clip?: number;
  /**
   * In how many equal parts, one after the other, a step's batch is passed; 1 where left out. Batch norm
   * sees each part by itself.
   */
  readonly parts?: number;
  /** `tensors` where left out. */
  readonly form?: StateForm;
}

/** A step, and what its state is made of. */
export interface StepProgram {
  readonly program: Program;
  readonly state: readonly StateTensor[];
}

/**
 * Inputs: `images` f32 (N, H, W, C), `labels` i32 (N), `step` i32 (from 0), and the state.
 * Outputs: `loss` and `correct`, sums over the images before the update, `count`, `step`, and the state.
 * @throws RangeError where the batch does not fall into equal parts, or a symbol has no size.
 */
export function trainingStep(graph: Graph, options: TrainingStepOptions): StepProgram {
  const { recipe, batch, form = "tensors" } = options;
  const b = new ProgramBuilder();
  const groups = parameterGroups(graph, form);
  const state = stateTensors(groups, recipe.optimizer.kind);
  const images = b.input("images", {
    dtype: "f32",
    shape: imageShape(graph, batch, options.sizes),
  });
  const labels = b.input("labels", { dtype: "i32", shape: [batch] });
  const step = b.input("step", { dtype: "i32", shape: [] });
  const given = new Map(
    state.map(({ name, shape }) => [name, b.input(name, { dtype: "f32", shape })]),
  );
  const parameters = b.within("state", () => takeAll(b, groups, given));
  const passed = passBatch(b, graph, options, { images, labels, step }, parameters);

  const trainables = groups.filter(({ trainable }) => trainable);
  const joined = b.within("gradient", () =>
    trainables.map((group) => putTogether(b, group, passed.gradients)),
  );
  const gradients =
    options.clip === undefined
      ? joined
      : b.within("clip", () => clipGradients(b, joined, options.clip ?? Infinity));
  const next = updateAll(b, options, trainables, given, gradients, step);
  for (const group of groups.filter(({ trainable }) => !trainable)) {
    const value = b.within("state", () => putTogether(b, group, passed.parameters));
    next.set(`weights/${group.name}`, value);
  }

  b.output("loss", passed.loss);
  b.output("correct", passed.correct);
  const count = b.within("metrics", () => b.fill(batch));
  const following = b.within("state", () => b.shift(step, 1));
  b.output("count", count);
  b.output("step", following);
  for (const { name } of state) b.output(name, valueOf(next, name));
  return { program: b.build(`${graph.name}-training-step`), state };
}

/** The new value of every piece of state of the trainable groups. */
function updateAll(
  b: ProgramBuilder,
  { recipe, stepsPerEpoch }: TrainingStepOptions,
  groups: readonly ParameterGroup[],
  state: ReadonlyMap<string, Value>,
  gradients: readonly Value[],
  step: Value,
): Map<string, Value> {
  const { optimizer, schedule, epochs } = recipe;
  const moment = b.within("schedule", () =>
    momentOf(b, optimizer, rateFactorAt(b, schedule, step, stepsPerEpoch, epochs), step),
  );
  const next = new Map<string, Value>();
  for (const [i, group] of groups.entries()) {
    const { name, decays } = group;
    const weight = valueOf(state, `weights/${name}`);
    const slots = new Map(
      slotNames[optimizer.kind].map((slot) => [slot, valueOf(state, `optimizer/${slot}/${name}`)]),
    );
    const parameter = { weight, gradient: gradients[i] as Value, slots, decays };
    const updated = b.within(`update/${name}`, () => update(b, optimizer, parameter, moment));
    next.set(`weights/${name}`, updated.weight);
    for (const [slot, value] of updated.slots) next.set(`optimizer/${slot}/${name}`, value);
  }
  return next;
}

function takeAll(
  b: ProgramBuilder,
  groups: readonly ParameterGroup[],
  state: ReadonlyMap<string, Value>,
): Map<string, Value> {
  return new Map(
    groups.flatMap((group) => [...takeApart(b, group, valueOf(state, `weights/${group.name}`))]),
  );
}

function valueOf(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new RangeError(`there is no value for ${name}`);
  return value;
}
