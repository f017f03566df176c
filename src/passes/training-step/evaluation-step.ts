/** The judgement of a batch as one program, (weights, batch) -> metrics, with the moving statistics. */
import type { Graph } from "../../graph/graph.js";
import type { Sizes } from "../../graph/traversal.js";
import { frozenNodes } from "../../recipe/frozen.js";
import type { Freeze } from "../../recipe/recipe.js";
import { imageShape, lowerGraph } from "../lower/lower.js";
import { ProgramBuilder } from "../program/builder.js";
import { judge } from "./loss.js";
import { parameterGroups, stateTensors, takeApart, type StateForm } from "./state.js";
import type { StepProgram } from "./training-step.js";

export interface EvaluationStepOptions {
  readonly batch: number;
  /** The label smoothing of the loss that is reported. */
  readonly smoothing: number;
  readonly sizes?: Sizes;
  /** What is frozen and the form: as in the training steps whose state it is. */
  readonly freeze?: Freeze;
  readonly form?: StateForm;
}

/**
 * Inputs: `images` f32 (N, H, W, C), `labels` i32 (N) and the weights. Outputs: `loss` and `correct`,
 * sums over the images, and `count`.
 */
export function evaluationStep(graph: Graph, options: EvaluationStepOptions): StepProgram {
  const { batch, smoothing, sizes, form = "tensors" } = options;
  const b = new ProgramBuilder();
  const groups = parameterGroups(graph, form, frozenNodes(graph, options.freeze ?? false));
  const state = stateTensors(groups, undefined);
  const images = b.input("images", { dtype: "f32", shape: imageShape(graph, batch, sizes) });
  const labels = b.input("labels", { dtype: "i32", shape: [batch] });
  const parameters = new Map(
    groups.flatMap((group) => {
      const type = { dtype: "f32", shape: group.shape } as const;
      return [...takeApart(b, group, b.input(`weights/${group.name}`, type))];
    }),
  );
  const { heads } = lowerGraph(b, graph, images, parameters, { kind: "inference" }, sizes);
  const { loss, correct } = judge(b, heads, { labels }, smoothing);
  b.output("loss", loss);
  b.output("correct", correct);
  b.output("count", b.fill(batch));
  return { program: b.build(`${graph.name}-evaluation`), state };
}
