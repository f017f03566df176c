/** Whether a recipe that drops residuals has some to drop. */
import type { Graph } from "../../graph/graph.js";
import { residualSums } from "../dropped-paths.js";
import { frozenNodes } from "../frozen.js";
import type { Recipe } from "../recipe.js";
import { misfit, type Misfit } from "./misfit.js";

/** That the network has no residuals, or all of them are frozen. */
export function droppedPathMisfits(
  graph: Graph,
  { droppath, freeze }: Pick<Recipe, "droppath" | "freeze">,
): readonly Misfit[] {
  if (droppath === 0) return [];
  const sums = residualSums(graph);
  const frozen = frozenNodes(graph, freeze);
  if (sums.some(({ name }) => !frozen.has(name))) return [];
  const place = { setting: "droppath" } as const;
  if (sums.length === 0) {
    const help = "leave it out, or train a network with residuals";
    return [misfit("R0509", { why: `${graph.name} has none` }, { place, help })];
  }
  const why = `all of ${graph.name}'s are frozen`;
  return [misfit("R0509", { why }, { place, help: "leave it out, or freeze less" })];
}
