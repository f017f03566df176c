/**
 * An engine for one network, `smallGraph`: softmax regression with its gradient written out, SGD with
 * momentum and decay, and the state in and out. It runs no tensor library, so that the loop's tests
 * are about the loop.
 */
import {
  EngineError,
  type Batch,
  type Engine,
  type Metrics,
  type NamedTensor,
  type Session,
  type SessionOptions,
  type State,
} from "../../src/engines/engine.js";
import type { Graph } from "../../src/graph/graph.js";
import { randomKey, randomNormal } from "../../src/random/random.js";
import { rateFactor } from "../../src/recipe/schedule.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { crossEntropy, indexOfLargest, softmax } from "../../src/engines/logits.js";

export const softmaxRegression: Engine = {
  name: "cpu",
  description: "softmax regression in plain TypeScript",
  probe: async () => ({ available: true, detail: "always there" }),
  open: async (graph, options = {}) => new Regression(graph, options),
};

const slots = ["weights/", "optimizer/momentum/"] as const;

class Regression implements Session {
  private readonly inputs: number;
  private readonly classes: number;
  private step_ = 0;
  private tensors: Map<string, NamedTensor>;

  constructor(
    graph: Graph,
    private readonly options: SessionOptions,
  ) {
    const channels = graph.nodes.map((node) => node.type.channels);
    this.inputs = channels[1] ?? 0;
    this.classes = channels[2] ?? 0;
    this.tensors = this.zeros();
  }

  private zeros(): Map<string, NamedTensor> {
    const { inputs, classes } = this;
    const tensors = new Map<string, NamedTensor>();
    for (const slot of slots) {
      tensors.set(`${slot}classify.dense.kernel`, {
        shape: [inputs, classes],
        data: new Float32Array(inputs * classes),
      });
      tensors.set(`${slot}classify.dense.bias`, {
        shape: [classes],
        data: new Float32Array(classes),
      });
    }
    return tensors;
  }

  private values(key: string): Float32Array {
    const tensor = this.tensors.get(key);
    if (tensor === undefined) throw new EngineError(`${key} is missing`);
    return tensor.data;
  }

  async initialise(seed: number): Promise<void> {
    this.tensors = this.zeros();
    this.step_ = 0;
    const key = randomKey("classify.dense.kernel", seed);
    const kernel = this.values("weights/classify.dense.kernel");
    kernel.forEach((_, i) => (kernel[i] = randomNormal(key, i) * Math.sqrt(2 / this.inputs)));
  }

  async step(batch: Batch): Promise<Metrics> {
    const { recipe, stepsPerEpoch } = this.options;
    if (recipe === undefined || stepsPerEpoch === undefined) throw new EngineError("no recipe");
    const logits = this.forward(batch.images);
    const metrics = this.metrics(logits, batch.labels);
    const kernel = new Float64Array(this.inputs * this.classes);
    const bias = new Float64Array(this.classes);
    const { smoothing } = recipe.loss;
    batch.labels.forEach((label, n) => {
      const image = batch.images.subarray(n * this.inputs, (n + 1) * this.inputs);
      softmax(this.row(logits, n)).forEach((probability, c) => {
        const target = smoothing / this.classes + (c === label ? 1 - smoothing : 0);
        const gradient = (probability - target) / batch.labels.length;
        bias[c] = (bias[c] ?? 0) + gradient;
        image.forEach((pixel, i) => {
          const at = i * this.classes + c;
          kernel[at] = (kernel[at] ?? 0) + pixel * gradient;
        });
      });
    });
    this.update(recipe, stepsPerEpoch, "classify.dense.kernel", kernel, true);
    this.update(recipe, stepsPerEpoch, "classify.dense.bias", bias, false);
    this.step_ += 1;
    return metrics;
  }

  private update(
    { optimizer, schedule, epochs }: Recipe,
    stepsPerEpoch: number,
    name: string,
    gradient: Float64Array,
    decays: boolean,
  ): void {
    if (optimizer.kind !== "sgd") throw new EngineError("only sgd");
    const rate = optimizer.rate * rateFactor(schedule, this.step_, stepsPerEpoch, epochs);
    const weights = this.values(`weights/${name}`);
    const velocity = this.values(`optimizer/momentum/${name}`);
    gradient.forEach((g, i) => {
      const decay = decays ? optimizer.decay * (weights[i] ?? 0) : 0;
      velocity[i] = optimizer.momentum * (velocity[i] ?? 0) + g + decay;
      weights[i] = (weights[i] ?? 0) - rate * (velocity[i] ?? 0);
    });
  }

  private forward(images: Float32Array): Float32Array {
    const count = images.length / this.inputs;
    const kernel = this.values("weights/classify.dense.kernel");
    const bias = this.values("weights/classify.dense.bias");
    const logits = new Float32Array(count * this.classes);
    for (let n = 0; n < count; n++) {
      for (let c = 0; c < this.classes; c++) {
        let sum = bias[c] ?? 0;
        for (let i = 0; i < this.inputs; i++) {
          sum += (images[n * this.inputs + i] ?? 0) * (kernel[i * this.classes + c] ?? 0);
        }
        logits[n * this.classes + c] = sum;
      }
    }
    return logits;
  }

  private row(logits: Float32Array, n: number): Float32Array {
    return logits.subarray(n * this.classes, (n + 1) * this.classes);
  }

  private metrics(logits: Float32Array, labels: Int32Array): Metrics {
    const smoothing = this.options.recipe?.loss.smoothing ?? 0;
    let loss = 0;
    let correct = 0;
    labels.forEach((label, n) => {
      loss += crossEntropy(this.row(logits, n), label, smoothing);
      if (indexOfLargest(this.row(logits, n)) === label) correct += 1;
    });
    return { loss, correct, count: labels.length };
  }

  async evaluate(batch: Batch): Promise<Metrics> {
    return this.metrics(this.forward(batch.images), batch.labels);
  }

  async predict(images: Float32Array): Promise<ReadonlyMap<string, NamedTensor>> {
    const data = this.forward(images);
    return new Map([["classify", { shape: [data.length / this.classes, this.classes], data }]]);
  }

  async state(): Promise<State> {
    const tensors = new Map<string, NamedTensor>();
    for (const [key, { shape, data }] of this.tensors)
      tensors.set(key, { shape, data: data.slice() });
    return { step: this.step_, tensors };
  }

  async restore(state: State): Promise<void> {
    for (const [key, { shape, data }] of this.tensors) {
      const found = state.tensors.get(key);
      if (found === undefined || found.shape.join() !== shape.join()) {
        throw new EngineError(`${key} is missing or of another shape`);
      }
      data.set(found.data);
    }
    this.step_ = state.step;
  }

  dispose(): void {
    this.tensors.clear();
  }
}
