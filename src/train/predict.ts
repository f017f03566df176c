/**
 * What a trained network takes image files for. Files are decoded and preprocessed as in validation,
 * a few at a time; one that cannot be used gives its error and the others go on.
 */
import type { NamedTensor, Session } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { DataError } from "./data/data-set.js";
import { decodeImage } from "./data/decode-image.js";
import { preprocessImage, type FloatImage } from "./data/preprocess.js";
import { TrainingError } from "./errors.js";
import { logitsOf } from "./tally.js";
import { checkClasses, checkImageShape } from "./fit.js";
import { softmax } from "../engines/logits.js";

export interface PredictOptions {
  readonly session: Session;
  readonly graph: Graph;
  readonly recipe: Pick<Recipe, "preprocess">;
  readonly classes: readonly string[];
  readonly files: readonly string[];
  /** How many classes to name; 5 where left out, and never more than there are. */
  readonly top?: number | undefined;
  /** Ends the prediction by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface Candidate {
  readonly class: string;
  /** In [0, 1], of the graph's last head. */
  readonly probability: number;
}

/** Of one file: its classes, the likeliest first, or why there are none. */
export type Prediction =
  | { readonly file: string; readonly candidates: readonly Candidate[]; readonly error?: undefined }
  | { readonly file: string; readonly error: DataError | TrainingError };

/** How many files are decoded side by side. */
const filesAtOnce = 16;

/**
 * Predicts the classes of image files, in their order. Nothing is thrown for a single file.
 *
 * @throws TrainingError if the network's heads do not tell these classes apart.
 */
export async function* predictImages(options: PredictOptions): AsyncGenerator<Prediction> {
  const { graph, classes, files, signal } = options;
  checkClasses(graph, "the checkpoint", classes);
  for (let from = 0; from < files.length; from += filesAtOnce) {
    const some = files.slice(from, from + filesAtOnce);
    signal?.throwIfAborted();
    const prepared = await Promise.all(some.map((file) => prepare(file, options)));
    for (const [position, file] of some.entries()) {
      signal?.throwIfAborted();
      const image = prepared[position];
      if (image instanceof Error) yield { file, error: image };
      else if (image !== undefined) yield await predictOne(file, image, options);
    }
  }
}

async function prepare(
  file: string,
  { graph, recipe }: PredictOptions,
): Promise<FloatImage | DataError | TrainingError> {
  try {
    const image = await prepared(file, recipe);
    const shape = [1, image.height, image.width, image.channels] as const;
    checkImageShape(graph, shape, `${file} comes to`, "image");
    return image;
  } catch (error) {
    if (error instanceof DataError || error instanceof TrainingError) return error;
    throw error;
  }
}

/** @throws DataError naming the file. */
async function prepared(
  file: string,
  { preprocess }: Pick<Recipe, "preprocess">,
): Promise<FloatImage> {
  const decoded = await decodeImage(file);
  try {
    return await preprocessImage(decoded, preprocess, [], 0);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${file}: ${error.message}`, error.help);
  }
}

async function predictOne(
  file: string,
  image: FloatImage,
  { session, graph, classes, top = 5 }: PredictOptions,
): Promise<Prediction> {
  const { pixels, height, width, channels } = image;
  const heads: ReadonlyMap<string, NamedTensor> = await session.predict(pixels, [
    1,
    height,
    width,
    channels,
  ]);
  const head = graph.outputs.at(-1)?.name ?? "";
  const probabilities = softmax(logitsOf(heads, head, 0, classes.length));
  if (!probabilities.every(Number.isFinite)) {
    const message = `the network gives probabilities that are not finite for ${file}`;
    return {
      file,
      error: new TrainingError(message, "the weights are damaged: use another run's"),
    };
  }
  const candidates = classes.map((name, index) => ({
    class: name,
    probability: probabilities[index] ?? 0,
  }));
  candidates.sort((left, right) => right.probability - left.probability);
  return { file, candidates: candidates.slice(0, Math.max(1, top)) };
}
