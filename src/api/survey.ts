/**
 * `data` for programs: every image of a data set looked at before a run, alone or as a spec's recipe would use it.
 * What is wrong with single images is in the report; nothing is trained, written or changed.
 */
import type { DataReference, Recipe } from "../recipe/recipe.js";
import type { DataSet, Split } from "../train/data/data-set.js";
import { openDataSet } from "../train/data/open-data-set.js";
import type { ChannelStatistics } from "../train/survey/channel-statistics.js";
import { preparedFaults, wholeFaults, type DataFault } from "../train/survey/fit-faults.js";
import {
  RepeatedImages,
  type ImagePlace,
  type RepeatedImage,
} from "../train/survey/repeated-images.js";
import { surveySplit, type SplitSurvey } from "../train/survey/survey-split.js";
import { changedSettings } from "./changed-settings.js";
import { checkingOptions, request, type SpecOptions } from "./check.js";
import { dataOverride, overridesOf } from "./data-argument.js";
import { refuseEmpty, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { isSpecName, openRecipe, type TrainableSpec } from "./spec.js";
import type { TrainSpecOptions } from "./train.js";

export interface SurveyOptions
  extends SpecOptions, Pick<TrainSpecOptions, "recipeName" | "recipe" | "data"> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, images: number) => void) | undefined;
}

const surveyOptions: OptionTable<SurveyOptions> = {
  ...checkingOptions,
  recipeName: "text",
  data: "text",
  signal: "signal",
  onProgress: "function",
};

export interface SplitReport extends Omit<SplitSurvey, "faults" | "channels" | "prepared"> {
  /** All that the split has, those included that cannot be read. */
  readonly size: number;
}

export interface DataReport {
  /** Whether every image can be used, and a network can tell them apart. */
  readonly ok: boolean;
  readonly data: string;
  /** Where a spec is given, what it was looked at for. */
  readonly network?: string;
  readonly classes: readonly string[];
  readonly train: SplitReport;
  readonly validation: SplitReport;
  /** Where there are images for testing alone. */
  readonly test?: SplitReport;
  /** Of the training images as they are stored: what `normalize` takes. */
  readonly normalize?: ChannelStatistics;
  /** Images that are there more than once, pixel for pixel. */
  readonly repeated: readonly RepeatedImage[];
  /** Those of the whole first, then those of single images, in their order. */
  readonly faults: readonly DataFault[];
  /** What a person should hear of the data. */
  readonly notes: readonly string[];
}

/**
 * Looks at every image of a data set.
 *
 * @param what data as `train` takes them, a folder or a call such as `shapes(train: 1000)`, or a spec, whose recipe
 * names them: then also whether every image suits the recipe and the network.
 * @throws SpecError, UsageError as for a spec. @throws DataError if the data cannot be opened.
 * @throws the reason of `signal` once it is aborted.
 */
export async function surveyData(what: string, options: SurveyOptions = {}): Promise<DataReport> {
  checkOptions("surveyData", options, surveyOptions);
  if (typeof what !== "string") {
    throw new UsageError(
      "data are a text: a folder, a call such as `shapes(train: 1000)`, or a spec",
      'such as `surveyData("photos")`',
    );
  }
  refuseEmpty({ data: what });
  if (!isSpecName(what)) refuseWithoutSpec(what, options);
  const trained = isSpecName(what) ? openTrainable(what, options) : undefined;
  const dataSet = await openDataSet(trained?.recipe.data ?? referenceOf(what), { threads: 0 });
  try {
    return await survey(dataSet, trained, options);
  } finally {
    await dataSet.close();
  }
}

/** @throws UsageError where there is something to change of a recipe or a network, and none. */
function refuseWithoutSpec(what: string, options: SurveyOptions): void {
  const { recipeName, recipe = [], parameters = [] } = options;
  const isPlain = [recipe, parameters].every((given) => Object.keys(given).length === 0);
  if (isPlain && options.data === undefined && recipeName === undefined) return;
  throw new UsageError(
    `${what} is no spec, and there is no recipe to change`,
    "name a spec first, `resnetc data FILE.resnet`, and these data with `--data`",
  );
}

function openTrainable(spec: string, options: SurveyOptions): TrainableSpec {
  const overrides = overridesOf(options);
  return openRecipe(spec, options.recipeName, { ...request(options), overrides });
}

/** @throws SpecError, UsageError */
function referenceOf(data: string): DataReference {
  const { data: reference } = changedSettings<Pick<Partial<Recipe>, "data">>({}, [
    dataOverride(data, "data"),
  ]);
  if (reference === undefined) throw new RangeError(`the data ${data} were read, and are none`);
  return reference;
}

async function survey(
  dataSet: DataSet,
  trained: TrainableSpec | undefined,
  { signal, onProgress }: SurveyOptions,
): Promise<DataReport> {
  const { classes, name, notes = [], cautions = [] } = dataSet;
  const test = dataSet.test === dataSet.validation ? undefined : dataSet.test;
  const total = dataSet.train.size + dataSet.validation.size + (test?.size ?? 0);
  const repeated = new RepeatedImages();
  const whole = await wholeFaults(trained, dataSet);
  let done = 0;
  const surveyOf = async (which: ImagePlace["split"], split: Split): Promise<SplitSurvey> => {
    const before = done;
    done += split.size;
    return surveySplit(split, {
      classes: classes.length,
      ...(trained && {
        preparation: {
          preprocess: trained.recipe.preprocess,
          augment: which === "train" ? trained.recipe.augment : [],
          seed: trained.recipe.seed,
        },
      }),
      onImage: (index, { image, label }) =>
        repeated.add(image, () => ({
          split: which,
          sample: split.describe(index),
          class: classes[label] ?? String(label),
        })),
      onProgress: (count) => onProgress?.(before + count, total),
      signal,
    });
  };
  const train = await surveyOf("train", dataSet.train);
  const validation = await surveyOf("validation", dataSet.validation);
  const tested = test && (await surveyOf("test", test));
  const surveys = [train, validation, ...(tested ? [tested] : [])];
  const faults = [
    ...whole,
    ...surveys.flatMap((each) => preparedFaults(trained, each, whole)),
    ...surveys.flatMap((each) => each.faults),
  ];
  return {
    ok: faults.length === 0,
    data: name,
    ...(trained && { network: trained.graph.name }),
    classes,
    train: reportOf(dataSet.train.size, train),
    validation: reportOf(dataSet.validation.size, validation),
    ...(test && tested && { test: reportOf(test.size, tested) }),
    ...(train.channels && { normalize: train.channels }),
    repeated: repeated.all,
    faults,
    notes: [...notes, ...cautions],
  };
}

function reportOf(size: number, { images, perClass, sizes, deep }: SplitSurvey): SplitReport {
  return { size, images, perClass, sizes, ...(deep && { deep }) };
}
