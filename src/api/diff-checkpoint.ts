/** Whether a network takes the weights of a file, as the commands that take weights would say it. */
import type { Graph } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import { checkArchitecture } from "../train/architecture.js";
import { CheckpointError } from "../train/errors.js";
import { matchWeights, type MatchedWeights } from "../train/weights/match.js";
import { readWeightFile, type WeightForm } from "../train/weights/weight-file.js";
import type { WeightVerdict } from "../compare/weights.js";

export interface CheckpointFit {
  readonly path: string;
  readonly form: WeightForm;
  readonly verdict: WeightVerdict;
  /** How many tensors of the new network are taken from it, and how many it has. */
  readonly taken: number;
  readonly tensors: number;
  /** Heads that would start fresh, and what should be known of how the others are taken, each a sentence. */
  readonly fresh: readonly string[];
  readonly notes: readonly string[];
  /** Why it is not taken, and what to do. */
  readonly reason?: string;
  readonly help?: string;
  /** Whether the weights are of the first network at all. */
  readonly isOfBefore: boolean;
  /** Of a checkpoint: why a run cannot go on from it, where it cannot. */
  readonly resume?: string;
}

/** @throws CheckpointError where the file cannot be read, or is damaged. */
export async function checkpointFit(
  path: string,
  before: Graph,
  after: Graph,
): Promise<CheckpointFit> {
  const file = await readWeightFile(path);
  const isOfBefore = !(attempt(() => matchWeights(before, file)) instanceof CheckpointError);
  const matched = attempt(() => matchWeights(after, file, { freshHeads: true }));
  const { checkpoint } = file;
  const resumed = checkpoint && attempt(() => checkArchitecture(file.path, checkpoint, after));
  const tensors = graphParameters(after).length;
  const known = { path: file.path, form: file.form, tensors, isOfBefore };
  const resume = resumed instanceof CheckpointError ? { resume: resumed.message } : {};
  if (matched instanceof CheckpointError) {
    const { message, help } = matched;
    const why = { reason: message, ...(help !== undefined && { help }) };
    return { ...known, ...why, verdict: "breaks", taken: 0, fresh: [], notes: [] };
  }
  return { ...known, ...resume, ...takenFrom(matched) };
}

function takenFrom({
  weights,
  fresh,
  notes,
}: MatchedWeights): Pick<CheckpointFit, "verdict" | "taken" | "fresh" | "notes"> {
  const verdict = fresh.length === 0 ? "loads" : "partly";
  return { verdict, taken: weights.size, fresh, notes };
}

function attempt<T>(action: () => T): T | CheckpointError {
  try {
    return action();
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
}
