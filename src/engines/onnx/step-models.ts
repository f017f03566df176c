/**
 * Whole steps of a network as models for the runtime: lowered, differentiated, rewritten and encoded for
 * one shape of the images. Nothing is run here.
 */
import { emitProgram, outputName } from "../../backends/onnx/emit.js";
import { encodeModel } from "../../backends/onnx/protobuf.js";
import { withSequenceOutput } from "../../backends/onnx/sequence-output.js";
import type { Graph } from "../../graph/graph.js";
import { sizesOfInput } from "../../graph/traversal.js";
import { lowerInference } from "../../passes/lower/lower.js";
import type { Program } from "../../passes/program/program.js";
import { peakLiveBytes } from "../../passes/rewrites/liveness.js";
import { rewrite, trainingRewrites } from "../../passes/rewrites/pipeline.js";
import { evaluationStep } from "../../passes/training-step/evaluation-step.js";
import { trainingStep } from "../../passes/training-step/training-step.js";
import type { Recipe } from "../../recipe/recipe.js";
import type { Batch } from "../engine.js";
import type { Binding } from "./protocol.js";

export type StepKind = "step" | "evaluate" | "predict";

export interface StepModel extends StepSignature {
  readonly bytes: Uint8Array;
  /** What the model was written from. */
  readonly program: Program;
}

/** What a model reads and gives. */
export interface StepSignature {
  /** The inputs beside the images, the labels and the step: tensors of the state. */
  readonly read: readonly Binding[];
  /** The outputs that tensors of the state become. */
  readonly replace: readonly Binding[];
  /** Inputs that are fed. */
  readonly fed: ReadonlySet<string>;
  /** At least so much memory is needed at once beside the state. */
  readonly liveBytes: number;
}

export interface StepModelOptions {
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly stepsPerEpoch: number;
  readonly block: number | undefined;
}

export function stepModel(
  kind: StepKind,
  shape: Batch["shape"],
  options: StepModelOptions,
): StepModel {
  const program = rewrite(stepProgram(kind, shape, options), trainingRewrites);
  const blocks = options.block === undefined ? {} : { block: options.block, lines: true };
  const { model, lines } = emitProgram(program, blocks);
  const dims = new Map(
    [...model.inputs, ...model.outputs].map((value) => [value.name, value.dims.map(Number)]),
  );
  const bind = (held: string, name: string): Binding => ({
    held,
    name,
    dims: dims.get(name) ?? [],
  });
  const isState = (name: string): boolean => /^(weights|optimizer|average)\//.test(name);
  // What is not trained is asked of the averages, where there are such.
  const asksAverage = kind !== "step" && options.recipe.ema > 0;
  const heldAs = (name: string): string =>
    asksAverage ? name.replace(/^weights\//, "average/") : name;
  const inputs = model.inputs.map(({ name }) => name);
  return {
    program,
    bytes: encodeModel(kind === "step" ? withSequenceOutput(model) : model),
    read: inputs.filter(isState).map((name) => bind(heldAs(lines.get(name) ?? name), name)),
    replace: program.outputs
      .filter(({ name }) => isState(name))
      .map(({ name }) => bind(name, outputName(name))),
    fed: new Set(inputs.filter((name) => !isState(name))),
    liveBytes: peakLiveBytes(program),
  };
}

function stepProgram(
  kind: StepKind,
  shape: Batch["shape"],
  { graph, recipe, stepsPerEpoch }: StepModelOptions,
): Program {
  const [batch, height, width] = shape;
  const sizes = sizesOfInput(graph, height, width);
  switch (kind) {
    case "predict":
      return lowerInference(graph, batch, sizes);
    case "evaluate":
      return evaluationStep(graph, { batch, sizes, smoothing: recipe.loss.smoothing }).program;
    case "step":
      return trainingStep(graph, { recipe, stepsPerEpoch, batch, sizes }).program;
  }
}
