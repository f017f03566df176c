/** Reads the JSON trace of ONNX Runtime's profiler. */

/** What one node of the runtime's own graph took. */
export interface NodeTime {
  /** As the model names it; the runtime's own where it made the node. */
  readonly name: string;
  readonly operator: string;
  /** Mean over the steps. */
  readonly milliseconds: number;
}

interface TraceEvent {
  readonly cat?: string;
  readonly name: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

const suffix = "_kernel_time";

/** The nodes of the last `runs` runs of the model. @throws Error where the trace holds fewer. */
export function readTrace(text: string, runs: number): readonly NodeTime[] {
  const events = JSON.parse(text) as readonly TraceEvent[];
  const starts = events
    .filter(({ cat, name }) => cat === "Session" && name === "model_run")
    .map(({ ts }) => ts)
    .toSorted((left, right) => left - right);
  const from = starts.at(-runs);
  if (from === undefined || starts.length < runs) {
    throw new Error(`the profiler's trace has ${starts.length} runs, not ${runs}`);
  }
  const nodes = new Map<string, { operator: string; microseconds: number }>();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== "Node" || ts < from || !name.endsWith(suffix)) continue;
    const node = name.slice(0, -suffix.length);
    const known = nodes.get(node);
    if (known === undefined) nodes.set(node, { operator: args?.op_name ?? "?", microseconds: dur });
    else known.microseconds += dur;
  }
  return [...nodes].map(([name, { operator, microseconds }]) => ({
    name,
    operator,
    milliseconds: microseconds / 1000 / runs,
  }));
}
