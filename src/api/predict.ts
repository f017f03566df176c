/** `predict` for programs: what a trained network takes image files for. */
import { predictImages, type Prediction } from "../train/predict.js";
import { openTrained, type TrainedOptions } from "./trained.js";

export interface PredictSpecOptions extends TrainedOptions {
  /** The spec that was trained; not needed where a checkpoint or a run is named. */
  readonly spec?: string;
  /** How many classes to name for each image; 5 where left out. */
  readonly top?: number;
  readonly signal?: AbortSignal;
}

/**
 * The classes of image files, in their order, each as soon as it is known.
 *
 * @throws SpecError, UsageError, CheckpointError, EngineError; what is wrong with one image is in its
 * prediction.
 */
export async function* predictFiles(
  files: readonly string[],
  options: PredictSpecOptions,
): AsyncGenerator<Prediction> {
  const { spec, top, signal } = options;
  const { checkpoint, session } = await openTrained(spec, options);
  const { graph, recipe, classes } = checkpoint;
  try {
    yield* predictImages({
      session,
      graph,
      recipe,
      classes,
      files,
      ...(top !== undefined && { top }),
      ...(signal && { signal }),
    });
  } finally {
    session.dispose();
  }
}
