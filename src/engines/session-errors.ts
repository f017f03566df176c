/** The errors of a session, on every engine, that is used in a way it was not opened for. */
import type { Graph } from "../graph/graph.js";
import { EngineError } from "./engine.js";

/** For a recipe without steps per epoch, in which its schedule counts. */
export function stepsPerEpochMissing(): EngineError {
  return new EngineError(
    "a session with a recipe needs to know the steps per epoch",
    "open it with `stepsPerEpoch`",
  );
}

/** For a training step without a recipe. */
export function recipeMissing(): EngineError {
  return new EngineError(
    "this session was opened without a recipe, so it cannot train",
    "open it with a `recipe` and `stepsPerEpoch`",
  );
}

/** For a session that has no weights yet. */
export function stateMissing(): EngineError {
  return new EngineError("the session has no state yet", "initialise or restore it first");
}

/** For a recipe that freezes the whole network. */
export function nothingToTrain({ name }: Graph): EngineError {
  return new EngineError(
    `nothing of ${name} is left to train`,
    "freeze fewer places in the recipe",
  );
}
