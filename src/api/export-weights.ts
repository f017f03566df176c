/**
 * Exports a network's weights alone as a safetensors file: with the graph's names in its canonical
 * layout, or as a state dictionary of PyTorch that torchvision's residual networks load.
 */
import { join } from "node:path";
import { toTorch } from "../backends/torch/layout.js";
import { torchNames } from "../backends/torch/names.js";
import { strideNotes } from "../backends/torch/stride.js";
import { listed } from "../diagnostics/lists.js";
import type { NamedTensor } from "../engines/engine.js";
import { graphCost } from "../graph/cost.js";
import type { Graph } from "../graph/graph.js";
import { encodeSafetensors, type IntegerTensor, type TensorFile } from "../train/safetensors.js";
import { writeExport } from "./export-file.js";
import { UsageError } from "./errors.js";
import { modelMetadata } from "./model-metadata.js";
import { networkWeights, type WeightOptions } from "./network-weights.js";

/** Whose names the tensors of an exported file have. */
export const weightNames = ["graph", "torchvision"] as const;
export type WeightNames = (typeof weightNames)[number];

export interface ExportedWeights {
  readonly format: "safetensors";
  readonly graph: Graph;
  readonly path: string;
  readonly names: WeightNames;
  /** How many tensors the file holds. */
  readonly tensors: number;
  readonly bytes: number;
  /** Trainable numbers. */
  readonly parameters: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** What a person should hear of the file. */
  readonly notes: readonly string[];
}

export interface ExportWeightsOptions extends WeightOptions {
  readonly path?: string;
  readonly names?: WeightNames;
}

/** The metadata `format` by which a file with the graph's names is known. */
const graphFormat = "resnetc-weights";
/** The one by which PyTorch's libraries know theirs. */
const torchFormat = "pt";

/** @throws UsageError where the network has not the form that the names are for. @throws as networkWeights. */
export async function exportWeights(
  graph: Graph,
  options: ExportWeightsOptions,
): Promise<ExportedWeights> {
  const { names = "graph", path = join("build", `${graph.name}.safetensors`) } = options;
  if (names === "torchvision") refuseUnnamed(graph);
  const { weights, checkpoint } = await networkWeights(graph, options);
  const metadata = new Map([
    ["format", names === "graph" ? graphFormat : torchFormat],
    ...modelMetadata(graph, { names }, checkpoint),
  ]);
  const content =
    names === "graph" ? { tensors: weights } : stateDict(graph, weights, checkpoint?.state.step);
  const file: TensorFile = { metadata, ...content };
  const chunks = encodeSafetensors(file);
  await writeExport(path, chunks);
  return {
    format: "safetensors",
    graph,
    path,
    names,
    tensors: file.tensors.size + (file.integers?.size ?? 0),
    bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    parameters: graphCost(graph).parameters,
    metadata,
    notes: names === "torchvision" ? strideNotes(graph) : [],
  };
}

const shownNames = 4;

function refuseUnnamed(graph: Graph): void {
  const { unnamed } = torchNames(graph);
  if (unnamed.length === 0) return;
  throw new UsageError(
    `${graph.name} has not the form of torchvision's residual networks: ` +
      listed(unnamed, shownNames, ";"),
    "export it with the names of the graph, `--names graph`",
  );
}

/** @param steps how many batches the batch norms have seen. */
function stateDict(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
  steps = 0,
): Pick<TensorFile, "tensors" | "integers"> {
  const tensors = new Map<string, NamedTensor>();
  const integers = new Map<string, IntegerTensor>();
  for (const { key, module, name, kind } of torchNames(graph).tensors) {
    const tensor = weights.get(key);
    if (tensor === undefined) throw new RangeError(`there are no values for ${key}`);
    tensors.set(name, toTorch(kind, tensor));
    if (!name.endsWith(".running_var")) continue;
    const data = BigInt64Array.of(BigInt(steps));
    integers.set(`${module}.num_batches_tracked`, { shape: [], data });
  }
  return { tensors, integers };
}
