/**
 * One network in training on ONNX Runtime: every step, gradients and update included, is one model that
 * the compiler wrote, run in a thread of its own on state that never leaves it. Models are made for the
 * shapes that come, and a few of them are kept; that of an epoch's last, smaller batch is let go after use
 * where the machine has not much memory for it.
 */
import { totalmem } from "node:os";
import { outputName } from "../../backends/onnx/emit.js";
import { kernelForm, type Form } from "../../backends/onnx/form.js";
import { sequenceOutput } from "../../backends/onnx/sequence-output.js";
import type { Graph } from "../../graph/graph.js";
import { initialParameters } from "../../graph/initialise.js";
import { programParameters } from "../../passes/lower/parameters.js";
import { parameterGroups, stateTensors } from "../../passes/training-step/state.js";
import { mixesLabels } from "../../passes/training-step/training-step.js";
import { frozenNodes } from "../../recipe/frozen.js";
import type { Recipe } from "../../recipe/recipe.js";
import { elementCount } from "../../shapes/index.js";
import { checkImages, checkLabels } from "../batch-check.js";
import { nothingToTrain } from "../nothing-to-train.js";
import {
  EngineError,
  type Batch,
  type Metrics,
  type NamedTensor,
  type Session,
  type State,
} from "../engine.js";
import { checkState } from "../state-check.js";
import { checkFinite, explained, tooLarge } from "./failures.js";
import { pack, stateLayout, unpack, type StateLayout } from "./layout.js";
import type { Given, Result } from "./protocol.js";
import { stepModel, type StepKind, type StepSignature } from "./step-models.js";
import type { RuntimeThread } from "./thread.js";

/** How many models of one kind are held, each for one shape of images. */
const mostModels = 3;
/** The share of the machine's memory that the model of an epoch's last, smaller batch may have between epochs. */
const shareToKeep = 1 / 16;

export class TrainingSession implements Session {
  readonly #layouts: readonly StateLayout[];
  readonly #loaded = new Map<string, StepSignature>();
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
    const groups = parameterGroups(graph, "tensors", frozenNodes(graph, recipe.freeze));
    if (!groups.some(({ trainable }) => trainable)) throw nothingToTrain(graph);
    const state = stateTensors(groups, recipe.optimizer.kind, recipe.ema > 0);
    this.#layouts = state.map((tensor) =>
      stateLayout(tensor, forms.get(parameterKey(tensor.name)) ?? "plain", block),
    );
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
    const [loss, correct] = await this.#run(
      "step",
      batch.shape,
      () => stepFeeds(batch, step, this.recipe),
      ["loss", "correct"],
    );
    const metrics = { loss: scalar(loss), correct: scalar(correct), count: batch.shape[0] };
    if (!Number.isFinite(metrics.loss)) {
      // The thread keeps the state of before, which the steps given since have gone on from.
      this.#step--;
      checkFinite(batch);
    }
    return metrics;
  }

  async evaluate(batch: Batch): Promise<Metrics> {
    checkImages(this.graph, batch.images, batch.shape);
    checkLabels(this.graph, batch);
    const { shape } = batch;
    const feeds = () => [imagesFeed(batch.images, shape), labelsFeed("labels", batch.labels)];
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
      if (packed === undefined) throw new EngineError("the session has no state yet");
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
   * Runs one model on what is fed, which the thread takes over; `results` are the program's outputs. It is
   * asked before the answers of earlier calls have come, in the order of the calls.
   */
  async #run(
    kind: StepKind,
    shape: Batch["shape"],
    given: () => readonly Given[],
    results: readonly string[],
  ): Promise<readonly Result[]> {
    const name = `${kind} ${shape.join("x")}`;
    try {
      return await (
        await this.#inTurn(() => this.#ask(name, kind, shape, given, results))
      ).answer;
    } catch (error) {
      throw explained(error, this.graph, kind, shape);
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
    name: string,
    kind: StepKind,
    shape: Batch["shape"],
    given: () => readonly Given[],
    results: readonly string[],
  ): Promise<{ readonly answer: Promise<readonly Result[]> }> {
    const model = await this.#load(name, kind, shape);
    const feeds = given().filter((each) => model.fed.has(each.name));
    const { read, replace } = model;
    const request = { model: name, feeds, read, results: results.map(outputName) };
    const buffers = feeds.map(({ data }) => data.buffer as ArrayBuffer);
    const [sequence, unlessFinite] = [sequenceOutput, outputName("loss")];
    const answer =
      kind === "step"
        ? this.thread.ask({ kind, ...request, replace, sequence, unlessFinite }, buffers)
        : this.thread.ask({ kind: "run", ...request }, buffers);
    // Models of training steps hold the most memory, and take long to make where they pass a batch in many parts.
    const isWhole = shape[0] === this.recipe.batch;
    if (kind === "step" && !isWhole && this.#needs(model, kind) > shareToKeep * memoryLimit()) {
      await answer.catch(() => undefined);
      await this.#release(name);
    }
    return { answer };
  }

  async #load(name: string, kind: StepKind, shape: Batch["shape"]): Promise<StepSignature> {
    const known = this.#loaded.get(name);
    if (known !== undefined) return this.#keep(name, known);
    const { graph, block, recipe, stepsPerEpoch } = this;
    const model = stepModel(kind, shape, { graph, recipe, stepsPerEpoch, block });
    this.#checkMemory(model, kind, shape);
    await this.thread.ask({ kind: "load", model: name, bytes: model.bytes });
    const { read, replace, fed, liveBytes } = model;
    const signature = { read, replace, fed, liveBytes };
    const [oldest, ...newer] = [...this.#loaded.keys()].filter((each) => each.startsWith(kind));
    if (oldest !== undefined && newer.length + 1 >= mostModels) await this.#release(oldest);
    return this.#keep(name, signature);
  }

  /** As the one that was used last. */
  #keep(name: string, signature: StepSignature): StepSignature {
    this.#loaded.delete(name);
    this.#loaded.set(name, signature);
    return signature;
  }

  async #release(name: string): Promise<void> {
    if (!this.#loaded.delete(name)) return;
    await this.thread.ask({ kind: "release", model: name });
  }

  /** @throws EngineError where a step cannot fit into the machine. */
  #checkMemory(model: StepSignature, kind: StepKind, shape: Batch["shape"]): void {
    const [needed, limit] = [this.#needs(model, kind), memoryLimit()];
    if (needed > limit) throw tooLarge(kind, shape, needed, limit);
  }

  /**
   * In bytes. A step's peak in the runtime has been twice what its values come to, with what the formulations
   * need beside them.
   */
  #needs({ liveBytes }: StepSignature, kind: StepKind): number {
    const state = this.#layouts.reduce((sum, layout) => sum + 4 * elementCount(layout.shape), 0);
    return (kind === "step" ? 2 : 1) * (liveBytes + state);
  }
}

