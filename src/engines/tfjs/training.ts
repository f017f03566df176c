/**
 * Training steps of a built model: forward passes, gradients by TensorFlow.js, clipping, the optimizer's
 * update, moving statistics and moving averages. A step is computed without waiting for the device.
 */
import {
  add,
  dispose,
  keep,
  mul,
  scalar,
  tensor2d,
  tensor4d,
  tidy,
  variable,
  variableGrads,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { BuiltModel } from "../../backends/tfjs/model.js";
import type { Graph } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { averageDecay } from "../../recipe/average.js";
import { frozenNodes } from "../../recipe/frozen.js";
import type { Recipe } from "../../recipe/recipe.js";
import { rateFactor } from "../../recipe/schedule.js";
import type { Batch, Metrics } from "../engine.js";
import { nothingToTrain } from "../nothing-to-train.js";
import type { BatchStatistics } from "./batch-norm.js";
import { forward, type ForwardResult } from "./forward.js";
import { countCorrect, crossEntropySum, targetsOf } from "./loss.js";
import { createOptimizer, type TfjsOptimizer, type Trainable } from "./optimizer.js";
import type { StepObserver } from "./step-observer.js";
import { clippedGradients, moveAverage } from "./update.js";
import { weightedSum } from "./weighted-sum.js";

/** A step that was handed to the device. */
export interface TakenStep {
  /** Waits for the device, and lets the step's tensors go; to be called once. */
  metrics(): Promise<Metrics>;
}

/** One pass of some images of a batch. */
interface PassedPart {
  /** Their loss divided by the whole batch, and their logits of the last head. */
  readonly loss: Scalar;
  readonly logits: Tensor | undefined;
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
    this.#trainables = parameters
      .filter(({ node, trainable }) => trainable && !this.#frozen.has(node))
      .map(({ key, decays }) => ({ key, variable: parameterOf(built, key), decays }));
    if (this.#trainables.length === 0) throw nothingToTrain(graph);
    this.#optimizer = createOptimizer(recipe.optimizer, this.#trainables);
    this.slots = this.#optimizer.slots;
    const averaged = recipe.ema > 0 ? parameters : [];
    this.averages = new Map(
      averaged.map(({ key }) => [key, tidy(() => variable(parameterOf(built, key), false))]),
    );
  }

  /** @param step optimizer steps taken before. */
  take(batch: Batch, step: number, observer?: StepObserver): TakenStep {
    const { recipe } = this;
    const count = batch.shape[0];
    const parts = partsOf(batch, recipe.accumulate).map(([from, to]) => {
      const part = this.#pass(batch, from, to, step, observer);
      return { ...part, from, to };
    });
    observer?.update();
    this.#update(summedGradients(parts), step);
    return {
      metrics: async () => {
        let [loss, correct] = [0, 0];
        for (const part of parts) {
          // Both are asked for before either is there: a GPU may have the next step's work by then.
          const [mean, logits] = await Promise.all([part.loss.data(), part.logits?.data() ?? []]);
          loss += (mean[0] ?? NaN) * count;
          correct += countCorrect(logits, batch.labels.subarray(part.from, part.to));
          dispose([part.loss, ...(part.logits === undefined ? [] : [part.logits])]);
        }
        return { loss, correct, count };
      },
    };
  }

  dispose(): void {
    this.#optimizer.dispose();
    for (const average of this.averages.values()) average.dispose();
  }

  /** The images `from` to before `to` of a batch; their batch norms' moving statistics move. */
  #pass(
    batch: Batch,
    from: number,
    to: number,
    step: number,
    observer: StepObserver | undefined,
  ): PassedPart {
    const { recipe, graph, built } = this;
    const [count, height, width, channels] = batch.shape;
    const size = height * width * channels;
    const pixels = batch.images.subarray(from * size, to * size);
    const images = tensor4d(pixels, [to - from, height, width, channels]);
    const draws = { seed: recipe.seed, step, imagesBefore: from };
    let result: ForwardResult | undefined;
    const { value, grads } = variableGrads(
      () => {
        const pass = { kind: "training", ...draws, frozen: this.#frozen } as const;
        result = forward(built, graph, images, pass, observer);
        observer?.loss();
        for (const logits of result.outputs) keep(logits);
        const sum = lossSum(result, partOf(batch, from, to), recipe.loss.smoothing);
        const mean = mul<Scalar>(sum, 1 / count);
        observer?.differentiated();
        return mean;
      },
      this.#trainables.map((trainable) => trainable.variable),
    );
    if (result === undefined) throw new Error("the forward pass did not run");
    observer?.update();
    this.#moveStatistics(result.statistics);
    const logits = result.outputs.at(-1);
    dispose([images, ...result.outputs.filter((output) => output !== logits)]);
    const gradients = Object.fromEntries(
      this.#trainables.map((trainable) => [trainable.key, gradientOf(grads, trainable.variable)]),
    );
    return { loss: value, logits, gradients };
  }

  /** Takes the gradients over. */
  #update(gradients: NamedTensorMap, step: number): void {
    const { recipe, stepsPerEpoch } = this;
    const { optimizer, schedule, epochs, clip, ema } = recipe;
    const rate = optimizer.rate * rateFactor(schedule, step, stepsPerEpoch, epochs);
    if (clip > 0) {
      const clipped = clippedGradients(gradients, clip);
      this.#optimizer.update(clipped, rate, step);
      dispose(clipped);
    } else {
      this.#optimizer.update(gradients, rate, step);
    }
    dispose(gradients);
    for (const [key, average] of this.averages) {
      moveAverage(average, parameterOf(this.built, key), averageDecay(ema, step));
    }
  }

  /** moving = momentum moving + (1 - momentum) batch, once per pass. */
  #moveStatistics(statistics: ReadonlyMap<string, BatchStatistics>): void {
    for (const node of this.graph.nodes) {
      const seen = statistics.get(node.name);
      if (node.op !== "batchnorm" || seen === undefined) continue;
      const { momentum } = node.attributes;
      for (const name of ["mean", "variance"] as const) {
        const moving = parameterOf(this.built, `${node.name}.moving_${name}`);
        tidy(() => moving.assign(weightedSum(momentum, moving, 1 - momentum, seen[name])));
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

/** The loss of every head, summed over heads and images. */
export function lossSum(
  { outputs }: Pick<ForwardResult, "outputs">,
  batch: Pick<Batch, "labels" | "mix">,
  smoothing: number,
): Scalar {
  return tidy(() =>
    outputs.reduce<Scalar>((total, logits) => {
      const [rows = 0, classes = 0] = logits.shape;
      const targets = tensor2d(targetsOf(batch, classes, smoothing), [rows, classes]);
      return add<Scalar>(total, crossEntropySum(logits as Tensor2D, targets));
    }, scalar(0)),
  );
}

/** First and last images of the nearly equal parts in which a batch is passed. */
function partsOf({ shape }: Batch, accumulate: number): readonly (readonly [number, number])[] {
  const [count] = shape;
  const parts = Math.min(accumulate, count);
  const start = (index: number): number => Math.floor((index * count) / parts);
  return Array.from({ length: parts }, (_, index) => [start(index), start(index + 1)] as const);
}

function partOf({ labels, mix }: Batch, from: number, to: number): Pick<Batch, "labels" | "mix"> {
  return {
    labels: labels.subarray(from, to),
    ...(mix && { mix: { ...mix, labels: mix.labels.subarray(from, to) } }),
  };
}

/** The sums of the parts' gradients, which are taken over. */
function summedGradients(parts: readonly PassedPart[]): NamedTensorMap {
  return parts
    .map(({ gradients }) => gradients)
    .reduce((total, own) => {
      const sums = Object.entries(own).map(([key, gradient]) => {
        const earlier = total[key];
        return [
          key,
          earlier === undefined ? gradient : tidy(() => add(earlier, gradient)),
        ] as const;
      });
      dispose([...Object.values(total), ...Object.values(own)]);
      return Object.fromEntries(sums);
    });
}

function gradientOf(grads: NamedTensorMap, { name }: Variable): Tensor {
  const gradient = grads[name];
  if (gradient === undefined) throw new RangeError(`no gradient for ${name}`);
  return gradient;
}
