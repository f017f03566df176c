/**
 * What a trained network takes image files for. Files are decoded and preprocessed as in validation,
 * a few at a time; one that cannot be used gives its error and the others go on.
 */
import { setImmediate } from "node:timers/promises";
import type { NamedTensor, Session } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { DataError } from "./data/data-set.js";
import { decodeBytes, decodeImage } from "./data/decode-image.js";
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
      // An engine that computes in this thread would keep signals from their turn.
      await setImmediate();
      signal?.throwIfAborted();
      const image = prepared[position];
      if (image instanceof Error) yield { file, error: image };
      else if (image !== undefined) yield await predictOne(file, image, options);
    }
  }
}

/** What an image is classified by. */
export type Classifier = Pick<PredictOptions, "session" | "graph" | "recipe" | "classes" | "top">;

/**
 * The classes of one image, the likeliest first.
 *
 * @param image a file's path, or its bytes.
 * @throws DataError where it cannot be decoded. @throws TrainingError where the network does not take it, or its heads do
 * not tell these classes apart.
 */
export async function classifyImage(
  image: string | Uint8Array,
  classifier: Classifier,
): Promise<readonly Candidate[]> {
  const { graph, recipe, classes } = classifier;
  checkClasses(graph, "the network", classes);
  const name = typeof image === "string" ? image : "the image";
  return candidatesOf(name, await prepared(image, name, graph, recipe), classifier);
}

async function prepare(
  file: string,
  { graph, recipe }: PredictOptions,
): Promise<FloatImage | DataError | TrainingError> {
  try {
    return await prepared(file, file, graph, recipe);
  } catch (error) {
    if (error instanceof DataError || error instanceof TrainingError) return error;
    throw error;
  }
}

/** @throws DataError, TrainingError naming the image. */
async function prepared(
  image: string | Uint8Array,
  name: string,
  graph: Graph,
  { preprocess }: Pick<Recipe, "preprocess">,
): Promise<FloatImage> {
  const raw = await (typeof image === "string" ? decodeImage(image) : decodeBytes(image));
  const made = await preprocessImage(raw, preprocess, [], 0).catch((error: unknown) => {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${name}: ${error.message}`, error.help);
  });
  const shape = [1, made.height, made.width, made.channels] as const;
  checkImageShape(graph, shape, `${name} comes to`, "image");
  return made;
}

async function predictOne(
  file: string,
  image: FloatImage,
  options: PredictOptions,
): Promise<Prediction> {
  try {
    return { file, candidates: await candidatesOf(file, image, options) };
  } catch (error) {
    if (error instanceof TrainingError) return { file, error };
    throw error;
  }
}

/** @throws TrainingError where a probability is not finite. */
async function candidatesOf(
  name: string,
  image: FloatImage,
  { session, graph, classes, top = 5 }: Classifier,
): Promise<readonly Candidate[]> {
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
    throw new TrainingError(
      `the network gives probabilities that are not finite for ${name}`,
      "the weights are damaged: use another run's",
    );
  }
  const candidates = classes.map((each, index) => ({
    class: each,
    probability: probabilities[index] ?? 0,
  }));
  candidates.sort((left, right) => right.probability - left.probability);
  return candidates.slice(0, Math.max(1, top));
}
