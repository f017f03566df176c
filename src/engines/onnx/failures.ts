/** Failures of the runtime as errors that a user can act on. */
import type { Graph } from "../../graph/graph.js";
import { EngineError, type Batch } from "../engine.js";
import type { StepKind } from "./planned-runs.js";
import { RuntimeFailure } from "./thread.js";

/** An error of the runtime as one of the engine's; any other as it is. */
export function asEngineError(
  error: unknown,
  graph: Graph,
  kind: StepKind,
  shape: Batch["shape"],
): unknown {
  if (!(error instanceof RuntimeFailure)) return error;
  if (/allocate|bad_alloc|out of memory/i.test(error.message)) return tooLarge(kind, shape);
  return new EngineError(
    `ONNX Runtime cannot run ${graph.name}: ${error.message.split("\n")[0]}`,
    "use another engine (`resnetc engines`), and report the spec",
  );
}

/** The error for a batch that does not fit into memory. @param needed, limit bytes, where known. */
export function tooLarge(
  kind: StepKind,
  [batch, height, width]: Batch["shape"],
  needed?: number,
  limit?: number,
): EngineError {
  const what = kind === "step" ? "a training step" : "a forward pass";
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  const figures =
    needed === undefined || limit === undefined
      ? "needs more memory than there is"
      : `needs about ${gigabytes(needed)} of memory, and this machine has ${gigabytes(limit)}`;
  return new EngineError(
    `${what} on ${batch} images of ${height}x${width} ${figures}`,
    kind === "step"
      ? "use a smaller batch (`--batch`) or smaller images, or pass a batch in more parts (`accumulate`)"
      : "use a smaller batch (`--batch`) or smaller images",
  );
}
