/** Whether a recipe that drops residuals has some to drop. */
import type { Graph } from "../graph/graph.js";
import { residualSums } from "../recipe/dropped-paths.js";
import { frozenNodes } from "../recipe/frozen.js";
import type { Recipe } from "../recipe/recipe.js";
import { TrainingError } from "./errors.js";

/** @throws TrainingError where the network has no residuals, or all of them are frozen. */
export function checkDroppedPaths(
  graph: Graph,
  { droppath, freeze }: Pick<Recipe, "droppath" | "freeze">,
): void {
  if (droppath === 0) return;
  const sums = residualSums(graph);
  const frozen = frozenNodes(graph, freeze);
  if (sums.some(({ name }) => !frozen.has(name))) return;
  const none = sums.length === 0;
  throw new TrainingError(
    `\`droppath\` leaves out residuals, and ${none ? `${graph.name} has none` : `all of ${graph.name}'s are frozen`}`,
    none ? "leave it out, or train a network with residuals" : "leave it out, or freeze less",
  );
}
