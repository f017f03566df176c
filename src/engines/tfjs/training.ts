/**
 * Training steps of a built model: forward passes, gradients by TensorFlow.js, clipping, the optimizer's
 * update, moving statistics and moving averages. A step is computed without waiting for the device, and knows
 * of its batch and its number only what it is fed.
 */
import {
  add,
  dispose,
  keep,
  mul,
  scalar,
  tidy,
  variable,
  variableGrads,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { BuiltModel } from "../../backends/tfjs/model.js";
import type { Graph } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { averageDecay } from "../../recipe/average.js";
import { frozenNodes } from "../../recipe/frozen.js";
import { partsOf, type Range } from "../../recipe/parts.js";
import { rateFactors } from "../../recipe/rates.js";
import type { Loss, Recipe } from "../../recipe/recipe.js";
import { rateFactor } from "../../recipe/schedule.js";
import { EngineError, type Batch, type Metrics } from "../engine.js";
import { nothingToTrain } from "../session-errors.js";
import type { BatchStatistics } from "./batch-norm.js";
import { forward, type ForwardResult } from "./forward.js";
import { countCorrect, lossOf, targetsOf } from "./loss.js";
import { createOptimizer, type TfjsOptimizer, type Trainable } from "./optimizer.js";
import type { StepObserver } from "./step-observer.js";
import { fedNumber, type Feed, type Given, type WorkRunner } from "./work-runner.js";
import { clippedGradients, moveAverage } from "./update.js";
import { move } from "./weighted-sum.js";

/** One pass of some images of a batch. */
interface PassedPart {
  /** Their loss divided by the whole batch, and their logits of the last head. */
  readonly loss: Scalar;
  readonly logits: Tensor;
  /** By `NODE.PARAMETER`. */
  readonly gradients: NamedTensorMap;
}

export class Training {
  /** By `SLOT/NODE.PARAMETER`. */
  readonly slots: ReadonlyMap<string, Variable>;
  /** The moving average of every parameter, by `NODE.PARAMETER`; empty where the recipe keeps none. */
  readonly averages: ReadonlyMap<string, Variable>;
  readonly #frozen: ReadonlySet<string>;
  readonly #trainables: readonly Trainable[];
  readonly #optimizer: TfjsOptimizer;

  /** @throws EngineError where all of the network is frozen. */
  constructor(
    readonly built: BuiltModel,
    readonly graph: Graph,
    readonly recipe: Recipe,
    readonly stepsPerEpoch: number,
  ) {
    this.#frozen = frozenNodes(graph, recipe.freeze);
    const parameters = graphParameters(graph);
    const factors = rateFactors(graph, recipe.rates);
    this.#trainables = parameters
      .filter(({ node, trainable }) => trainable && !this.#frozen.has(node))
      .map(({ key, node, decays }) => {
        return { key, variable: parameterOf(built, key), decays, factor: factors(node) };
      });
    if (this.#trainables.length === 0) throw nothingToTrain(graph);
    this.#optimizer = createOptimizer(recipe.optimizer, this.#trainables);
    this.slots = this.#optimizer.slots;
    const averaged = recipe.ema > 0 ? parameters : [];
    this.averages = new Map(
      averaged.map(({ key }) => [key, tidy(() => variable(parameterOf(built, key), false))]),
    );
  }

  /** Hands a step to the runner before it returns. @returns the metrics, once they have come back. */
  async take(given: Given, runner: WorkRunner, observer?: StepObserver): Promise<Metrics> {
    const { shape, labels } = given.batch;
    const [count] = shape;
    const ranges = partsOf(count, this.recipe.accumulate);
    const read = await runner.run(given, (feed) => {
      const read: Tensor[] = [];
      let sums: NamedTensorMap | undefined;
      for (const range of ranges) {
        const { loss, logits, gradients } = this.#pass(shape, range, feed, observer);
        read.push(loss, logits);
        sums = sums === undefined ? gradients : summed(sums, gradients);
      }
      observer?.update();
      this.#update(sums ?? {}, feed);
      return read;
    });
    let [loss, correct] = [0, 0];
    for (const [index, [from, to]] of ranges.entries()) {
      const [mean, logits = new Float32Array()] = read.slice(2 * index);
      loss += (mean?.[0] ?? NaN) * count;
      correct += countCorrect(logits, labels.subarray(from, to));
    }
    return { loss, correct, count };
  }

  dispose(): void {
    this.#optimizer.dispose();
    for (const average of this.averages.values()) average.dispose();
  }

  /** Some images of a batch; their batch norms' moving statistics move. */
  #pass(
    [count, height, width, channels]: Batch["shape"],
    [from, to]: Range,
    feed: Feed,
    observer: StepObserver | undefined,
  ): PassedPart {
    const { recipe, graph, built } = this;
    const size = height * width * channels;
    const images = feed([to - from, height, width, channels], ({ batch }) =>
      batch.images.subarray(from * size, to * size),
    ) as Tensor4D;
    const targets: Targets = (rows, classes) =>
      feed([rows, classes], ({ batch }) =>
        targetsOf(partOf(batch, from, to), classes, recipe.loss),
      ) as Tensor2D;
    const draws = { seed: recipe.seed, feed, imagesBefore: from };
    let result: ForwardResult | undefined;
    const { value, grads } = variableGrads(
      () => {
        const pass = { kind: "training", ...draws, frozen: this.#frozen } as const;
        result = forward(built, graph, images, pass, observer);
        observer?.loss();
        for (const logits of result.outputs) keep(logits);
        const mean = mul<Scalar>(lossSum(result, targets, recipe.loss.kind), 1 / count);
        observer?.differentiated();
        return mean;
      },
      this.#trainables.map((trainable) => trainable.variable),
    );
    const logits = result?.outputs.at(-1);
    if (result === undefined || logits === undefined) {
      throw new EngineError("the network has no output");
    }
    observer?.update();
    this.#moveStatistics(result.statistics);
    dispose([images, ...result.outputs.filter((output) => output !== logits)]);
    const gradients = Object.fromEntries(
      this.#trainables.map((trainable) => [trainable.key, gradientOf(grads, trainable.variable)]),
    );
    return { loss: value, logits, gradients };
  }

  /** Takes the gradients over. */
  #update(gradients: NamedTensorMap, feed: Feed): void {
    const { recipe, stepsPerEpoch } = this;
    const { optimizer, schedule, epochs, clip, ema } = recipe;
    const rateAt = (step: number): number =>
      optimizer.rate * rateFactor(schedule, step, stepsPerEpoch, epochs);
    if (clip > 0) {
      const clipped = clippedGradients(gradients, clip);
      this.#optimizer.update(clipped, rateAt, feed);
      dispose(clipped);
    } else {
      this.#optimizer.update(gradients, rateAt, feed);
    }
    dispose(gradients);
    if (this.averages.size === 0) return;
    tidy(() => {
      const decay = fedNumber(feed, (step) => averageDecay(ema, step));
      for (const [key, average] of this.averages) {
        moveAverage(average, parameterOf(this.built, key), decay);
      }
    });
  }

  /** moving = momentum moving + (1 - momentum) batch, once per pass. */
  #moveStatistics(statistics: ReadonlyMap<string, BatchStatistics>): void {
    for (const node of this.graph.nodes) {
      const seen = statistics.get(node.name);
      if (node.op !== "batchnorm" || seen === undefined) continue;
      const { momentum } = node.attributes;
      for (const name of ["mean", "variance"] as const) {
        const moving = parameterOf(this.built, `${node.name}.moving_${name}`);
        move(moving, momentum, 1 - momentum, seen[name]);
      }
      dispose([seen.mean, seen.variance]);
    }
  }
}

/** A parameter of the model, by `NODE.PARAMETER`. */
export function parameterOf(built: BuiltModel, key: string): Variable {
  const found = built.parameters.get(key);
  if (found === undefined) throw new RangeError(`the model has no ${key}`);
  return found.read() as Variable;
}

/** What the images of a pass should get, (N, classes). */
export type Targets = (rows: number, classes: number) => Tensor2D;

/** The loss of every head, summed over heads and images. */
export function lossSum(
  { outputs }: Pick<ForwardResult, "outputs">,
  targets: Targets,
  kind: Loss["kind"],
): Scalar {
  return tidy(() =>
    outputs.reduce<Scalar>((total, logits) => {
      const [rows = 0, classes = 0] = logits.shape;
      return add<Scalar>(total, lossOf(kind, logits as Tensor2D, targets(rows, classes)));
    }, scalar(0)),
  );
}

function partOf({ labels, mix }: Batch, from: number, to: number): Pick<Batch, "labels" | "mix"> {
  return {
    labels: labels.subarray(from, to),
    ...(mix && { mix: { ...mix, labels: mix.labels.subarray(from, to) } }),
  };
}

/** The sums of the gradients of parts, which are taken over. */
function summed(earlier: NamedTensorMap, own: NamedTensorMap): NamedTensorMap {
  const sums = Object.entries(earlier).map(([key, sum]) => {
    const gradient = own[key];
    if (gradient === undefined) throw new RangeError(`no gradient for ${key}`);
    return [key, tidy(() => add(sum, gradient))] as const;
  });
  dispose([...Object.values(earlier), ...Object.values(own)]);
  return Object.fromEntries(sums);
}

function gradientOf(grads: NamedTensorMap, { name }: Variable): Tensor {
  const gradient = grads[name];
  if (gradient === undefined) throw new RangeError(`no gradient for ${name}`);
  return gradient;
}
