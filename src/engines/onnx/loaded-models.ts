/**
 * The models of a session that its thread holds: made for the shapes that are asked for, where the machine has the
 * memory for them, and kept for the last few shapes.
 */
import { totalmem } from "node:os";
import type { Batch } from "../engine.js";
import { tooLarge } from "./failures.js";
import { plannedRuns, type PlannedRun, type StepKind } from "./planned-runs.js";
import { stepModel, type StepModelOptions, type StepSignature } from "./step-models.js";
import type { RuntimeThread } from "./thread.js";

/** For how many shapes of images the models of one kind of step are held. */
const mostShapes = 3;
/** The share of the machine's memory that the models of an epoch's last, smaller batch may have between epochs. */
const shareToKeep = 1 / 16;

/** A run of a model that the thread holds. */
export type LoadedRun = PlannedRun & StepSignature;

export class LoadedModels {
  /** The runs of a step, by its kind and shape, the last used at the end. */
  readonly #steps = new Map<string, readonly LoadedRun[]>();
  /** By the names of the models. */
  readonly #loaded = new Map<string, StepSignature>();

  /** @param stateBytes what the session's state takes. */
  constructor(
    readonly thread: RuntimeThread,
    readonly options: StepModelOptions,
    readonly stateBytes: number,
  ) {}

  /** The runs that come to a step. @throws EngineError where it cannot fit into the machine. */
  async load(kind: StepKind, shape: Batch["shape"]): Promise<readonly LoadedRun[]> {
    const name = nameOf(kind, shape);
    const known = this.#steps.get(name);
    if (known !== undefined) return this.#keep(name, known);
    const runs = await this.#make(kind, shape);
    const [oldest, ...newer] = [...this.#steps.keys()].filter((each) => each.startsWith(kind));
    if (oldest !== undefined && newer.length + 1 >= mostShapes) await this.#release(oldest);
    return this.#keep(name, runs);
  }

  /**
   * Lets go of what only an epoch's last, smaller batch asks for, where it needs much of the machine's memory;
   * waits for `answer`, of its last step, before.
   */
  async releaseLarge(shape: Batch["shape"], answer: Promise<unknown>): Promise<void> {
    const name = nameOf("step", shape);
    const needed = this.#needs("step", this.#steps.get(name) ?? []);
    if (shape[0] === this.options.recipe.batch || needed <= shareToKeep * memoryLimit()) return;
    await answer.catch(() => undefined);
    await this.#release(name);
  }

  async #make(kind: StepKind, shape: Batch["shape"]): Promise<readonly LoadedRun[]> {
    const plan = plannedRuns(kind, shape, this.options.recipe);
    const byModel = new Map(plan.map((run) => [run.model, run]));
    const made = [...byModel.values()]
      .filter(({ model }) => !this.#loaded.has(model))
      .map((run) => ({ ...run, ...stepModel(run, shape, this.options) }));
    const signatures = new Map<string, StepSignature>([
      ...this.#loaded,
      ...made.map((each) => [each.model, signatureOf(each)] as const),
    ]);
    const runs = plan.map((run) => ({ ...run, ...(signatures.get(run.model) as StepSignature) }));
    const [needed, limit] = [this.#needs(kind, runs), memoryLimit()];
    if (needed > limit) throw tooLarge(kind, shape, needed, limit);
    try {
      for (const one of made) {
        const { model, bytes, optimisation } = one;
        await this.thread.ask({ kind: "load", model, bytes, optimisation });
        this.#loaded.set(one.model, signatureOf(one));
      }
    } catch (error) {
      await this.#letGo(runs);
      throw error;
    }
    return runs;
  }

  /** Marks them as used last. */
  #keep(name: string, runs: readonly LoadedRun[]): readonly LoadedRun[] {
    this.#steps.delete(name);
    this.#steps.set(name, runs);
    return runs;
  }

  async #release(name: string): Promise<void> {
    const runs = this.#steps.get(name) ?? [];
    this.#steps.delete(name);
    await this.#letGo(runs);
  }

  /** Of all models but that of the update, which serves every shape. */
  async #letGo(runs: readonly LoadedRun[]): Promise<void> {
    for (const { model, kind } of runs) {
      if (kind === "update" || !this.#loaded.delete(model)) continue;
      await this.thread.ask({ kind: "release", model });
    }
  }

  /**
   * In bytes. A step's peak in the runtime has been twice what its values come to, with what the formulations
   * need beside them. The model of each size of a part has memory of its own, which the runtime keeps for its next
   * run; that of an update needs little but the state's buffers.
   */
  #needs(kind: StepKind, runs: readonly LoadedRun[]): number {
    const live = (isUpdate: boolean): number => {
      const chosen = runs.filter((run) => (run.kind === "update") === isUpdate);
      const bytes = new Map(chosen.map(({ model, liveBytes }) => [model, liveBytes]));
      return [...bytes.values()].reduce((sum, each) => sum + each, 0);
    };
    const values = Math.max(live(false), live(true));
    return (kind === "step" ? 2 : 1) * (values + this.stateBytes);
  }
}

function nameOf(kind: StepKind, shape: Batch["shape"]): string {
  return `${kind} ${shape.join("x")}`;
}

function signatureOf({ read, replace, fed, sums, liveBytes }: StepSignature): StepSignature {
  return { read, replace, fed, sums, liveBytes };
}

/** What the machine has for the process, in bytes. */
function memoryLimit(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}
