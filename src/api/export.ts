/**
 * Exports a network with its weights as one file that other programs run. The file appears whole, or what
 * stood at its path stays as it was.
 */
import { rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inferenceModel } from "../backends/onnx/inference.js";
import type { Layout } from "../backends/onnx/layout.js";
import { opsets, type OnnxValue } from "../backends/onnx/model.js";
import { byteLimit, encodeModel } from "../backends/onnx/protobuf.js";
import { EngineError } from "../engines/engine.js";
import { graphCost } from "../graph/cost.js";
import type { Graph } from "../graph/graph.js";
import { printDomain } from "../shapes/index.js";
import { writeAtomically } from "../storage/atomic-write.js";
import { makeFolder } from "../storage/make-folder.js";
import { CheckpointError, writeFailure } from "../train/errors.js";
import { request, type SpecOptions } from "./check.js";
import { modelMetadata } from "./model-metadata.js";
import { networkWeights, type WeightOptions } from "./network-weights.js";
import { openNetwork } from "./spec.js";

/** What a network can be exported to. */
export const exportFormats = ["onnx"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions extends SpecOptions, WeightOptions {
  /** ONNX, the one format there is, where left out. */
  readonly to?: ExportFormat;
  /** The file; `build/NETWORK.onnx` where left out. */
  readonly path?: string;
  /** The order of the axes of images; nchw, as most ONNX models have it, where left out. */
  readonly layout?: Layout;
}

export interface ExportedModel {
  readonly graph: Graph;
  readonly path: string;
  readonly format: ExportFormat;
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
 * Exports a spec, `FILE` or `FILE#Network`.
 *
 * @throws SpecError, UsageError as for the spec. @throws CheckpointError if the checkpoint is of
 * another network, or the file cannot be written. @throws EngineError where the weights are too many.
 */
export async function exportSpec(
  spec: string,
  options: ExportOptions = {},
): Promise<ExportedModel> {
  const { layout = "nchw", to: format = "onnx" } = options;
  const { graph } = openNetwork(spec, request(options));
  const { path = join("build", `${graph.name}.onnx`) } = options;
  const { parameters } = graphCost(graph);
  refuseLarge(graph, parameters);
  const { weights, checkpoint } = await networkWeights(graph, options);
  const metadata = modelMetadata(graph, layout, checkpoint);
  const model = inferenceModel(graph, weights, { layout, metadata });
  const bytes = encodeModel(model);
  await writeWhole(path, bytes);
  const values = (of: readonly OnnxValue[]): ExportedValue[] =>
    of.map(({ name, dims }) => ({ name, dims }));
  return {
    graph,
    path,
    format,
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

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  let made: string | undefined;
  try {
    made = await makeFolder(dirname(path));
    await refuseDevice(path);
    await writeAtomically(path, [bytes]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    // Where nothing has come of it, the folders that were made on the way go too.
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw writeFailure(path, error);
  }
}

/** What stands at the path is replaced, which must not happen to a device or a pipe. */
async function refuseDevice(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.isFile() || there.isDirectory()) return;
  throw new CheckpointError(
    `cannot write ${path}: it is a device or a pipe`,
    "choose a file with `-o`",
  );
}
