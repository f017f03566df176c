/** The weights that a network is written with: fresh ones of a seed, or those of a checkpoint of it. */
import { checkNetworkSize } from "../engines/network-size.js";
import type { Graph } from "../graph/graph.js";
import { initialParameters, type ParameterValue } from "../graph/initialise.js";
import { checkArchitecture } from "../train/architecture.js";
import { readCheckpoint, type Checkpoint } from "../train/checkpoint.js";
import { trainedWeights } from "../train/weights/trained-weights.js";

export interface WeightOptions {
  /** From which fresh weights are drawn; 0 where left out. */
  readonly seed?: number;
  /** A checkpoint whose weights are written instead. */
  readonly checkpoint?: string;
}

export interface NetworkWeights {
  /** By `NODE.PARAMETER`. */
  readonly weights: ReadonlyMap<string, ParameterValue>;
  /** Where they come from, if not from a seed. */
  readonly checkpoint?: Checkpoint;
}

/**
 * @throws CheckpointError if the checkpoint cannot be read or is of another network. @throws EngineError
 * where no process can hold the weights.
 */
export async function networkWeights(
  graph: Graph,
  { seed = 0, checkpoint: path }: WeightOptions,
): Promise<NetworkWeights> {
  checkNetworkSize(graph);
  if (path === undefined) return { weights: initialParameters(graph, seed) };
  const checkpoint = await readCheckpoint(path);
  checkArchitecture(path, checkpoint, graph);
  return { weights: trainedWeights(checkpoint.state), checkpoint };
}
