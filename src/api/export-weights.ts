/**
 * Exports a network's weights alone as a safetensors file: with the graph's names in its canonical
 * layout, or as a state dictionary of PyTorch that torchvision's residual networks load.
 */
import { join } from "node:path";
import { CentredPadding } from "../backends/torch/centred-padding.js";
import { toCifar } from "../backends/torch/cifar-names.js";
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

/**
 * Whose names the tensors of an exported file have: `cifar` are those of the published networks for CIFAR in
 * PyTorch, whose shortcuts without a convolution pad the channels on both sides.
 */
export const weightNames = ["graph", "torchvision", "cifar"] as const;
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
  readonly path?: string | undefined;
  readonly names?: WeightNames | undefined;
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
  if (names !== "graph") refuseUnnamed(graph, names);
  const { weights, checkpoint, ...known } = await networkWeights(graph, options);
  const metadata = new Map([
    ["format", names === "graph" ? graphFormat : torchFormat],
    ...modelMetadata(graph, { names }, known),
  ]);
  const content =
    names === "graph"
      ? { tensors: weights }
      : stateDict(graph, weights, names, checkpoint?.state.step);
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
    notes: notesFor(graph, names),
  };
}

const shownNames = 4;

function hasPadding({ nodes }: Graph): boolean {
  return nodes.some(({ op }) => op === "padchannels");
}

/** What a person should hear of a file by these names. */
function notesFor(graph: Graph, names: WeightNames): readonly string[] {
  if (names === "graph") return [];
  const padding =
    names === "cifar"
      ? "the channels are in the order of shortcuts that pad on both sides, as published networks do"
      : "shortcuts that pad have no counterpart in torchvision; load it where they pad at the end of the " +
        "channels, or export `--names cifar` for published networks, which pad on both sides";
  return [...(hasPadding(graph) ? [padding] : []), ...strideNotes(graph)];
}

function refuseUnnamed(graph: Graph, names: "torchvision" | "cifar"): void {
  const unnamed = [...torchNames(graph).unnamed];
  if (names === "cifar" && hasPadding(graph) && !CentredPadding.isIn(graph)) {
    unnamed.push("it has convolutions with groups, whose channels have one order alone");
  }
  if (unnamed.length === 0) return;
  throw new UsageError(
    `${graph.name} has not the form of ${formsOf[names]}: ` + listed(unnamed, shownNames, ";"),
    "export it with the names of the graph, `--names graph`",
  );
}

const formsOf = {
  torchvision: "the residual networks of torchvision and timm",
  cifar: "the published networks for CIFAR",
} as const;

/** @param steps how many batches the batch norms have seen. */
function stateDict(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
  names: "torchvision" | "cifar",
  steps = 0,
): Pick<TensorFile, "tensors" | "integers"> {
  const tensors = new Map<string, NamedTensor>();
  const integers = new Map<string, IntegerTensor>();
  const centred =
    names === "cifar" && CentredPadding.isIn(graph) ? new CentredPadding(graph) : undefined;
  const named = names === "cifar" ? toCifar : (name: string): string => name;
  for (const { key, node, module, name, kind } of torchNames(graph).tensors) {
    const tensor = weights.get(key);
    if (tensor === undefined) throw new RangeError(`there are no values for ${key}`);
    tensors.set(named(name), toTorch(kind, centred?.toThere(node, tensor) ?? tensor));
    if (!name.endsWith(".running_var")) continue;
    const data = BigInt64Array.of(BigInt(steps));
    integers.set(named(`${module}.num_batches_tracked`), { shape: [], data });
  }
  return { tensors, integers };
}
