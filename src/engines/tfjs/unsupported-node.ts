/** A node that stock layers cannot compute, said as engines say what they cannot do. */
import { UnsupportedNodeError } from "../../backends/tfjs/unsupported.js";
import { EngineError } from "../engine.js";

/** The error in the engine's terms where it is of such a node; any other one as it is. */
export function asEngineError(error: unknown): unknown {
  if (!(error instanceof UnsupportedNodeError)) return error;
  return new EngineError(error.message, error.help, error.node);
}
