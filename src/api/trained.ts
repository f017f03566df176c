/**
 * A trained network, ready to be asked: its checkpoint, found by the spec it was trained from or by its
 * own path, or the network of a spec with weights from a file, in a session of an engine. A checkpoint
 * carries network and recipe; where a spec is named, its network has to be the same.
 */
import type { RecipeOverride } from "../check/recipe.js";
import type { EngineName, NamedTensor, Session } from "../engines/engine.js";
import { engines, selectEngine } from "../engines/registry.js";
import type { Graph } from "../graph/graph.js";
import type { DataReference, EvaluationSettings } from "../recipe/recipe.js";
import { readCheckpoint } from "../train/checkpoint.js";
import { stateOf, trainedWeights } from "../train/weights/trained-weights.js";
import { changedSettings } from "./changed-settings.js";
import { specOptions, type SpecOptions } from "./check.js";
import { holdToSpec } from "./checkpoint-of-spec.js";
import { refuseEmpty, UsageError } from "./errors.js";
import type { OptionTable } from "./given-options.js";
import { refuseTwoSources, type WeightReport } from "./given-weights.js";
import { bestOf, defaultRunFolder, latestRun, runIn } from "./run-finder.js";
import { recipeName } from "./spec.js";
import { openWeighted } from "./weighted-spec.js";

export interface TrainedOptions extends SpecOptions {
  /** The checkpoint's path; the best of the spec's latest run where left out. */
  readonly checkpoint?: string | undefined;
  /**
   * A file of weights for the network of the spec instead of a checkpoint: safetensors by any of the
   * names that `export` gives, a `model.json`, or a checkpoint. `parameters` are the network's.
   */
  readonly weights?: string | undefined;
  /** The recipe's name, where the spec has several. */
  readonly recipeName?: string | undefined;
  /** The run's folder, where it is not `runs/RECIPE`. */
  readonly folder?: string | undefined;
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto" | undefined;
  /** A GPU by a part of its name; the engine's own choice where left out. */
  readonly device?: string | undefined;
}

export const engineOptions: OptionTable<Pick<TrainedOptions, "engine" | "device">> = {
  engine: "open",
  device: "text",
};

export const trainedOptions: OptionTable<TrainedOptions> = {
  ...specOptions,
  ...engineOptions,
  checkpoint: "text",
  weights: "text",
  recipeName: "text",
  folder: "text",
};

export interface Trained {
  /** Of the checkpoint or the weights. */
  readonly path: string;
  readonly graph: Graph;
  /** How it is looked at; `data` are absent where nothing says which. */
  readonly recipe: EvaluationSettings & { readonly data?: DataReference };
  /** What a checkpoint was trained on; not known of weights. */
  readonly trainedOn?: DataReference;
  /** Absent where weights come without them. */
  readonly classes?: readonly string[];
  /** What was taken of weights that are no run's checkpoint. */
  readonly report?: WeightReport;
  readonly engine: { readonly name: EngineName; readonly why: string };
  readonly session: Session;
}

/** The checkpoint that is meant. @throws UsageError where nothing says which. */
function checkpointPath(spec: string | undefined, options: TrainedOptions): string {
  if (options.checkpoint !== undefined) return options.checkpoint;
  if (options.folder !== undefined) return bestOf(runIn(options.folder));
  if (spec === undefined) {
    throw new UsageError(
      "neither a spec nor a checkpoint is named",
      "name the spec that was trained, or a `checkpoint`",
    );
  }
  return bestOf(latestRun(defaultRunFolder(recipeName(spec, options.recipeName))));
}

/**
 * Opens what was trained. The session must be disposed of.
 *
 * @param overrides change its recipe.
 * @throws SpecError, UsageError, CheckpointError, EngineError
 */
export async function openTrained(
  spec: string | undefined,
  options: TrainedOptions,
  overrides: readonly RecipeOverride[] = [],
): Promise<Trained> {
  const { folder, checkpoint } = options;
  refuseEmpty({ folder, checkpoint, weights: options.weights });
  const { weights, ...opened } =
    options.weights === undefined
      ? await openCheckpoint(spec, options, overrides)
      : await openGiven(spec, options.weights, options, overrides);
  return { ...opened, ...(await openNetworkSession(opened.graph, weights, options)) };
}

/** An engine, and a session of it that has these weights. The session must be disposed of. */
export async function openNetworkSession(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
  { engine: wanted = "auto", device }: Pick<TrainedOptions, "engine" | "device"> = {},
): Promise<Pick<Trained, "engine" | "session">> {
  const { engine, why } = await selectEngine(wanted, engines, device);
  const session = await engine.open(graph);
  try {
    await session.restore(stateOf(weights));
  } catch (error) {
    session.dispose();
    throw error;
  }
  return { engine: { name: engine.name, why }, session };
}

interface Opened extends Omit<Trained, "engine" | "session"> {
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

async function openCheckpoint(
  spec: string | undefined,
  options: TrainedOptions,
  overrides: readonly RecipeOverride[],
): Promise<Opened> {
  const { parameters = {} } = options;
  if (Object.keys(parameters).length > 0) {
    throw new UsageError(
      "a checkpoint knows the parameters of its network",
      "leave out `parameters` (`--set` of the command), which are for `weights`",
    );
  }
  const path = checkpointPath(spec, options);
  const checkpoint = await readCheckpoint(path);
  const { graph, recipe, classes, state } = checkpoint;
  if (spec !== undefined) {
    const isNamed = options.checkpoint !== undefined;
    holdToSpec({ path, checkpoint, isNamed }, spec, options.recipeName);
  }
  const weights = trainedWeights(state);
  const changed = changedSettings(recipe, overrides);
  return { path, graph, recipe: changed, trainedOn: recipe.data, classes, weights };
}

/** Weights that are named, for a network that is. @throws UsageError where something else is named as well. */
function openGiven(
  spec: string | undefined,
  path: string,
  options: TrainedOptions,
  overrides: readonly RecipeOverride[],
): Promise<Opened> {
  refuseTwoSources(options);
  if (options.folder !== undefined) {
    throw new UsageError(
      "`weights` and the folder of a run both name weights",
      "leave one of them out",
    );
  }
  if (spec === undefined) {
    throw new UsageError(
      `${path} has weights and no network`,
      "name the spec whose network they are for, before the rest",
    );
  }
  return openWeighted(spec, path, options, overrides);
}
