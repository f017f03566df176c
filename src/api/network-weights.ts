/** The weights of a network at hand: fresh ones of a seed, those of a checkpoint of it, or a file's. */
import type { OptionTable } from "./given-options.js";
import { openWeights, refuseTwoSources, type WeightReport } from "./given-weights.js";
import { checkNetworkSize } from "../engines/network-size.js";
import type { Graph } from "../graph/graph.js";
import { initialParameters, type ParameterValue } from "../graph/initialise.js";
import type { Preprocessing } from "../recipe/recipe.js";
import { checkArchitecture } from "../train/architecture.js";
import { readCheckpoint, type Checkpoint } from "../train/checkpoint.js";
import { trainedWeights } from "../train/weights/trained-weights.js";

export interface WeightOptions {
  /** From which fresh weights are drawn; 0 where left out. */
  readonly seed?: number | undefined;
  /** A checkpoint whose weights are taken instead. */
  readonly checkpoint?: string | undefined;
  /**
   * A file of weights that are taken instead: safetensors by any of the names that `export` gives, a
   * `model.json`, or a checkpoint.
   */
  readonly weights?: string | undefined;
}

export const weightOptions: OptionTable<WeightOptions> = {
  seed: "seed",
  checkpoint: "text",
  weights: "text",
};

export interface NetworkWeights {
  /** By `NODE.PARAMETER`. */
  readonly weights: ReadonlyMap<string, ParameterValue>;
  /** The checkpoint that they come from, where it is one. */
  readonly checkpoint?: Checkpoint;
  /** What was taken of a file of weights. */
  readonly report?: WeightReport;
  /** A name for each class, where the weights say them. */
  readonly classes?: readonly string[];
  /** How images become what they were trained on, where they say it. */
  readonly preprocess?: readonly Preprocessing[];
}

/**
 * @throws CheckpointError if the checkpoint cannot be read or is of another network. @throws EngineError
 * where no process can hold the weights.
 */
export async function networkWeights(
  graph: Graph,
  options: WeightOptions,
): Promise<NetworkWeights> {
  const { seed = 0, checkpoint: path } = options;
  checkNetworkSize(graph);
  refuseTwoSources(options);
  if (options.weights !== undefined) return openWeights(options.weights, graph);
  if (path === undefined) return { weights: initialParameters(graph, seed) };
  const checkpoint = await readCheckpoint(path);
  checkArchitecture(path, checkpoint, graph);
  const { classes, state, recipe } = checkpoint;
  const { preprocess } = recipe;
  return { weights: trainedWeights(state), checkpoint, classes, preprocess };
}
