/** `evaluate` for programs: a checkpoint's loss and accuracy on its own data, or on other data. */
import { openDataSet } from "../train/data/open-data-set.js";
import type { DataSet, Split } from "../train/data/data-set.js";
import { TrainingError } from "../train/errors.js";
import { evaluate, type Evaluation } from "../train/evaluate.js";
import { checkClasses } from "../train/fit.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import type { WeightReport } from "./given-weights.js";
import { overridesOf } from "./data-argument.js";
import type { TrainSpecOptions } from "./train.js";
import { openTrained, trainedOptions, type TrainedOptions } from "./trained.js";

export interface EvaluateOptions extends TrainedOptions, Pick<TrainSpecOptions, "data" | "recipe"> {
  /** Which images; "validation" where left out. */
  readonly split?: "train" | "validation" | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, images: number) => void) | undefined;
}

const evaluateOptions: OptionTable<EvaluateOptions> = {
  ...trainedOptions,
  data: "text",
  recipe: "open",
  split: ["validation", "train"],
  signal: "signal",
  onProgress: "function",
};

export interface EvaluationReport extends Evaluation {
  readonly network: string;
  /** The checkpoint, or the file of weights. */
  readonly checkpoint: string;
  /** What was taken of weights that are no run's checkpoint. */
  readonly weights?: WeightReport;
  readonly engine: string;
  readonly data: string;
  readonly split: "train" | "validation";
  /** What a person should hear of the data. */
  readonly notes: readonly string[];
}

/**
 * Evaluates the best checkpoint of a spec's latest run, or the one that is named, or the network of a spec
 * with weights from a file.
 *
 * @throws SpecError, UsageError, CheckpointError, EngineError, DataError, TrainingError
 */
export async function evaluateSpec(
  spec: string | undefined,
  options: EvaluateOptions = {},
): Promise<EvaluationReport> {
  checkOptions("evaluate", options, evaluateOptions);
  const { split = "validation", signal, onProgress } = options;
  const trained = await openTrained(spec, options, overridesOf(options));
  const { graph, recipe, path, report, engine, session } = trained;
  try {
    const dataSet = await openDataSet(recipe.data);
    try {
      const { classes = dataSet.classes } = trained;
      sameClasses(path, classes, dataSet);
      checkClasses(graph, dataSet.name, dataSet.classes);
      const evaluation = await evaluate({
        session,
        graph,
        recipe,
        split: imagesOf(dataSet, split),
        classes,
        signal,
        onProgress,
      });
      const { name: data, notes = [] } = dataSet;
      const what = {
        network: graph.name,
        checkpoint: path,
        ...(report && { weights: report }),
        engine: engine.name,
      };
      return { ...what, data, split, notes, ...evaluation };
    } finally {
      await dataSet.close();
    }
  } finally {
    session.dispose();
  }
}

/** Labels are numbers: with other classes, or in another order, they would mean something else. */
function sameClasses(path: string, classes: readonly string[], { name, ...data }: DataSet): void {
  if (classes.join("\n") === data.classes.join("\n")) return;
  throw new TrainingError(
    `${path} tells ${classes.join(", ")} apart, and ${name} has ${data.classes.join(", ")}`,
    "evaluate on data of the same classes",
  );
}

function imagesOf(dataSet: DataSet, split: "train" | "validation"): Split {
  const images = dataSet[split];
  if (images.size > 0) return images;
  throw new TrainingError(
    `${dataSet.name} has no images in its ${split} split`,
    split === "validation" ? "evaluate on `--split train`, or name other data" : "name other data",
  );
}
