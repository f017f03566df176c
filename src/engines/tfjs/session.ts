/**
 * One network on one TensorFlow.js backend: whole steps, in which the forward pass is the built
 * tf.LayersModel, TensorFlow.js differentiates, and the update is our own optimizer.
 */
import {
  backend as currentBackend,
  clone,
  dispose,
  findBackend,
  getBackend,
  setBackend,
  tidy,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  type TypedArray,
  type Variable,
} from "@tensorflow/tfjs-core";
import { buildModel, type BuiltModel } from "../../backends/tfjs/model.js";
import type { Graph } from "../../graph/graph.js";
import { initialParameters } from "../../graph/initialise.js";
import { graphParameters } from "../../graph/parameters.js";
import { nodesByName, sizesOfInput, typeAt } from "../../graph/traversal.js";
import { unweighted } from "../../recipe/class-weights.js";
import { recipeDefaults } from "../../recipe/recipe.js";
import { checkImages, checkLabels } from "../batch-check.js";
import {
  EngineError,
  type Batch,
  type Metrics,
  type NamedTensor,
  type Session,
  type SessionOptions,
  type State,
} from "../engine.js";
import { checkNetworkSize } from "../network-size.js";
import { recipeMissing, stepsPerEpochMissing } from "../session-errors.js";
import { forward, type ForwardResult } from "./forward.js";
import { asEngineError } from "./unsupported-node.js";
import { countCorrect, targetsOf } from "./loss.js";
import type { SessionObserver } from "./step-observer.js";
import { plainRunner, type Feed, type WorkRunner } from "./work-runner.js";
import { readTensors, writeTensor, writeTensors, type Stored } from "./state.js";
import { lossSum, parameterOf, Training } from "./training.js";

/**
 * Builds `graph` on `backend`, which must have been started.
 * @throws EngineError if stock layers cannot run a node, or a recipe comes without its steps per epoch.
 */
export async function openSession(
  backend: string,
  graph: Graph,
  options: TfjsSessionOptions = {},
): Promise<Session> {
  checkNetworkSize(graph);
  activate(backend);
  let built: BuiltModel | undefined;
  try {
    built = buildModel(graph);
    return new TfjsSession(backend, graph, built, options);
  } catch (error) {
    built?.model.dispose();
    throw asEngineError(error);
  }
}

/**
 * Makes a backend that has been started the current one, before it returns: sessions on other backends may have
 * their turn wherever this one waits, so it never waits between this and the work.
 */
function activate(backend: string): void {
  const started = findBackend(backend);
  // A backend that starts meanwhile may have put itself in the place of the one that has the name.
  if (getBackend() === backend && currentBackend() === started) return;
  if (started === null) {
    throw new EngineError(
      `the backend ${backend} of TensorFlow.js was ended`,
      "open the session anew",
    );
  }
  void setBackend(backend);
}

export interface TfjsSessionOptions extends SessionOptions {
  /** Is told how every training step goes. */
  readonly observer?: SessionObserver;
  /** Makes what runs one kind of work, of all variables that it reads or changes. */
  readonly runner?: (state: readonly Variable[]) => WorkRunner;
}

class TfjsSession implements Session {
  readonly #observer: SessionObserver | undefined;
  readonly #runners: Readonly<Record<"steps" | "evaluations" | "predictions", WorkRunner>>;
  readonly #training: Training | undefined;
  /** Every tensor of the state, by its name there. */
  readonly #stored = new Map<string, Stored>();
  #step = 0;

  constructor(
    readonly backend: string,
    readonly graph: Graph,
    readonly built: BuiltModel,
    { recipe, stepsPerEpoch, observer, runner = () => plainRunner }: TfjsSessionOptions,
  ) {
    this.#observer = observer;
    const shapes = new Map<string, readonly number[]>();
    for (const { key, shape } of graphParameters(graph)) {
      shapes.set(key, shape);
      this.#stored.set(`weights/${key}`, { variable: parameterOf(built, key), shape });
    }
    if (recipe !== undefined) {
      if (stepsPerEpoch === undefined) throw stepsPerEpochMissing();
      const training = new Training(built, graph, recipe, stepsPerEpoch);
      for (const [name, variable] of training.slots) {
        const key = name.slice(name.indexOf("/") + 1);
        this.#stored.set(`optimizer/${name}`, { variable, shape: shapes.get(key) ?? [] });
      }
      for (const [key, variable] of training.averages) {
        this.#stored.set(`average/${key}`, { variable, shape: shapes.get(key) ?? [] });
      }
      this.#training = training;
    }
    const asked = this.#variables(this.#training?.averages.size ? "average/" : "weights/");
    this.#runners = {
      steps: runner(this.#variables()),
      evaluations: runner(asked),
      predictions: runner(asked),
    };
  }

