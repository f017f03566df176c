/** `evaluate` for programs: a checkpoint's loss and accuracy on its own data, or on other data. */
import { existsSync, realpathSync } from "node:fs";
import { listed } from "../diagnostics/lists.js";
import { grouped } from "../diagnostics/numbers.js";
import type { DataReference } from "../recipe/recipe.js";
import { openDataSet } from "../train/data/open-data-set.js";
import type { DataSet, Split } from "../train/data/data-set.js";
import { TrainingError } from "../train/errors.js";
import { evaluate, type Evaluation } from "../train/evaluate.js";
import { checkClasses } from "../train/fit.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import type { WeightReport } from "./given-weights.js";
import { numberNames } from "./class-names.js";
import { overridesOf } from "./data-argument.js";
import { UsageError } from "./errors.js";
import type { TrainSpecOptions } from "./train.js";
import { openTrained, trainedOptions, type Trained, type TrainedOptions } from "./trained.js";

export type SplitName = "train" | "validation" | "test";

export interface EvaluateOptions extends TrainedOptions, Pick<TrainSpecOptions, "data" | "recipe"> {
  /**
   * Which images. Where left out, those for validation; of other data than were trained on, all, where the data do not
   * say which are for validation.
   */
  readonly split?: SplitName | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, images: number) => void) | undefined;
}

const evaluateOptions: OptionTable<EvaluateOptions> = {
  ...trainedOptions,
  data: "text",
  recipe: "open",
  split: ["validation", "train", "test"],
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
  /** `all` where the data are not divided, and were not trained on. */
  readonly split: SplitName | "all";
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
  const { signal, onProgress } = options;
  const trained = await openTrained(spec, options, overridesOf(options));
  const { graph, recipe, path, report, engine, session } = trained;
  try {
    const data = dataOf(trained, spec);
    const foreign = isForeign(data, trained, options);
    const whole = foreign && options.split === undefined;
    const dataSet = await openDataSet(data, { whole });
    try {
      const { classes = dataSet.classes } = trained;
      const labels = labelsAmong(path, classes, dataSet);
      if (trained.classes === undefined) checkCount(trained, dataSet);
      checkClasses(graph, dataSet.name, classes);
      const { split, images } = imagesOf(dataSet, whole, options.split);
      const evaluation = await evaluate({
        session,
        graph,
        recipe,
        split: images,
        classes,
        labels,
        signal,
        onProgress,
      });
      const notes = [
        ...(dataSet.notes ?? []),
        ...(split === "all" ? [allImages(trained)] : []),
        ...(split === "test" && !foreign ? validatedOn(dataSet) : []),
        ...missingClasses(classes, dataSet),
      ];
      const what = {
        network: graph.name,
        checkpoint: path,
        ...(report && { weights: report }),
        engine: engine.name,
      };
      return { ...what, data: dataSet.name, split, notes, ...evaluation };
    } finally {
      await dataSet.close();
    }
  } finally {
    session.dispose();
  }
}

/** @throws TrainingError where the data's classes are not as many as those of weights that do not say which theirs are. */
function checkCount({ graph, path }: Trained, { name, classes }: DataSet): void {
  const count = numberNames(graph).length;
  if (count === classes.length) return;
  throw new TrainingError(
    `${path} does not name its ${grouped(count)} classes, and ${name} has ${grouped(classes.length)}`,
    "evaluate on data of all of them, in their order, or take weights that name them: a checkpoint, or an export of one",
  );
}

/**
 * Which of the classes that are told apart each of the data's is: labels are numbers, and with fewer classes, or in
 * another order, would mean something else.
 *
 * @throws TrainingError where the data have a class that is not among them.
 */
function labelsAmong(
  path: string,
  classes: readonly string[],
  { name, ...data }: DataSet,
): readonly number[] {
  const known = classes.map((each) => each.normalize("NFC"));
  const labels = data.classes.map((each) => known.indexOf(each.normalize("NFC")));
  const unknown = data.classes.filter((_, index) => labels[index] === -1);
  if (unknown.length === 0) return labels;
  throw new TrainingError(
    `${path} tells ${listed(classes, 10)} apart, and ${name} has ${listed(unknown, 10)}`,
    "evaluate on data of those classes, or of some of them, by the same names",
  );
}

/** Which classes the data have no images of, as a note. */
function missingClasses(classes: readonly string[], data: DataSet): readonly string[] {
  const missing = classes.filter((each) => !data.classes.includes(each));
  return missing.length === 0 ? [] : [`${data.name} has no images of ${listed(missing, 10)}`];
}

/** What a person should know of images that are evaluated whole: they may be those that were trained on, elsewhere. */
function allImages({ trainedOn }: Trained): string {
  const others = trainedOn?.path === undefined ? "" : `, ${trainedOn.path}`;
  return (
    `all images, as they are not what was trained on${others}; ` +
    "if they are the same, `--split validation` takes those that were set aside"
  );
}

/** What a person should know of test images that are those for validation too. */
function validatedOn({ validation, test }: DataSet): readonly string[] {
  return test === validation
    ? [
        "the test images are those that are validated with, by which a run chooses its checkpoint: " +
          "what they come to is not a test",
      ]
    : [];
}

/** @throws UsageError where nothing says what to evaluate on: weights for a spec without a recipe. */
function dataOf({ recipe }: Trained, spec = ""): DataReference {
  if (recipe.data !== undefined) return recipe.data;
  throw new UsageError(
    `${spec} has no recipe that says on which images to evaluate`,
    "name them: `--data FOLDER`",
  );
}

/** Whether data are others than what was trained on; of weights, whether they are given. */
function isForeign(
  looked: DataReference,
  { trainedOn }: Trained,
  { data }: EvaluateOptions,
): boolean {
  if (trainedOn === undefined) return data !== undefined;
  return looked.kind !== trainedOn.kind || realPath(looked) !== realPath(trainedOn);
}

/** Where data lie, links followed, as far as they are there. */
function realPath({ path }: DataReference): string | undefined {
  return path !== undefined && existsSync(path) ? realpathSync(path) : path;
}

/** The images of a split that is named, or that are meant where none is. @throws TrainingError where there are none. */
function imagesOf(
  dataSet: DataSet,
  whole: boolean,
  named: SplitName | undefined,
): { readonly split: SplitName | "all"; readonly images: Split } {
  if (whole && dataSet.validation.size === 0) {
    return { split: "all", images: dataSet.train };
  }
  const split = named ?? "validation";
  const images = dataSet[split];
  if (images !== undefined && images.size > 0) return { split, images };
  throw new TrainingError(
    `${dataSet.name} has no images in its ${split} split`,
    helpWithoutImages[split],
  );
}

const helpWithoutImages: Readonly<Record<SplitName, string>> = {
  train: "name other data",
  validation: "evaluate on `--split train`, or name other data",
  test: "give the folder of the test images itself as `--data`, or leave out `--split`",
};
