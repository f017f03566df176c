/** A compiled network on disk: the checked graph as JSON, and a tf.LayersModel with its weights. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { NamedTensor, State } from "../engines/engine.js";
import { exportLayersModel } from "../engines/tfjs/export-model.js";
import type { Graph } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import { writeAtomically } from "../storage/atomic-write.js";
import { writeFailure } from "./errors.js";

/** The weights of a state by `NODE.PARAMETER`. */
export function weightsOf({ tensors }: State): ReadonlyMap<string, NamedTensor> {
  const prefix = "weights/";
  return new Map(
    [...tensors]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, tensor]) => [key.slice(prefix.length), tensor]),
  );
}

/**
 * Writes `graph.json`, `model.json` and the weights into `folder`.
 * @throws CheckpointError where a file cannot be written.
 * @throws EngineError where stock layers cannot express the graph.
 */
export async function writeCompiled(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
  folder: string,
): Promise<readonly { readonly file: string; readonly size: number }[]> {
  const faults = verifyGraph(graph);
  if (faults.length > 0) throw new Error(`the graph does not verify: ${faults.join("; ")}`);
  try {
    await mkdir(folder, { recursive: true });
    const json = new TextEncoder().encode(`${JSON.stringify(graph)}\n`);
    await writeAtomically(join(folder, "graph.json"), [json]);
  } catch (error) {
    throw writeFailure(folder, error);
  }
  const written = await exportLayersModel(graph, weights, folder);
  const names = ["graph.json", ...written];
  return Promise.all(
    names.map(async (file) => ({ file, size: (await stat(join(folder, file))).size })),
  );
}
