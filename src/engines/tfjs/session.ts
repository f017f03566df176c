/**
 * One network on one TensorFlow.js backend: whole steps, in which the forward pass is the built
 * tf.LayersModel, TensorFlow.js differentiates, and the update is our own optimizer.
 */
import {
  add,
  dispose,
  getBackend,
  keep,
  mul,
  setBackend,
  tensor2d,
  tensor4d,
  tidy,
  variableGrads,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Variable,
} from "@tensorflow/tfjs-core";
import { buildModel, type BuiltModel } from "../../backends/tfjs/model.js";
import { UnsupportedNodeError } from "../../backends/tfjs/unsupported.js";
import type { Graph } from "../../graph/graph.js";
import { initialParameters } from "../../graph/initialise.js";
import { checkImages, checkLabels } from "../batch-check.js";
import { checkNetworkSize } from "../network-size.js";
import { graphParameters } from "../../graph/parameters.js";
import type { Recipe } from "../../recipe/recipe.js";
import { rateFactor } from "../../recipe/schedule.js";
import {
  EngineError,
  type Batch,
  type Metrics,
  type NamedTensor,
  type Session,
  type SessionOptions,
  type State,
} from "../engine.js";
import type { BatchStatistics } from "./batch-norm.js";
import { forward, type ForwardResult } from "./forward.js";
import { countCorrect, crossEntropySum, targetDistributions } from "./loss.js";
import { createOptimizer, type TfjsOptimizer, type Trainable } from "./optimizer.js";
import { readTensors, writeTensor, writeTensors, type Stored } from "./state.js";

interface Training {
  readonly recipe: Recipe;
  readonly stepsPerEpoch: number;
  readonly optimizer: TfjsOptimizer;
}

/**
 * Builds `graph` on `backend`, which must have been started.
 * @throws EngineError if stock layers cannot run a node, or a recipe comes without its steps per epoch.
 */
export async function openSession(
  backend: string,
  graph: Graph,
  options: SessionOptions = {},
): Promise<Session> {
  checkNetworkSize(graph);
  await setBackend(backend);
  try {
    return new TfjsSession(backend, graph, buildModel(graph), options);
  } catch (error) {
    if (!(error instanceof UnsupportedNodeError)) throw error;
    throw new EngineError(error.message, error.help, error.node);
  }
}

class TfjsSession implements Session {
  readonly #trainables: readonly Trainable[];
  readonly #training: Training | undefined;
  /** Every tensor of the state, by its name there. */
  readonly #stored = new Map<string, Stored>();
  #step = 0;

  constructor(
    readonly backend: string,
    readonly graph: Graph,
    readonly built: BuiltModel,
    { recipe, stepsPerEpoch }: SessionOptions,
  ) {
    const trainables: Trainable[] = [];
    const shapes = new Map<string, readonly number[]>();
    for (const { key, shape, trainable, decays } of graphParameters(graph)) {
      const variable = this.#parameter(key);
      shapes.set(key, shape);
      this.#stored.set(`weights/${key}`, { variable, shape });
      if (trainable) trainables.push({ key, variable, decays });
    }
    this.#trainables = trainables;
    if (recipe === undefined) return;
    if (stepsPerEpoch === undefined) {
      throw new EngineError("a session with a recipe needs to know the steps per epoch");
    }
    const optimizer = createOptimizer(recipe.optimizer, trainables);
    for (const [name, variable] of optimizer.slots) {
      const key = name.slice(name.indexOf("/") + 1);
      this.#stored.set(`optimizer/${name}`, { variable, shape: shapes.get(key) ?? [] });
    }
    this.#training = { recipe, stepsPerEpoch, optimizer };
  }

  async initialise(seed: number): Promise<void> {
    await this.#activate();
    const values = initialParameters(this.graph, seed);
    for (const [name, stored] of this.#stored) {
      const value = values.get(name.slice("weights/".length));
      const size = stored.variable.size;
      writeTensor(
        stored,
        name.startsWith("weights/") && value ? value.data : new Float32Array(size),
      );
    }
    this.#step = 0;
  }

