/** Weights from a file that is named, `--weights FILE`, as those of a network, and what was taken. */
import type { NamedTensor } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import type { Preprocessing } from "../recipe/recipe.js";
import type { Checkpoint } from "../train/checkpoint.js";
import { withHeads, type HeadChoice } from "../train/weights/heads.js";
import { matchWeights, type MatchOptions } from "../train/weights/match.js";
import { readWeightFile, type WeightForm } from "../train/weights/weight-file.js";
import { numberNames } from "./class-names.js";
import { refuseEmpty, UsageError } from "./errors.js";

/** What was taken from a file of weights. */
export interface WeightReport {
  readonly path: string;
  readonly form: WeightForm;
  /** Whose names its tensors have: `cifar` are those of published networks for CIFAR in PyTorch. */
  readonly names: "graph" | "torchvision" | "cifar";
  /** How many tensors were taken, and how many the network has. */
  readonly taken: number;
  readonly tensors: number;
  /** Heads that start fresh, each with a sentence. */
  readonly fresh: readonly string[];
  /** What a person should hear of how they were taken. */
  readonly notes: readonly string[];
}

export interface GivenWeights {
  /** By `NODE.PARAMETER`. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
  readonly report: WeightReport;
  readonly classes?: readonly string[];
  /** How images become what they were trained on, where the file says it. */
  readonly preprocess?: readonly Preprocessing[];
  /** Where that is said, if not in the file itself. */
  readonly preprocessFrom?: string;
  /** Where the file is one. */
  readonly checkpoint?: Checkpoint;
}

/** @throws CheckpointError if the file cannot be read, or its tensors are not the network's. */
export async function openWeights(
  path: string,
  graph: Graph,
  options: MatchOptions = {},
): Promise<GivenWeights> {
  const file = await readWeightFile(path);
  const { weights, names, fresh, notes } = matchWeights(graph, file, options);
  const tensors = graphParameters(graph).length;
  const { path: read, form } = file;
  const { classes, notes: ofClasses } = fittingClasses(file.classes, graph, options);
  const said = { names, taken: weights.size, tensors, fresh, notes: [...notes, ...ofClasses] };
  const report = { path: read, form, ...said };
  const { preprocess, preprocessFrom, checkpoint } = file;
  return {
    ...{ weights, report },
    ...(classes && { classes }),
    ...(preprocess && { preprocess }),
    ...(preprocessFrom !== undefined && { preprocessFrom }),
    ...(checkpoint && { checkpoint }),
  };
}

/**
 * The names of classes that a file has, where they are one for each that the network tells apart. A new run holds them
 * against its data's itself, whose number may be another.
 */
function fittingClasses(
  names: readonly string[] | undefined,
  graph: Graph,
  { freshHeads = false }: MatchOptions,
): { readonly classes?: readonly string[]; readonly notes: readonly string[] } {
  if (names === undefined) return { notes: [] };
  const { length } = numberNames(graph);
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (freshHeads || (names.length === length && twice === undefined))
    return { classes: names, notes: [] };
  const why =
    twice === undefined
      ? `the file names ${names.length}, and the network tells ${length} apart`
      : `the file names two of them ${twice}`;
  return { notes: [`the classes that the file names are passed over: ${why}`] };
}

/** The same weights for data of these classes, in their order. @param choice of what becomes of their heads. */
export function forClasses(
  given: GivenWeights,
  graph: Graph,
  classes: readonly string[],
  choice?: HeadChoice,
): GivenWeights {
  const { weights, fresh, notes } = withHeads(
    graph,
    given.weights,
    { there: given.classes, here: classes },
    choice,
  );
  const report = {
    ...given.report,
    taken: weights.size,
    fresh: [...given.report.fresh, ...fresh],
    notes: [...given.report.notes, ...notes],
  };
  return { ...given, weights, report };
}

/** @throws UsageError where weights are named twice, or by an empty text. */
export function refuseTwoSources({
  weights,
  checkpoint,
}: {
  readonly weights?: string | undefined;
  readonly checkpoint?: string | undefined;
}): void {
  refuseEmpty({ weights, checkpoint });
  if (weights === undefined || checkpoint === undefined) return;
  throw new UsageError(
    "`weights` and `checkpoint` both name weights",
    "leave one of them out; `weights` takes a checkpoint too",
  );
}
