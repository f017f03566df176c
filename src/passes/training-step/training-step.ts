/**
 * A whole training step as one program, (state, batch, step) -> (state, metrics): forward pass, loss,
 * gradients, clipping, update, moving statistics and metrics.
 */
import type { Graph } from "../../graph/graph.js";
import type { Sizes } from "../../graph/traversal.js";
import type { Recipe } from "../../recipe/recipe.js";
import { differentiate } from "../differentiate/differentiate.js";
import { imageShape, lowerGraph } from "../lower/lower.js";
import { ProgramBuilder } from "../program/builder.js";
import type { Program, Value } from "../program/program.js";
import { clipGradients } from "./clip.js";
import { judge } from "./loss.js";
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
  const passed = passParts(b, graph, options, { images, labels, step }, parameters);

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
  b.output(
    "count",
    b.within("metrics", () => b.fill(batch)),
  );
  b.output(
    "step",
    b.within("state", () => b.shift(step, 1)),
  );
  for (const { name } of state) b.output(name, valueOf(next, name));
  return { program: b.build(`${graph.name}-training-step`), state };
}

interface Batch {
  readonly images: Value;
  readonly labels: Value;
  readonly step: Value;
}

interface Passed {
  /** Sums over the images of all parts. */
  readonly loss: Value;
  readonly correct: Value;
  /** The gradients of the mean loss, by `NODE.PARAMETER`, of all trainable parameters. */
  readonly gradients: ReadonlyMap<string, Value>;
  /** All parameters, moving statistics moved. */
  readonly parameters: ReadonlyMap<string, Value>;
}

/** Forward and backward passes of all parts of the batch. */
function passParts(
  b: ProgramBuilder,
  graph: Graph,
  options: TrainingStepOptions,
  batch: Batch,
  weights: ReadonlyMap<string, Value>,
): Passed {
  const { batch: count, parts = 1 } = options;
  if (count % parts !== 0) {
    throw new RangeError(`a batch of ${count} images does not fall into ${parts} equal parts`);
  }
  let passed: Passed | undefined;
  for (let part = 0; part < parts; part++) {
    const imagesBefore = part * (count / parts);
    const share = parts === 1 ? batch : shareOf(b, batch, imagesBefore, count / parts, part);
    const pass = (): Passed =>
      passPart(b, graph, options, share, passed?.parameters ?? weights, imagesBefore);
    const own = parts === 1 ? pass() : b.within(`part${part}`, pass);
    const before = passed;
    passed =
      before === undefined
        ? own
        : b.within("accumulate", () => ({
            loss: b.add(before.loss, own.loss),
            correct: b.add(before.correct, own.correct),
            gradients: new Map(
              [...own.gradients].map(([key, gradient]) => [
                key,
                b.add(valueOf(before.gradients, key), gradient),
              ]),
            ),
            parameters: own.parameters,
          }));
  }
  if (passed === undefined) throw new RangeError(`a batch in ${parts} parts`);
  return passed;
}

function shareOf(
  b: ProgramBuilder,
  { images, labels, step }: Batch,
  from: number,
  count: number,
  part: number,
): Batch {
  return b.within(`part${part}`, () => {
    const { shape } = images.type;
    const start = shape.map(() => 0).with(0, from);
    return {
      images: b.slice(images, start, shape.with(0, from + count)),
      labels: b.slice(labels, [from], [from + count]),
      step,
    };
  });
}

function passPart(
  b: ProgramBuilder,
  graph: Graph,
  { recipe, batch: count, sizes }: TrainingStepOptions,
  { images, labels, step }: Batch,
  parameters: ReadonlyMap<string, Value>,
  imagesBefore: number,
): Passed {
  const pass = { kind: "training", seed: recipe.seed, step, imagesBefore } as const;
  const { heads, moved } = lowerGraph(b, graph, images, parameters, pass, sizes);
  const { loss, correct } = judge(b, heads, labels, recipe.loss.smoothing);
  const mean = b.within("loss", () => b.scale(loss, 1 / count));
  const trainables = [...parameters].filter(([key]) => !moved.has(key));
  const gradients = differentiate(
    b,
    mean,
    trainables.map(([, value]) => value),
  );
  const byKey = trainables.map(([key], i) => [key, gradients[i] as Value] as const);
  return {
    loss,
    correct,
    gradients: new Map(byKey),
    parameters: new Map([...parameters, ...moved]),
  };
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
