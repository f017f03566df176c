/** What sessions of every engine say of a use that they are not made for. */
import type { Graph } from "../graph/graph.js";
import { EngineError } from "./engine.js";

/** Of a session that is opened with a recipe alone: its schedule counts in epochs. */
export function stepsPerEpochMissing(): EngineError {
  return new EngineError(
    "a session with a recipe needs to know the steps per epoch",
    "open it with `stepsPerEpoch`",
  );
}

/** Of a step that a session is asked for which has no recipe. */
export function recipeMissing(): EngineError {
  return new EngineError(
    "this session was opened without a recipe, so it cannot train",
    "open it with a `recipe` and `stepsPerEpoch`",
  );
}

/** Of a session that is asked before it has weights. */
export function stateMissing(): EngineError {
  return new EngineError("the session has no state yet", "initialise or restore it first");
}

/** Of a recipe that freezes the whole network. */
export function nothingToTrain({ name }: Graph): EngineError {
  return new EngineError(
    `nothing of ${name} is left to train`,
    "freeze fewer places in the recipe",
  );
}
