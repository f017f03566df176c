/**
 * One network in training on ONNX Runtime: every step, gradients and update included, consists of models that the
 * compiler wrote, run in a thread of its own on state that never leaves it; one model, or one for each part of
 * the batch and one for the update.
 */
import { outputName } from "../../backends/onnx/emit.js";
import { sequenceOutput } from "../../backends/onnx/sequence-output.js";
import type { Graph } from "../../graph/graph.js";
import { initialParameters } from "../../graph/initialise.js";
import type { Range } from "../../recipe/parts.js";
import { stateTensors, stepParameters } from "../../passes/training-step/state.js";
import { frozenNodes } from "../../recipe/frozen.js";
import type { Recipe } from "../../recipe/recipe.js";
import { elementCount } from "../../shapes/index.js";
import { checkImages, checkLabels } from "../batch-check.js";
import { type Batch, type Metrics, type NamedTensor, type Session, type State } from "../engine.js";
import { nothingToTrain, stateMissing } from "../session-errors.js";
import { checkState } from "../state-check.js";
import { asEngineError } from "./failures.js";
import { evaluationFeeds, imagesFeed, stepFeeds } from "./feeds.js";
import { kernelForms, parameterKey } from "./kernel-forms.js";
import { pack, stateLayout, unpack, type StateLayout } from "./layout.js";
import { LoadedModels } from "./loaded-models.js";
import type { StepKind } from "./planned-runs.js";
import type { Given, Result } from "./protocol.js";
import { lossSum, metricSums } from "./step-models.js";
import type { RuntimeThread } from "./thread.js";

/** What a run is fed. @param range of the images of the batch; none where it is left out. */
type Feeds = (range?: Range) => readonly Given[];

export class TrainingSession implements Session {
  readonly #layouts: readonly StateLayout[];
  readonly #models: LoadedModels;
  #step = 0;
  /** Ends when the last run that was asked for has been handed to the thread. */
  #lastBegun: Promise<unknown> = Promise.resolve();

