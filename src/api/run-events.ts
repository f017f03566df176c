/** What a run tells of itself: the events of the loop, and those of what stands around it. */
import type { EngineName } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import type { DataSet } from "../train/data/data-set.js";
import type { TrainEvent } from "../train/events.js";
import type { WeightReport } from "./given-weights.js";

/** The live page can be opened. */
export interface PageEvent {
  readonly kind: "page";
  readonly url: string;
}

/** The report of the run is written; the event `end` comes next. */
export interface ReportEvent {
  readonly kind: "report";
  readonly path: string;
}

/** Something is not as it should be, and the run goes on. */
export interface WarningEvent {
  readonly kind: "warning";
  readonly message: string;
}

/** What the run will be of, before the engine starts. */
export interface PreparedEvent {
  readonly kind: "prepared";
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly engine: { readonly name: EngineName; readonly why: string };
  /** What a new run starts from, where weights are given. */
  readonly weights?: WeightReport;
  /** What a run that goes on has again without being given it: `--epochs 3`. */
  readonly kept: readonly string[];
  readonly data: {
    readonly name: string;
    readonly classes: readonly string[];
    readonly trainImages: number;
    readonly validationImages: number;
    readonly notes: readonly string[];
  };
}

export type RunEvent = TrainEvent | PreparedEvent | PageEvent | ReportEvent | WarningEvent;

export function preparedEvent(
  what: Pick<PreparedEvent, "graph" | "recipe" | "engine" | "weights" | "kept">,
  { name, classes, train: training, validation, notes = [], cautions = [] }: DataSet,
): PreparedEvent {
  return {
    kind: "prepared",
    ...what,
    data: {
      name,
      classes,
      trainImages: training.size,
      validationImages: validation.size,
      notes: [...notes, ...cautions],
    },
  };
}
