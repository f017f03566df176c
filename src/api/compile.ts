/**
 * Compiles a spec into files: `graph.json`, and a model that `tf.loadLayersModel` opens. The files
 * appear whole, one by one, after all of them have been made: a failure leaves the folder as it was.
 */
import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeOldShards } from "../backends/tfjs/shards.js";
import type { Graph } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import { makeFolder } from "../storage/make-folder.js";
import { writeFailure } from "../train/errors.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { modelMetadata } from "./model-metadata.js";
import { networkWeights, weightOptions, type WeightOptions } from "./network-weights.js";
import { refuseEmpty, UsageError } from "./errors.js";
import { openNetwork } from "./spec.js";

export interface CompileOptions extends SpecOptions, WeightOptions {
  /** Where the files go. */
  readonly folder: string;
  /** Only `graph.json`, for networks that tf.layers cannot express. */
  readonly graphOnly?: boolean | undefined;
}

const compileOptions: OptionTable<CompileOptions> = {
  ...specOptions,
  ...weightOptions,
  folder: "text",
  graphOnly: "flag",
};

export interface CompiledFile {
  readonly path: string;
  readonly bytes: number;
}

export interface Compiled {
  readonly graph: Graph;
  readonly folder: string;
  readonly files: readonly CompiledFile[];
}

/**
 * Compiles a spec, `FILE` or `FILE#Network`.
 *
 * @throws SpecError, UsageError as for the spec. @throws CheckpointError if the checkpoint is of
 * another network. @throws WriteError if the folder cannot be written. @throws EngineError where
 * tf.layers cannot express the network.
 */
export async function compileSpec(spec: string, options: CompileOptions): Promise<Compiled> {
  checkOptions("compile", options, compileOptions);
  const { folder, graphOnly = false } = options;
  if (folder === undefined) {
    throw new UsageError(
      "there is no folder for what is compiled",
      'name one: `folder: "build/resnet50"`',
    );
  }
  refuseEmpty({ folder });
  const { graph } = openNetwork(spec, request(options));
  const faults = verifyGraph(graph);
  if (faults.length > 0) throw new RangeError(`the graph is not sound: ${faults.join("; ")}`);
  const partial = join(folder, `.partial-${process.pid}`);
  try {
    const made = await makeFolder(partial);
    let leftover = made ?? partial;
    try {
      if (!graphOnly) await writeModelFiles(graph, options, partial);
      await writeFile(join(partial, "graph.json"), `${JSON.stringify(graph, undefined, 1)}\n`);
      const files = await moveAll(partial, folder);
      leftover = partial;
      return { graph, folder, files };
    } finally {
      // Where nothing has come of it, the folders that were made on the way go too.
      await rm(leftover, { recursive: true, force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw writeFailure(folder, error);
  }
}

async function writeModelFiles(
  graph: Graph,
  options: CompileOptions,
  folder: string,
): Promise<void> {
  const { weights, ...known } = await networkWeights(graph, options);
  const { exportLayersModel } = await import("../engines/tfjs/export-model.js");
  await exportLayersModel(graph, weights, folder, modelMetadata(graph, {}, known));
}

/** Weights first, so that no `model.json` ever names a shard that is not there. */
async function moveAll(from: string, to: string): Promise<CompiledFile[]> {
  const order = (name: string): number => (name.endsWith(".json") ? 1 : 0);
  const names = (await readdir(from)).sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  const files: CompiledFile[] = [];
  for (const name of names) {
    const { size } = await stat(join(from, name));
    await rename(join(from, name), join(to, name));
    files.push({ path: join(to, name), bytes: size });
  }
  if (names.includes("model.json")) await removeOldShards(to, names);
  return files;
}
