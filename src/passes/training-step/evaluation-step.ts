/** The evaluation of a batch as one program, (weights, batch) -> metrics, with the moving statistics. */
import type { Graph } from "../../graph/graph.js";
import type { Sizes } from "../../graph/traversal.js";
import type { Loss } from "../../recipe/recipe.js";
import { imageShape, lowerGraph } from "../lower/lower.js";
import { programParameters } from "../lower/parameters.js";
import { ProgramBuilder } from "../program/builder.js";
import { batchMetrics } from "./loss.js";
import { stateTensors } from "./state.js";
import { stateInputs, weightsByKey, type StepProgram } from "./training-step.js";

export interface EvaluationStepOptions {
  readonly batch: number;
  /** What is reported. */
  readonly loss: Loss;
  readonly sizes?: Sizes;
}

/**
 * Inputs: `images` f32 (N, H, W, C), `labels` i32 (N) and the weights. Outputs: `loss` and `correct`,
 * sums over the images, and `count`.
 */
export function evaluationStep(graph: Graph, options: EvaluationStepOptions): StepProgram {
  const { batch, sizes } = options;
  const b = new ProgramBuilder();
  const parameters = programParameters(graph);
  const state = stateTensors(parameters, undefined);
  const images = b.input("images", { dtype: "f32", shape: imageShape(graph, batch, sizes) });
  const labels = b.input("labels", { dtype: "i32", shape: [batch] });
  const weights = weightsByKey(parameters, stateInputs(b, state));
  const { heads } = lowerGraph(b, graph, images, weights, { kind: "inference" }, sizes);
  const { loss, correct } = batchMetrics(b, heads, { labels }, options.loss);
  b.output("loss", loss);
  b.output("correct", correct);
  b.output("count", b.fill(batch));
  return { program: b.build(`${graph.name}-evaluation`), state };
}
