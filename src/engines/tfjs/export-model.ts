/** Writes a graph with its weights as a folder that `tf.loadLayersModel` opens. */
import { buildModel, setWeights } from "../../backends/tfjs/model.js";
import { saveModel, writeModel } from "../../backends/tfjs/save.js";
import type { Graph } from "../../graph/graph.js";
import type { NamedTensor } from "../engine.js";
import { startCpu } from "./cpu-backend.js";
import { asEngineError } from "./unsupported-node.js";

/**
 * Builds the model, sets its weights (by `NODE.PARAMETER`, as `initialParameters` gives them or a state
 * holds them behind `weights/`) and writes `model.json` and its shards into `folder`.
 * @param metadata what the model says of itself: `userDefinedMetadata` of `model.json`.
 * @returns the names of what was written.
 * @throws EngineError where stock layers cannot express a node.
 */
export async function exportLayersModel(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
  folder: string,
  metadata: ReadonlyMap<string, string> = new Map(),
): Promise<readonly string[]> {
  await startCpu();
  try {
    const built = buildModel(graph, { stock: true });
    try {
      setWeights(built, weights);
      return await writeModel(folder, await saveModel(built.model, metadata));
    } finally {
      built.model.dispose();
    }
  } catch (error) {
    throw asEngineError(error);
  }
}
