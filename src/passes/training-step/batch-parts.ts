/** The forward and backward passes of a batch, whole or in parts whose gradients accumulate. */
import type { Graph } from "../../graph/graph.js";
import type { Sizes } from "../../graph/traversal.js";
import { partsOf } from "../../recipe/parts.js";
import type { Recipe } from "../../recipe/recipe.js";
import { differentiate } from "../differentiate/differentiate.js";
import { lowerGraph } from "../lower/lower.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";
import { batchMetrics, type Targets } from "./loss.js";

/** The inputs of a step beside its state. */
export interface BatchValues extends Targets {
  /** f32 (N, H, W, C). */
  readonly images: Value;
  /** i32. */
  readonly step: Value;
}

/** What the passes of a batch give. */
export interface Passed {
  /** Sums over the images. */
  readonly loss: Value;
  readonly correct: Value;
  /** The gradients of the mean loss, by `NODE.PARAMETER`, of all trainable parameters. */
  readonly gradients: ReadonlyMap<string, Value>;
  /** All parameters, moving statistics moved. */
  readonly parameters: ReadonlyMap<string, Value>;
}

export interface PassOptions {
  readonly recipe: Pick<Recipe, "loss" | "seed" | "accumulate">;
  readonly batch: number;
  readonly sizes?: Sizes;
  /** The nodes whose parameters are not trained. */
  readonly frozen: ReadonlySet<string>;
}

/** A batch passed in as many nearly equal parts as the recipe says, or in one of an image each. */
export function passBatch(
  b: ProgramBuilder,
  graph: Graph,
  options: PassOptions,
  values: BatchValues,
  parameters: ReadonlyMap<string, Value>,
): Passed {
  const { batch, recipe } = options;
  const ranges = partsOf(batch, recipe.accumulate);
  if (ranges.length === 1) return passPart(b, graph, options, { ...values, before: 0 }, parameters);
  let passed: Passed | undefined;
  for (const [index, [from, to]] of ranges.entries()) {
    const part = partOf(b, values, `part${index}`, from, to);
    const own = passPart(b, graph, options, part, passed?.parameters ?? parameters);
    const sofar = passed;
    passed = sofar === undefined ? own : b.within("accumulate", () => together(b, sofar, own));
  }
  if (passed === undefined) throw new RangeError(`a batch of ${batch} images`);
  return passed;
}

/** Some of a batch's images, `before` of which stand before them. */
export interface Part extends BatchValues {
  /** i32 where it is only known when the program runs. */
  readonly before: number | Value;
  /** The scope of what is written for the part. */
  readonly name?: string;
}

function partOf(
  b: ProgramBuilder,
  { images, labels, mix, step }: BatchValues,
  name: string,
  before: number,
  after: number,
): Part {
  const { shape } = images.type;
  const start = shape.map(() => 0).with(0, before);
  const some = (all: Value): Value => b.slice(all, [before], [after]);
  return b.within(name, () => ({
    images: b.slice(images, start, shape.with(0, after)),
    labels: some(labels),
    ...(mix && { mix: { labels: some(mix.labels), share: mix.share } }),
    step,
    before,
    name,
  }));
}

/** Some of the images of a batch of `options.batch` passed by themselves. */
export function passPart(
  b: ProgramBuilder,
  graph: Graph,
  { recipe, batch, sizes, frozen }: PassOptions,
  { images, labels, mix, step, before, name }: Part,
  parameters: ReadonlyMap<string, Value>,
): Passed {
  const forward = () => {
    const draws = { seed: recipe.seed, step, imagesBefore: before };
    const pass = { kind: "training", ...draws, frozen } as const;
    const { heads, moved } = lowerGraph(b, graph, images, parameters, pass, sizes);
    const { loss, correct } = batchMetrics(b, heads, { labels, ...(mix && { mix }) }, recipe.loss);
    // Divided by the whole batch, so that the gradients of the parts add up.
    const mean = b.within("loss", () => b.scale(loss, 1 / batch));
    return { moved, loss, correct, mean };
  };
  const { moved, loss, correct, mean } = name === undefined ? forward() : b.within(name, forward);
  const isFixed = (key: string): boolean => frozen.has(key.slice(0, key.lastIndexOf(".")));
  const trainables = [...parameters].filter(([key]) => !moved.has(key) && !isFixed(key));
  const by = trainables.map(([, value]) => value);
  const gradients = differentiate(b, mean, by);
  return {
    loss,
    correct,
    gradients: new Map(trainables.map(([key], i) => [key, gradients[i] as Value])),
    parameters: new Map([...parameters, ...moved]),
  };
}

function together(b: ProgramBuilder, before: Passed, own: Passed): Passed {
  const sums = [...own.gradients].map(([key, gradient]) => {
    const earlier = before.gradients.get(key);
    return [key, earlier === undefined ? gradient : b.add(earlier, gradient)] as const;
  });
  return {
    loss: b.add(before.loss, own.loss),
    correct: b.add(before.correct, own.correct),
    gradients: new Map(sums),
    parameters: own.parameters,
  };
}