/** What the machine has for the process, in bytes. */
function memoryLimit(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

/** The forms of the kernels of all convolutions, by `NODE.PARAMETER`. */
function kernelForms(graph: Graph, block: number | undefined): ReadonlyMap<string, Form> {
  const groups = new Map(
    graph.nodes.map((node) => [node.name, node.op === "conv" ? node.attributes.groups : 0]),
  );
  return new Map(
    programParameters(graph)
      .filter(({ node, programShape }) => groups.get(node) !== 0 && programShape.length === 4)
      .map(({ key, node, programShape }) => [
        key,
        kernelForm(programShape, groups.get(node) ?? 1, block),
      ]),
  );
}

/** `NODE.PARAMETER` of `weights/NODE.PARAMETER`, `optimizer/SLOT/NODE.PARAMETER`, `average/NODE.PARAMETER`. */
function parameterKey(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** What is fed is a copy: the thread takes it over, and the caller keeps its batch. */
function imagesFeed(images: Float32Array, shape: Batch["shape"]): Given {
  return { name: "images", type: "float32", dims: shape, data: images.slice() };
}

function labelsFeed(name: string, labels: Int32Array): Given {
  return { name, type: "int32", dims: [labels.length], data: labels.slice() };
}

function stepFeeds({ images, shape, labels, mix }: Batch, step: number, recipe: Recipe): Given[] {
  const feeds = [
    imagesFeed(images, shape),
    labelsFeed("labels", labels),
    { name: "step", type: "int32", dims: [], data: Int32Array.of(step) } as const,
  ];
  if (!mixesLabels(recipe)) return feeds;
  // A batch that could not be mixed, of one image, is wholly its own.
  const share = Float32Array.of(mix?.share ?? 1);
  return [
    ...feeds,
    labelsFeed("partners", mix?.labels ?? labels),
    { name: "share", type: "float32", dims: [], data: share },
  ];
}

function scalar(result: Result | undefined): number {
  return result?.data[0] ?? NaN;
}
