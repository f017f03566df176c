/**
 * The models of a session that its thread holds: made for the shapes that come, where the machine has the
 * memory for them, and a few of each kind kept.
 */
import { totalmem } from "node:os";
import type { Batch } from "../engine.js";
import { tooLarge } from "./failures.js";
import {
  stepModel,
  type StepKind,
  type StepModelOptions,
  type StepSignature,
} from "./step-models.js";
import type { RuntimeThread } from "./thread.js";

/** How many models of one kind are held, each for one shape of images. */
const mostModels = 3;
/** The share of the machine's memory that the model of an epoch's last, smaller batch may have between epochs. */
const shareToKeep = 1 / 16;

/** A model of the thread's. */
export interface LoadedModel extends StepSignature {
  readonly model: string;
}

export class LoadedModels {
  /** By their names, that which was used last at the end. */
  readonly #loaded = new Map<string, LoadedModel>();

  /** @param stateBytes what the session's state takes. */
  constructor(
    readonly thread: RuntimeThread,
    readonly options: StepModelOptions,
    readonly stateBytes: number,
  ) {}

  /** @throws EngineError where a step cannot fit into the machine. */
  async load(kind: StepKind, shape: Batch["shape"]): Promise<LoadedModel> {
    const name = `${kind} ${shape.join("x")}`;
    const known = this.#loaded.get(name);
    if (known !== undefined) return this.#keep(known);
    const model = stepModel(kind, shape, this.options);
    const [needed, limit] = [this.#needs(model, kind), memoryLimit()];
    if (needed > limit) throw tooLarge(kind, shape, needed, limit);
    await this.thread.ask({ kind: "load", model: name, bytes: model.bytes });
    const { read, replace, fed, liveBytes } = model;
    const [oldest, ...newer] = [...this.#loaded.keys()].filter((each) => each.startsWith(kind));
    if (oldest !== undefined && newer.length + 1 >= mostModels) await this.#release(oldest);
    return this.#keep({ model: name, read, replace, fed, liveBytes });
  }

  /**
   * Lets go of a model that only an epoch's last, smaller batch asks for, where it needs much of the
   * machine's memory; waits for `answer`, of its last run, before.
   */
  async releaseLarge(
    model: LoadedModel,
    shape: Batch["shape"],
    answer: Promise<unknown>,
  ): Promise<void> {
    const isWhole = shape[0] === this.options.recipe.batch;
    if (isWhole || this.#needs(model, "step") <= shareToKeep * memoryLimit()) return;
    await answer.catch(() => undefined);
    await this.#release(model.model);
  }

  /** As the one that was used last. */
  #keep(model: LoadedModel): LoadedModel {
    this.#loaded.delete(model.model);
    this.#loaded.set(model.model, model);
    return model;
  }

  async #release(name: string): Promise<void> {
    if (!this.#loaded.delete(name)) return;
    await this.thread.ask({ kind: "release", model: name });
  }

  /**
   * In bytes. A step's peak in the runtime has been twice what its values come to, with what the formulations
   * need beside them.
   */
  #needs({ liveBytes }: StepSignature, kind: StepKind): number {
    return (kind === "step" ? 2 : 1) * (liveBytes + this.stateBytes);
  }
}

/** What the machine has for the process, in bytes. */
function memoryLimit(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}
