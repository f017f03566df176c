/** `predict` for programs: what a trained network takes image files for. */
import { DataError } from "../train/data/data-set.js";
import { openDataSet } from "../train/data/open-data-set.js";
import { predictImages, type Prediction } from "../train/predict.js";
import { numberNames } from "./class-names.js";
import { overridesOf } from "./data-argument.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import type { WeightReport } from "./given-weights.js";
import { imageFiles } from "./image-files.js";
import { openTrained, trainedOptions, type Trained, type TrainedOptions } from "./trained.js";
import { requireTexts } from "./errors.js";
import type { GivenValues } from "./values.js";

export interface PredictSpecOptions extends TrainedOptions {
  /** The spec that was trained; not needed where a checkpoint or a run is named. */
  readonly spec?: string | undefined;
  /** Values for the recipe, such as how images are prepared: `{ preprocess: "{ resize 64 }" }`. */
  readonly recipe?: GivenValues | undefined;
  /** How many classes to name for each image; 5 where left out. */
  readonly top?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears, before the first prediction, what was taken of weights that are no run's checkpoint. */
  readonly onWeights?: ((report: WeightReport, notes: readonly string[]) => void) | undefined;
}

const predictOptions: OptionTable<PredictSpecOptions> = {
  ...trainedOptions,
  spec: "text",
  recipe: "open",
  top: "count",
  signal: "signal",
  onWeights: "function",
};

/**
 * The classes of image files, in their order, each as soon as it is known.
 *
 * @param images files; of a folder all images below it, of a pattern what fits it.
 * @throws SpecError, UsageError, CheckpointError, EngineError; what is wrong with one image is in its
 * prediction.
 */
export async function* predictFiles(
  images: readonly string[],
  options: PredictSpecOptions,
): AsyncGenerator<Prediction> {
  requireTexts(
    "images",
    images,
    "give their paths; `classify` of a loaded network takes the bytes of a file",
  );
  checkOptions("predict", options, predictOptions);
  const { spec, top, signal } = options;
  const files = await imageFiles(images);
  const trained = await openTrained(spec, options, overridesOf(options));
  const { graph, recipe, report, session } = trained;
  try {
    const { classes, notes } = await classNames(trained);
    if (report !== undefined) options.onWeights?.(report, notes);
    yield* predictImages({
      session,
      graph,
      recipe,
      classes,
      files,
      top,
      signal,
    });
  } finally {
    session.dispose();
  }
}

/** Where the weights do not say their classes: those of the recipe's data, or else numbers. */
async function classNames({
  graph,
  recipe,
  classes,
}: Trained): Promise<{ readonly classes: readonly string[]; readonly notes: readonly string[] }> {
  if (classes !== undefined) return { classes, notes: [] };
  const names = numberNames(graph);
  const numbers = (because: string) => ({
    classes: names,
    notes: [`the classes are numbers from 0: ${because}`],
  });
  if (recipe.data === undefined) return numbers("neither the spec nor the file has names for them");
  try {
    const dataSet = await openDataSet(recipe.data);
    await dataSet.close();
    if (dataSet.classes.length === names.length) return { classes: dataSet.classes, notes: [] };
    return numbers(
      `${dataSet.name} has ${dataSet.classes.length}, and the network ${names.length}`,
    );
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return numbers(error.message);
  }
}
