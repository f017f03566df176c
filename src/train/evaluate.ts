/**
 * What a trained network is worth on a split: loss, accuracy, and which classes it takes for which,
 * from one forward pass over images that are read, used and let go a batch at a time.
 */
import type { Batch, Session } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { EvaluationSettings } from "../recipe/recipe.js";
import { answers, checked } from "./answers.js";
import { batches, epochOrder } from "./data/batches.js";
import type { Split } from "./data/data-set.js";
import { TrainingError } from "./errors.js";
import { checkImageShape, checkLabels } from "./fit.js";
import { Tally } from "./tally.js";

export interface EvaluateOptions {
  readonly session: Session;
  readonly graph: Graph;
  /** Says how images are preprocessed, how many go at once, and how the loss is smoothed. */
  readonly recipe: EvaluationSettings;
  readonly split: Split;
  /** Those that the network tells apart. */
  readonly classes: readonly string[];
  /** Which of them each label of the split is, by the label; itself where left out. */
  readonly labels?: readonly number[] | undefined;
  /** Ends the evaluation by throwing the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, images: number) => void) | undefined;
}

/** Accuracies are shares in [0, 1], of the graph's last head. */
export interface Evaluation {
  readonly images: number;
  /** Mean over images of the loss as it is trained, but for weights of classes, summed over heads. */
  readonly loss: number;
  readonly accuracy: number;
  /** The mean over the classes that have images of the share of them that is named correctly. */
  readonly balancedAccuracy: number;
  /** The mean over the classes that have images of their `f1`. */
  readonly macroF1: number;
  /** How often the class is among the five likeliest; absent where there are no more than five. */
  readonly topFive?: number;
  readonly perClass: readonly ClassAccuracy[];
  /** How many images of class [row] were taken for class [column]. */
  readonly confusion: readonly (readonly number[])[];
}

export interface ClassAccuracy {
  readonly name: string;
  readonly images: number;
  readonly correct: number;
  /** The share of its images that are taken for it (recall); absent where the split has none. */
  readonly accuracy?: number;
  /** The share of the images taken for it that are of it; absent where none is. */
  readonly precision?: number;
  /** The harmonic mean of both, 2 correct / (images of it + images taken for it); absent where the split has none of it. */
  readonly f1?: number;
}

/**
 * Evaluates a session with the moving statistics; its state stays as it is.
 *
 * @throws TrainingError if the split is empty, an image is of a size that the network does not take, or a
 * logit is not finite.
 * @throws DataError if an image cannot be read, or its label is no class.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { session, graph, recipe, split, classes, labels: meant, signal, onProgress } = options;
  if (split.size === 0) {
    throw new TrainingError("there are no images to evaluate on", "name data that has some");
  }
  const tally = new Tally(graph, recipe, classes.length, split.size);
  const given = checked(inOrder(split, recipe, signal), ({ shape, labels }, first) => {
    checkImageShape(graph, shape, `${split.describe(first)} comes to`);
    checkLabels(labels, meant?.length ?? classes.length, (position) =>
      split.describe(first + position),
    );
  });
  for await (const { batch, heads } of answers(
    session,
    meant === undefined ? given : renamed(given, meant),
  )) {
    tally.add(batch, heads);
    if (tally.notFinite !== undefined) {
      throw notFinite(tally.notFinite.head, split.describe(tally.notFinite.index));
    }
    onProgress?.(tally.count, split.size);
  }
  return evaluationOf(tally, classes);
}

/** The batches with labels that mean other classes. @param meant which, by the label. */
async function* renamed(
  batches: AsyncIterable<Batch>,
  meant: readonly number[],
): AsyncGenerator<Batch, void, void> {
  for await (const batch of batches) {
    yield { ...batch, labels: batch.labels.map((label) => meant[label] ?? label) };
  }
}

/** A split from its first image to its last, preprocessed and not augmented. */
export function inOrder(
  split: Split,
  { batch, preprocess, seed }: EvaluationSettings,
  signal?: AbortSignal,
): AsyncGenerator<Batch, void, void> {
  return batches(split, {
    order: epochOrder(seed, 0, split.size, false),
    from: 0,
    batch,
    preprocess,
    augment: [],
    seed,
    epoch: 0,
    signal,
  });
}

function evaluationOf(tally: Tally, classes: readonly string[]): Evaluation {
  const perClass = classes.map((name, index): ClassAccuracy => {
    const row = tally.confusion[index] ?? [];
    const images = row.reduce((sum, count) => sum + count, 0);
    const correct = row[index] ?? 0;
    const taken = tally.confusion.reduce((sum, each) => sum + (each[index] ?? 0), 0);
    return {
      name,
      images,
      correct,
      ...(images > 0 && { accuracy: correct / images }),
      ...(taken > 0 && { precision: correct / taken }),
      ...(images > 0 && { f1: (2 * correct) / (images + taken) }),
    };
  });
  const f1s = perClass.flatMap(({ f1 }) => f1 ?? []);
  return {
    images: tally.count,
    loss: tally.meanLoss,
    accuracy: tally.accuracy,
    balancedAccuracy: tally.balancedAccuracy,
    macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / f1s.length,
    ...(classes.length > 5 && { topFive: tally.amongFive / tally.count }),
    perClass,
    confusion: tally.confusion,
  };
}

function notFinite(head: string, sample: string): TrainingError {
  return new TrainingError(
    `the head ${head} gives logits that are not finite for ${sample}`,
    "the weights are damaged, or the images are not preprocessed as in training",
  );
}
