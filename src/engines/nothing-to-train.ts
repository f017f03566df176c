/** What engines say of a recipe that freezes the whole network. */
import type { Graph } from "../graph/graph.js";
import { EngineError } from "./engine.js";

export function nothingToTrain({ name }: Graph): EngineError {
  return new EngineError(
    `nothing of ${name} is left to train`,
    "freeze fewer places in the recipe",
  );
}