  async step(batch: Batch): Promise<Metrics> {
    await this.#activate();
    const training = this.#training;
    if (training === undefined) {
      throw new EngineError("this session was opened without a recipe, so it cannot train");
    }
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const { recipe, stepsPerEpoch, optimizer } = training;
    const count = batch.shape[0];
    const images = tensor4d(batch.images, [...batch.shape]);
    let result: ForwardResult | undefined;
    const { value, grads } = variableGrads(
      () => {
        const pass = { kind: "training", seed: recipe.seed, step: this.#step } as const;
        result = forward(this.built, this.graph, images, pass);
        for (const logits of result.outputs) keep(logits);
        const sum = this.#lossSum(result, batch.labels, recipe.loss.smoothing);
        return mul<Scalar>(sum, 1 / count);
      },
      this.#trainables.map(({ variable }) => variable),
    );
    if (result === undefined) throw new Error("the forward pass did not run");
    const rate =
      recipe.optimizer.rate * rateFactor(recipe.schedule, this.#step, stepsPerEpoch, recipe.epochs);
    const byKey = Object.fromEntries(
      this.#trainables.map(({ key, variable }) => [key, gradientOf(grads, variable)]),
    );
    optimizer.update(byKey, rate, this.#step);
    this.#moveStatistics(result.statistics);
    this.#step++;
    const meanLoss = (await value.data())[0] ?? NaN;
    const last = result.outputs.at(-1);
    const correct = countCorrect((await last?.data()) ?? [], batch.labels);
    dispose([images, value, ...Object.values(grads), ...result.outputs]);
    return { loss: meanLoss * count, correct, count };
  }

  async evaluate(batch: Batch): Promise<Metrics> {
    await this.#activate();
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const smoothing = this.#training?.recipe.loss.smoothing ?? 0;
    const [loss, logits] = tidy(() => {
      const images = tensor4d(batch.images, [...batch.shape]);
      const result = forward(this.built, this.graph, images, { kind: "inference" });
      const last = result.outputs.at(-1);
      if (last === undefined) throw new EngineError("the network has no output");
      return [this.#lossSum(result, batch.labels, smoothing), last];
    });
    const sum = (await loss.data())[0] ?? NaN;
    const correct = countCorrect(await logits.data(), batch.labels);
    dispose([loss, logits]);
    return { loss: sum, correct, count: batch.shape[0] };
  }

  async predict(
    images: Float32Array,
    shape: Batch["shape"],
  ): Promise<ReadonlyMap<string, NamedTensor>> {
    await this.#activate();
    checkImages(this.graph, images, shape);
    const outputs = tidy(() => {
      const input = tensor4d(images, [...shape]);
      return [...forward(this.built, this.graph, input, { kind: "inference" }).outputs];
    });
    const named = new Map<string, NamedTensor>();
    for (const [index, { name }] of this.graph.outputs.entries()) {
      const output = outputs[index];
      if (output === undefined) throw new RangeError(`the output ${name} was not computed`);
      named.set(name, { shape: output.shape, data: Float32Array.from(await output.data()) });
    }
    dispose(outputs);
    return named;
  }

  async state(): Promise<State> {
    await this.#activate();
    return { step: this.#step, tensors: await readTensors(this.#stored) };
  }

  async restore(state: State): Promise<void> {
    await this.#activate();
    writeTensors(this.#stored, state);
    this.#step = state.step;
  }

  dispose(): void {
    this.#training?.optimizer.dispose();
    this.built.model.dispose();
  }

  /** Other sessions of the process may have made their backend the current one. */
  async #activate(): Promise<void> {
    if (getBackend() !== this.backend) await setBackend(this.backend);
  }

  #parameter(key: string): Variable {
    const variable = this.built.parameters.get(key);
    if (variable === undefined) throw new RangeError(`the model has no ${key}`);
    return variable.read() as Variable;
  }

  /** The loss of every head, summed over heads and images. */
  #lossSum(result: ForwardResult, labels: Int32Array, smoothing: number): Scalar {
    return tidy(() => {
      let total: Scalar | undefined;
      for (const logits of result.outputs) {
        const [rows = 0, classes = 0] = logits.shape;
        const targets = tensor2d(targetDistributions(labels, classes, smoothing), [rows, classes]);
        const loss = crossEntropySum(logits as Tensor2D, targets);
        total = total === undefined ? loss : add<Scalar>(total, loss);
      }
      if (total === undefined) throw new EngineError("the network has no output");
      return total;
    });
  }

  /** moving = momentum moving + (1 - momentum) batch, once per step. */
  #moveStatistics(statistics: ReadonlyMap<string, BatchStatistics>): void {
    for (const node of this.graph.nodes) {
      const seen = statistics.get(node.name);
      if (node.op !== "batchnorm" || seen === undefined) continue;
      const { momentum } = node.attributes;
      for (const name of ["mean", "variance"] as const) {
        const moving = this.#parameter(`${node.name}.moving_${name}`);
        tidy(() => moving.assign(add(mul(moving, momentum), mul(seen[name], 1 - momentum))));
      }
      dispose([seen.mean, seen.variance]);
    }
  }
}

function gradientOf(grads: NamedTensorMap, { name }: Variable): Tensor {
  const gradient = grads[name];
  if (gradient === undefined) throw new RangeError(`no gradient for ${name}`);
  return gradient;
}
