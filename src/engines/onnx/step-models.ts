/**
 * Steps of a network as models for the runtime: lowered, differentiated, rewritten and encoded for one shape of
 * the images. A training step is one model, or, where its batch is passed in parts, one for every size of a part
 * and one of the update: what is made grows with a part, not with how many there are. Nothing is run here.
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
import { partStep, updateStep, type SumTensor } from "../../passes/training-step/split-step.js";
import { trainingStep } from "../../passes/training-step/training-step.js";
import { unweighted } from "../../recipe/class-weights.js";
import type { Recipe } from "../../recipe/recipe.js";
import { elementCount } from "../../shapes/index.js";
import type { Batch } from "../engine.js";
import { kernelForms, parameterKey } from "./kernel-forms.js";
import type { PlannedRun } from "./planned-runs.js";
import type { Binding, Optimisation, StepSum } from "./protocol.js";

export interface StepModel extends StepSignature {
  readonly bytes: Uint8Array;
  /** What the model was written from. */
  readonly program: Program;
  readonly optimisation: Optimisation;
}

/** What a model reads and gives. */
export interface StepSignature {
  /** The inputs beside those that are fed: tensors of the state, and sums of the step. */
  readonly read: readonly Binding[];
  /** The outputs that tensors of the state, and sums of the step, become. */
  readonly replace: readonly Binding[];
  /** Inputs that are fed. */
  readonly fed: ReadonlySet<string>;
  /** What a step that begins with this model sums. */
  readonly sums: readonly StepSum[];
  /** At least so much memory is needed at once beside the state. */
  readonly liveBytes: number;
}

export interface StepModelOptions {
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly stepsPerEpoch: number;
  readonly block: number | undefined;
}

/** The sum of the loss, and all sums of a training step that are metrics. */
export const lossSum = "sum/loss";
export const metricSums: readonly string[] = [lossSum, "sum/correct"];

/** The model of a run. @param shape of the whole batch. */
export function stepModel(
  run: PlannedRun,
  shape: Batch["shape"],
  options: StepModelOptions,
): StepModel {
  const { graph, block, recipe } = options;
  const written = stepProgram(run, shape, options);
  const program = rewrite(written.program, trainingRewrites);
  // No convolution of an update says how what it reads lies.
  const kernels = kernelInputs(program, graph, block);
  const blocks = block === undefined ? {} : { block, lines: true, kernels };
  const { model, lines } = emitProgram(program, blocks);
  const dims = new Map(
    [...model.inputs, ...model.outputs].map((value) => [value.name, value.dims.map(Number)]),
  );
  const bind = (held: string, name: string): Binding => ({
    held,
    name,
    dims: dims.get(name) ?? [],
  });
  const trains = run.kind !== "evaluate" && run.kind !== "predict";
  // What is not trained is asked of the averages, where there are such.
  const asksAverage = !trains && recipe.ema > 0;
  const heldAs = (name: string): string =>
    asksAverage ? name.replace(/^weights\//, "average/") : name;
  const inputs = model.inputs.map(({ name }) => name);
  return {
    program,
    bytes: encodeModel(trains ? withSequenceOutput(model) : model),
    optimisation: trains && block !== undefined ? optimisationOf(program) : "all",
    read: inputs.filter(isHeld).map((name) => bind(heldAs(lines.get(name) ?? name), name)),
    replace: program.outputs
      .map(({ name }) => bind(run.kind === "step" ? sumOf(name) : name, outputName(name)))
      .filter(({ held }) => isHeld(held)),
    fed: new Set(inputs.filter((name) => !isHeld(name))),
    sums: written.sums.map((sum) => ({ name: sum.name, size: elementCount(sum.shape) })),
    liveBytes: peakLiveBytes(program),
  };
}

/**
 * The runtime's own rewriting takes longer than in proportion to a model, half a minute for one of 240
 * convolutions, and finds nothing in blocked training steps but the counters of dropout's draws: those are the
 * same in every step, and too many for the compiler to fold.
 */
function optimisationOf({ instructions }: Program): Optimisation {
  return instructions.some(({ primitive }) => primitive === "iota") ? "basic" : "disabled";
}

/** Whether a value of a model is a tensor of the state or a sum of a step. */
function isHeld(name: string): boolean {
  return /^(weights|optimizer|average|sum)\//.test(name);
}

/** What an output of a whole step is to its session: the metrics are sums over its one part. */
function sumOf(output: string): string {
  const sum = `sum/${output}`;
  return metricSums.includes(sum) ? sum : output;
}

/** The inputs that lie as kernels. */
function kernelInputs(
  { inputs }: Program,
  graph: Graph,
  block: number | undefined,
): ReadonlySet<string> {
  const forms = kernelForms(graph, block);
  const names = inputs.map(({ name }) => name);
  return new Set(names.filter((name) => forms.get(parameterKey(name)) === "kernel"));
}

/** A program, and what it sums where a training step begins with it. */
interface Written {
  readonly program: Program;
  readonly sums: readonly SumTensor[];
}

function stepProgram(
  { kind, images: [from, to] = [0, 0] }: PlannedRun,
  shape: Batch["shape"],
  { graph, recipe, stepsPerEpoch }: StepModelOptions,
): Written {
  const [batch, height, width] = shape;
  const sizes = sizesOfInput(graph, height, width);
  const options = { recipe, stepsPerEpoch, batch, sizes };
  switch (kind) {
    case "predict":
      return { program: lowerInference(graph, batch, sizes), sums: [] };
    case "evaluate": {
      const loss = unweighted(recipe.loss);
      return { program: evaluationStep(graph, { batch, sizes, loss }).program, sums: [] };
    }
    case "step": {
      const sums = metricSums.map((name) => ({ name, shape: [] }));
      return { program: trainingStep(graph, options).program, sums };
    }
    case "part":
      return partStep(graph, to - from, options);
    case "update":
      return { program: updateStep(graph, options), sums: [] };
  }
}
