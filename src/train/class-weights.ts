/** Whether the weights of a loss are for the classes that a network tells apart. */
import { counted, grouped } from "../diagnostics/numbers.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { TrainingError } from "./errors.js";

/** @throws TrainingError naming a head of another number of classes. */
export function checkClassWeights(graph: Graph, { loss }: Pick<Recipe, "loss">): void {
  const weights = loss.kind === "crossentropy" ? loss.weights : undefined;
  if (weights === undefined || weights.length === 0) return;
  for (const output of graph.outputs) {
    const classes = graph.nodes.find(({ name }) => name === output.node)?.type.channels ?? 0;
    if (classes === weights.length) continue;
    throw new TrainingError(
      `the loss has ${counted(weights.length, "weight")}, and the head ${output.name} of ${graph.name} tells ` +
        `${grouped(classes)} classes apart`,
      "give a weight for every class, in the order of the data's; `balance: 1` weighs them by how rare they are",
    );
  }
}
