/** `resnetc compile SPEC -o FOLDER`: the checked graph as JSON, and as a tf.LayersModel. */
import { join } from "node:path";
import type { NamedTensor } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { initialParameters } from "../graph/initialise.js";
import { checkArchitecture } from "../train/architecture.js";
import { readCheckpoint } from "../train/checkpoint.js";
import { weightsOf, writeCompiled } from "../train/compiled.js";
import { bytes } from "./numbers.js";
import { loadSpec, pickNetwork, type SpecOptions } from "./spec.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface CompileOptions extends SpecOptions {
  readonly output?: string;
  readonly seed?: number;
  /** Weights of this checkpoint instead of fresh ones. */
  readonly checkpoint?: string;
}

/** @returns the exit status. */
export async function compileCommand(
  spec: string,
  options: CompileOptions,
  terminal: Terminal,
): Promise<number> {
  const { graph } = pickNetwork(loadSpec(spec, options, terminal));
  const folder = options.output ?? join("compiled", graph.name);
  const weights = await weightsFor(graph, options);
  const files = await writeCompiled(graph, weights, folder);
  if (options.json) {
    terminal.out(`${JSON.stringify({ network: graph.name, folder, files }, undefined, 2)}\n`);
  } else {
    const source = options.checkpoint ?? `fresh weights of seed ${options.seed ?? 0}`;
    terminal.out(`${graph.name} with ${source}:\n`);
    for (const { file, size } of files) terminal.out(`  ${join(folder, file)}  ${bytes(size)}\n`);
  }
  return status.fine;
}

async function weightsFor(
  graph: Graph,
  { checkpoint: path, seed }: CompileOptions,
): Promise<ReadonlyMap<string, NamedTensor>> {
  if (path === undefined) return initialParameters(graph, seed ?? 0);
  const checkpoint = await readCheckpoint(path);
  checkArchitecture(path, checkpoint, graph);
  return weightsOf(checkpoint.state);
}
