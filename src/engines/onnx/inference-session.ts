/**
 * A trained network on ONNX Runtime, for evaluation and prediction: the very model that `export` writes, batch
 * norms folded into the convolutions, with the weights as constants, which the runtime lays out for the
 * processor once. It takes batches of every size.
 */
import { inferenceModel } from "../../backends/onnx/inference.js";
import { encodeModel } from "../../backends/onnx/protobuf.js";
import type { Graph } from "../../graph/graph.js";
import { initialParameters } from "../../graph/initialise.js";
import { graphParameters } from "../../graph/parameters.js";
import { checkImages, checkLabels } from "../batch-check.js";
import { type Batch, type Metrics, type NamedTensor, type Session, type State } from "../engine.js";
import { crossEntropy, indexOfLargest } from "../logits.js";
import { recipeMissing, stateMissing } from "../session-errors.js";
import { checkState } from "../state-check.js";
import { asEngineError } from "./failures.js";
import type { RuntimeThread } from "./thread.js";

const model = "inference";

export class InferenceSession implements Session {
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  #state: State = { step: 0, tensors: new Map() };
  /** The model's input, once the model is loaded. */
  #input: Promise<string> | undefined;

  constructor(
    readonly thread: RuntimeThread,
    readonly graph: Graph,
  ) {
    this.#shapes = new Map(
      graphParameters(graph).map(({ key, shape }) => [`weights/${key}`, shape] as const),
    );
  }

  async initialise(seed: number): Promise<void> {
    const weights = [...initialParameters(this.graph, seed)];
    const tensors = new Map(weights.map(([key, tensor]) => [`weights/${key}`, tensor]));
    await this.restore({ step: 0, tensors });
  }

  step(): Promise<Metrics> {
    return Promise.reject(recipeMissing());
  }

  async evaluate(batch: Batch): Promise<Metrics> {
    checkLabels(this.graph, batch);
    const heads = [...(await this.predict(batch.images, batch.shape)).values()];
    const [count] = batch.shape;
    let [loss, correct] = [0, 0];
    for (const [image, label] of batch.labels.entries()) {
      const rows = heads.map(({ data }) => {
        const classes = data.length / count;
        return data.subarray(image * classes, (image + 1) * classes);
      });
      for (const row of rows) loss += crossEntropy(row, label, 0);
      const last = rows.at(-1);
      if (last !== undefined && indexOfLargest(last) === label) correct++;
    }
    return { loss, correct, count };
  }

  async predict(
    images: Float32Array,
    shape: Batch["shape"],
  ): Promise<ReadonlyMap<string, NamedTensor>> {
    checkImages(this.graph, images, shape);
    // The caller may fill its array with the next images meanwhile.
    const data = images.slice();
    try {
      const feed = { name: await this.#load(), type: "float32", dims: shape, data } as const;
      const results = this.graph.outputs.map((output) => output.name);
      const run = { feeds: [feed], read: [], results };
      const answer = await this.thread.ask({ kind: "run", model, ...run }, [feed.data.buffer]);
      return new Map(
        answer.map((head) => [head.name, { shape: head.dims, data: Float32Array.from(head.data) }]),
      );
    } catch (error) {
      throw asEngineError(error, this.graph, "predict", shape);
    }
  }

  state(): Promise<State> {
    return Promise.resolve(this.#state);
  }

  async restore(state: State): Promise<void> {
    checkState(this.#shapes, state);
    const weights = [...state.tensors].filter(([name]) => this.#shapes.has(name));
    this.#state = { step: state.step, tensors: new Map(weights) };
    if (this.#input !== undefined) await this.thread.ask({ kind: "release", model });
    this.#input = undefined;
  }

  dispose(): void {
    this.thread.end();
  }

  /** Loads the model of the state unless it is loaded already. @returns the name of its input. */
  #load(): Promise<string> {
    return (this.#input ??= this.#make().catch((error: unknown) => {
      this.#input = undefined;
      throw error;
    }));
  }

  async #make(): Promise<string> {
    const prefix = "weights/".length;
    const weights = [...this.#state.tensors].map(([name, tensor]) => [name.slice(prefix), tensor]);
    if (weights.length === 0 && this.#shapes.size > 0) throw stateMissing();
    const written = inferenceModel(this.graph, new Map(weights as [string, NamedTensor][]), {
      layout: "nhwc",
    });
    const input = written.inputs[0]?.name ?? "images";
    await this.thread.ask({ kind: "load", model, bytes: encodeModel(written) });
    return input;
  }
}
