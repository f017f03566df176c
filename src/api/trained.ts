/**
 * A trained network, ready to be asked: its checkpoint, found by the spec it was trained from or by its
 * own path, in a session of an engine. The checkpoint carries network and recipe, so nothing of the
 * spec is needed but the name of its run.
 */
import type { EngineName, Session } from "../engines/engine.js";
import { selectEngine } from "../engines/registry.js";
import { readCheckpoint, type Checkpoint } from "../train/checkpoint.js";
import { UsageError } from "./errors.js";
import { bestOf, defaultRunFolder, latestRun } from "./run-finder.js";
import { recipeName } from "./spec.js";

export interface TrainedOptions {
  /** The checkpoint's path; the best of the spec's latest run where left out. */
  readonly checkpoint?: string;
  /** The recipe's name, where the spec has several. */
  readonly recipeName?: string;
  /** The run's folder, where it is not `runs/RECIPE`. */
  readonly folder?: string;
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto";
}

export interface Trained {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  readonly engine: { readonly name: EngineName; readonly why: string };
  readonly session: Session;
}

/** The checkpoint that is meant. @throws UsageError where nothing says which. */
export function checkpointPath(spec: string | undefined, options: TrainedOptions): string {
  if (options.checkpoint !== undefined) return options.checkpoint;
  if (options.folder !== undefined) return bestOf(latestRun(options.folder));
  if (spec === undefined) {
    throw new UsageError(
      "neither a spec nor a checkpoint is named",
      "name the spec that was trained, or `--checkpoint FILE`",
    );
  }
  return bestOf(latestRun(defaultRunFolder(recipeName(spec, options.recipeName))));
}

/**
 * Opens what was trained. The session must be disposed of.
 *
 * @throws SpecError, UsageError, CheckpointError, EngineError
 */
export async function openTrained(
  spec: string | undefined,
  options: TrainedOptions,
): Promise<Trained> {
  const path = checkpointPath(spec, options);
  const checkpoint = await readCheckpoint(path);
  const { engine, why } = await selectEngine(options.engine ?? "auto");
  const session = await engine.open(checkpoint.graph);
  try {
    await session.restore(checkpoint.state);
  } catch (error) {
    session.dispose();
    throw error;
  }
  return { path, checkpoint, engine: { name: engine.name, why }, session };
}