  constructor(
    readonly thread: RuntimeThread,
    readonly block: number | undefined,
    readonly graph: Graph,
    readonly recipe: Recipe,
    readonly stepsPerEpoch: number,
  ) {
    const forms = kernelForms(graph, block);
    const parameters = stepParameters(graph, frozenNodes(graph, recipe.freeze));
    if (!parameters.some(({ trainable }) => trainable)) throw nothingToTrain(graph);
    const state = stateTensors(parameters, recipe.optimizer.kind, recipe.ema > 0);
    this.#layouts = state.map((tensor) =>
      stateLayout(tensor, forms.get(parameterKey(tensor.name)) ?? "plain", block),
    );
    const stateBytes = this.#layouts.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
    const options = { graph, recipe, stepsPerEpoch, block };
    this.#models = new LoadedModels(thread, options, stateBytes);
  }

  async initialise(seed: number): Promise<void> {
    const weights = initialParameters(this.graph, seed);
    await this.#hold((name) =>
      name.startsWith("optimizer/") ? undefined : weights.get(parameterKey(name))?.data,
    );
    this.#step = 0;
  }

  async step(batch: Batch): Promise<Metrics> {
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const step = this.#step++;
    const feeds = (range?: Range) => stepFeeds(batch, range, step, this.recipe);
    const [loss, correct] = await this.#run("step", batch.shape, feeds, metricSums);
    const metrics = { loss: scalar(loss), correct: scalar(correct), count: batch.shape[0] };
    // The thread keeps the state from before the step, and the steps given since then have gone on from that.
    if (!Number.isFinite(metrics.loss)) this.#step--;
    return metrics;
  }

  async evaluate(batch: Batch): Promise<Metrics> {
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const { shape } = batch;
    const feeds = () => evaluationFeeds(batch);
    const [loss, correct] = await this.#run("evaluate", shape, feeds, ["loss", "correct"]);
    return { loss: scalar(loss), correct: scalar(correct), count: shape[0] };
  }

  async predict(
    images: Float32Array,
    shape: Batch["shape"],
  ): Promise<ReadonlyMap<string, NamedTensor>> {
    checkImages(this.graph, images, shape);
    const heads = this.graph.outputs.map(({ name }) => name);
    const results = await this.#run("predict", shape, () => [imagesFeed(images, shape)], heads);
    return new Map(
      results.map(({ dims, data }, i) => [
        heads[i] ?? "",
        { shape: dims, data: Float32Array.from(data) },
      ]),
    );
  }

  async state(): Promise<State> {
    const held = await this.thread.ask({ kind: "held" });
    const found = new Map(held.map(({ name, data }) => [name, data as Float32Array]));
    const tensors = new Map<string, NamedTensor>();
    for (const layout of this.#layouts) {
      const packed = found.get(layout.name);
      if (packed === undefined) throw stateMissing();
      tensors.set(layout.name, { shape: layout.canonical, data: unpack(layout, packed) });
    }
    return { step: this.#step, tensors };
  }

  async restore(state: State): Promise<void> {
    checkState(new Map(this.#layouts.map(({ name, canonical }) => [name, canonical])), state);
    await this.#hold((name) => state.tensors.get(name)?.data);
    this.#step = state.step;
  }

  dispose(): void {
    this.thread.end();
  }

  /** Gives the thread a state; what `of` does not have is zero. */
  async #hold(of: (name: string) => Float32Array | undefined): Promise<void> {
    const tensors = this.#layouts.map((layout): Given => {
      const canonical = of(layout.name);
      const data =
        canonical === undefined
          ? new Float32Array(elementCount(layout.shape))
          : pack(layout, canonical);
      return { name: layout.name, type: "float32", dims: layout.shape, data };
    });
    const buffers = tensors.map(({ data }) => data.buffer as ArrayBuffer);
    await this.thread.ask({ kind: "hold", tensors }, buffers);
  }

  /**
   * Runs the models of a step on what is fed, which the thread takes over; `results` are outputs of the program,
   * or sums of a training step. It is asked before the answers of earlier calls have come, in the order of the
   * calls.
   */
  async #run(
    kind: StepKind,
    shape: Batch["shape"],
    given: Feeds,
    results: readonly string[],
  ): Promise<readonly Result[]> {
    try {
      return await (
        await this.#inTurn(() => this.#ask(kind, shape, given, results))
      ).answer;
    } catch (error) {
      throw asEngineError(error, this.graph, kind, shape);
    }
  }

  /** Does `begin` when all that was asked before has been handed to the thread. */
  #inTurn<T>(begin: () => Promise<T>): Promise<T> {
    const begun = this.#lastBegun.then(begin);
    this.#lastBegun = begun.catch(() => undefined);
    return begun;
  }

  /** Hands a run to the thread; what comes of it is not waited for. */
  async #ask(
    kind: StepKind,
    shape: Batch["shape"],
    given: Feeds,
    results: readonly string[],
  ): Promise<{ readonly answer: Promise<readonly Result[]> }> {
    const loaded = await this.#models.load(kind, shape);
    const runs = loaded.map(({ model, images, read, replace, fed }) => {
      const feeds = given(images).filter(({ name }) => fed.has(name));
      return { model, feeds, read, replace };
    });
    const buffers = runs.flatMap(({ feeds }) =>
      feeds.map(({ data }) => data.buffer as ArrayBuffer),
    );
    const [first] = runs;
    if (kind !== "step" && first !== undefined) {
      const { model, feeds, read } = first;
      const names = results.map(outputName);
      const request = { kind: "run", model, feeds, read, results: names } as const;
      return { answer: this.thread.ask(request, buffers) };
    }
    const sums = loaded[0]?.sums ?? [];
    const [sequence, unlessFinite] = [sequenceOutput, lossSum];
    const request = { kind: "step", runs, sums, sequence, results, unlessFinite } as const;
    const answer = this.thread.ask(request, buffers);
    await this.#models.releaseLarge(shape, answer);
    return { answer };
  }
}

function scalar(result: Result | undefined): number {
  return result?.data[0] ?? NaN;
}
