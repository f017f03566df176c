/**
 * Exports a network with its weights as one file that other programs run or read. The file appears whole,
 * or what stood at its path stays as it was.
 */
import { join } from "node:path";
import { inferenceModel } from "../backends/onnx/inference.js";
import type { Layout } from "../backends/onnx/layout.js";
import { opsets, type OnnxValue } from "../backends/onnx/model.js";
import { byteLimit, encodeModel } from "../backends/onnx/protobuf.js";
import { EngineError } from "../engines/engine.js";
import { graphCost } from "../graph/cost.js";
import type { Graph } from "../graph/graph.js";
import { printDomain } from "../shapes/index.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { writeExport } from "./export-file.js";
import {
  exportWeights,
  weightNames,
  type ExportedWeights,
  type WeightNames,
} from "./export-weights.js";
import { modelMetadata } from "./model-metadata.js";
import { networkWeights, weightOptions, type WeightOptions } from "./network-weights.js";
import { openNetwork } from "./spec.js";
import { UsageError } from "./errors.js";

/** What a network can be exported to. */
const exportFormats = ["onnx", "safetensors"] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface FileOptions extends SpecOptions, WeightOptions {
  /** The file; `build/NETWORK.onnx` or `build/NETWORK.safetensors` where left out. */
  readonly path?: string | undefined;
}

export interface ExportOnnxOptions extends FileOptions {
  readonly to?: "onnx" | undefined;
  /** The order of the axes of images; nchw, as most ONNX models have it, where left out. */
  readonly layout?: Layout | undefined;
}

export interface ExportSafetensorsOptions extends FileOptions {
  readonly to: "safetensors";
  /** Whose names the tensors have: the graph's, where left out, torchvision's, or those of CIFAR's networks. */
  readonly names?: WeightNames | undefined;
}

export type ExportOptions = ExportOnnxOptions | ExportSafetensorsOptions;

const exportOptions: OptionTable<ExportOnnxOptions & Omit<ExportSafetensorsOptions, "to">> = {
  ...specOptions,
  ...weightOptions,
  path: "text",
  to: "open",
  layout: ["nchw", "nhwc"],
  names: weightNames,
};

export interface ExportedModel {
  readonly format: "onnx";
  readonly graph: Graph;
  readonly path: string;
  /** The version of ONNX's operators. */
  readonly opset: number;
  readonly bytes: number;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Extents are numbers, or symbols of what the caller chooses. */
  readonly inputs: readonly ExportedValue[];
  /** Logits, by the heads' names. */
  readonly outputs: readonly ExportedValue[];
  /** The conditions on a symbolic input's sizes, each as the language writes it. */
  readonly sizes: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
}

export type ExportedValue = Pick<OnnxValue, "name" | "dims">;

/**
 * Exports a spec, `FILE` or `FILE#Network`: to ONNX where nothing else is said.
 *
 * @throws SpecError, UsageError as for the spec, or where the names of tensors that are asked for are not
 * for a network of its form. @throws CheckpointError if the checkpoint is of another network.
 * @throws WriteError if the file cannot be written. @throws EngineError where the weights are too many.
 */
export async function exportSpec(spec: string, options?: ExportOnnxOptions): Promise<ExportedModel>;
export async function exportSpec(
  spec: string,
  options: ExportSafetensorsOptions,
): Promise<ExportedWeights>;
export async function exportSpec(
  spec: string,
  options: ExportOptions,
): Promise<ExportedModel | ExportedWeights>;
export async function exportSpec(
  spec: string,
  options: ExportOptions = {},
): Promise<ExportedModel | ExportedWeights> {
  checkOptions("exportModel", options, exportOptions);
  refuseForeignOptions(options);
  const { graph } = openNetwork(spec, request(options));
  return options.to === "safetensors" ? exportWeights(graph, options) : exportOnnx(graph, options);
}

/** @throws UsageError for an option of the other format, which would go by in silence. */
function refuseForeignOptions(options: ExportOptions): void {
  const { to = "onnx" } = options;
  if (!exportFormats.includes(to)) {
    throw new UsageError(`a network is not exported to ${String(to)}`, "name onnx or safetensors");
  }
  if (to === "onnx" && "names" in options && options.names !== undefined) {
    throw new UsageError(
      "the names of tensors are for `--to safetensors`",
      "leave out `--names`, or export to safetensors",
    );
  }
  if (to === "safetensors" && "layout" in options && options.layout !== undefined) {
    throw new UsageError(
      "the layout of images is for `--to onnx`: weights alone take no images",
      "leave out `--layout`",
    );
  }
}

async function exportOnnx(graph: Graph, options: ExportOnnxOptions): Promise<ExportedModel> {
  const { layout = "nchw", path = join("build", `${graph.name}.onnx`) } = options;
  const { parameters } = graphCost(graph);
  refuseLarge(graph, parameters);
  const { weights, ...known } = await networkWeights(graph, options);
  const metadata = modelMetadata(graph, { layout }, known);
  const model = inferenceModel(graph, weights, { layout, metadata });
  const bytes = encodeModel(model);
  await writeExport(path, [bytes]);
  const values = (of: readonly OnnxValue[]): ExportedValue[] =>
    of.map(({ name, dims }) => ({ name, dims }));
  return {
    format: "onnx",
    graph,
    path,
    opset: opsets[""] ?? 0,
    bytes: bytes.length,
    parameters,
    inputs: values(model.inputs),
    outputs: values(model.outputs),
    sizes: graph.domains.map(printDomain),
    metadata,
  };
}

/** @throws EngineError before anything is computed. */
function refuseLarge({ name }: Graph, parameters: number): void {
  const size = 4 * parameters;
  if (size <= byteLimit) return;
  throw new EngineError(
    `${name} has ${(size / 1e9).toFixed(1)} GB of weights, and an ONNX file holds 2.1 GB`,
    "give the network fewer channels",
  );
}
