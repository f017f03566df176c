/**
 * The checkpoints of one run: when the next is due, and the writing of them. None is ever written with a value
 * that is not finite.
 */
import type { Engine } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { writeCheckpoint, type Checkpoint, type Digests, type KnownData } from "./checkpoint.js";
import type { Course } from "./course.js";
import type { DataSet } from "./data/data-set.js";
import { diverged } from "./divergence.js";
import type { RunGiven } from "./given.js";
import { firstNotFinite } from "./finite.js";
import type { RatedSession } from "./rated-session.js";
import type { RunFiles } from "./run-folder.js";

/** What every checkpoint of a run says, and when one is written. */
export interface CheckpointOptions {
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly dataSet: DataSet;
  readonly engine: Engine;
  /** The version of resnetc, for the record. */
  readonly version: string;
  /** What the run is given beside its spec, kept for when it goes on. */
  readonly given?: RunGiven | undefined;
  /** Minutes between checkpoints within an epoch; 10 where left out, 0 after every step. */
  readonly checkpointMinutes?: number | undefined;
}

/** What a run that goes on knows its data again by. */
export function knownAgainBy({
  train,
  validation,
}: Pick<DataSet, "train" | "validation">): KnownData {
  const [ofTrain, ofValidation] = [train.digest?.(), validation.digest?.()];
  const digests: Digests = {
    ...(ofTrain !== undefined && { train: ofTrain }),
    ...(ofValidation !== undefined && { validation: ofValidation }),
  };
  return { images: train.size, ...(Object.keys(digests).length > 0 && { digests }) };
}

export type CheckpointName = "best" | "last";

const defaultMinutes = 10;

export class RunCheckpoints {
  #savedAt = performance.now();
  /** The optimizer step of the newest `last`; undefined where the run has none. */
  #savedStep: number | undefined;

  /** @param resumedAt the optimizer step of the checkpoint that the run goes on from. */
  constructor(
    private readonly options: CheckpointOptions,
    private readonly rated: Pick<RatedSession, "session">,
    private readonly files: RunFiles,
    resumedAt: number | undefined,
  ) {
    this.#savedStep = resumedAt;
  }

  /** Whether it is time to write one within an epoch. */
  get isDue(): boolean {
    const minutes = this.options.checkpointMinutes ?? defaultMinutes;
    return performance.now() - this.#savedAt >= minutes * 60_000;
  }

  /** Whether `last` holds all that was trained up to an optimizer step. */
  holds(step: number): boolean {
    return (this.#savedStep ?? 0) >= step;
  }

  /** The path of the newest checkpoint, if there is one. */
  get newest(): string | undefined {
    return this.#savedStep === undefined ? undefined : this.files.last;
  }

  /**
   * Writes the session's state under each name; `last` comes last, as it knows of the best.
   *
   * @throws TrainingError if a weight is not finite. @throws WriteError if one cannot be written.
   */
  async write(names: readonly CheckpointName[], course: Course): Promise<void> {
    const { graph, recipe, dataSet, engine, version, given } = this.options;
    const state = await this.rated.session.state();
    const name = firstNotFinite(state.tensors);
    if (name !== undefined) {
      throw diverged(`${name} is not finite after step ${course.step}`, recipe, this.newest);
    }
    const checkpoint: Checkpoint = {
      graph,
      recipe,
      classes: dataSet.classes,
      engine: engine.name,
      version,
      given,
      progress: course.progress(knownAgainBy(dataSet)),
      state,
    };
    for (const which of names) await writeCheckpoint(this.files[which], checkpoint);
    this.#savedAt = performance.now();
    this.#savedStep = course.step;
  }
}