  async initialise(seed: number): Promise<void> {
    activate(this.backend);
    const values = initialParameters(this.graph, seed);
    for (const [name, stored] of this.#stored) {
      const [kind] = name.split("/", 1);
      const value = kind === "optimizer" ? undefined : values.get(name.slice(`${kind}/`.length));
      writeTensor(stored, value?.data ?? new Float32Array(stored.variable.size));
    }
    this.#step = 0;
  }

  async step(batch: Batch): Promise<Metrics> {
    activate(this.backend);
    const training = this.#training;
    if (training === undefined) throw recipeMissing();
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const step = this.#step++;
    const observer = this.#observer;
    const runner = observer?.isWatching ? plainRunner : this.#runners.steps;
    return training.take({ batch, step }, runner, observer);
  }

  async evaluate(batch: Batch): Promise<Metrics> {
    activate(this.backend);
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const lossSettings = unweighted(this.#training?.recipe.loss ?? recipeDefaults.loss);
    const [loss, logits] = await this.#ask("evaluations", batch, (feed, result) => {
      const last = result.outputs.at(-1);
      if (last === undefined) throw new EngineError("the network has no output");
      const loss = lossSum(
        result,
        (rows, classes) =>
          feed([rows, classes], ({ batch }) => targetsOf(batch, classes, lossSettings)) as Tensor2D,
        lossSettings.kind,
      );
      return [loss, last];
    });
    const correct = countCorrect(logits ?? new Float32Array(), batch.labels);
    return { loss: loss?.[0] ?? NaN, correct, count: batch.shape[0] };
  }

  async predict(
    images: Float32Array,
    shape: Batch["shape"],
  ): Promise<ReadonlyMap<string, NamedTensor>> {
    activate(this.backend);
    checkImages(this.graph, images, shape);
    const batch = { images, shape, labels: new Int32Array() };
    const logits = await this.#ask("predictions", batch, (_, { outputs }) => outputs);
    const [count, height, width] = shape;
    const sizes = sizesOfInput(this.graph, height, width);
    const nodes = nodesByName(this.graph);
    return new Map(
      this.graph.outputs.map(({ name, node }, index) => {
        const [data, type] = [logits[index], nodes.get(node)?.type];
        if (!data || !type) throw new RangeError(`the output ${name} was not computed`);
        const extents = typeAt(type, sizes).spatial.map(Number);
        const dims = [count, ...extents, type.channels];
        return [name, { shape: dims, data: Float32Array.from(data) }];
      }),
    );
  }

  async state(): Promise<State> {
    activate(this.backend);
    return { step: this.#step, tensors: await readTensors(this.#stored) };
  }

  async restore(state: State): Promise<void> {
    activate(this.backend);
    writeTensors(this.#stored, state);
    this.#step = state.step;
  }

  dispose(): void {
    for (const runner of Object.values(this.#runners)) runner.dispose();
    this.#training?.dispose();
    this.built.model.dispose();
  }

  #variables(prefix = ""): Variable[] {
    return [...this.#stored]
      .filter(([name]) => name.startsWith(prefix))
      .map(([, { variable }]) => variable);
  }

  /** Runs a forward pass that changes nothing. @returns what `wanted` is of it. */
  #ask(
    kind: "evaluations" | "predictions",
    batch: Batch,
    wanted: (feed: Feed, result: ForwardResult) => readonly Tensor[],
  ): Promise<readonly TypedArray[]> {
    const given = { batch, step: this.#step };
    return this.#runners[kind].run(given, (feed) =>
      this.#averaged(() =>
        tidy(() => {
          const images = feed(batch.shape, ({ batch }) => batch.images) as Tensor4D;
          const result = forward(this.built, this.graph, images, { kind: "inference" });
          return [...wanted(feed, result)];
        }),
      ),
    );
  }

  /** Runs `compute` with the averaged weights in place of the trained ones, where there are such. */
  #averaged<T>(compute: () => T): T {
    const trained: [string, Tensor][] = [];
    for (const [key, average] of this.#training?.averages ?? []) {
      const weight = parameterOf(this.built, key);
      trained.push([key, clone(weight)]);
      weight.assign(average);
    }
    try {
      return compute();
    } finally {
      for (const [key, weight] of trained) {
        parameterOf(this.built, key).assign(weight);
        dispose(weight);
      }
    }
  }
}
