/**
 * What a trained network is worth on a split: loss, accuracy, and which classes it takes for which,
 * from one forward pass over images that are read, used and let go a batch at a time.
 */
import type { Batch, NamedTensor, Session } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { batches, epochOrder } from "./data/batches.js";
import type { Split } from "./data/data-set.js";
import { TrainingError } from "./errors.js";
import { checkLabels } from "./fit.js";
import { crossEntropy, indexOfLargest, rankOf } from "../engines/logits.js";

export interface EvaluateOptions {
  readonly session: Session;
  readonly graph: Graph;
  /** Says how images are preprocessed, how many go at once, and how the loss is smoothed. */
  readonly recipe: Recipe;
  readonly split: Split;
  readonly classes: readonly string[];
  /** Ends the evaluation by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, images: number) => void;
}

/** Accuracies are shares in [0, 1], of the graph's last head. */
export interface Evaluation {
  readonly images: number;
  /** Mean over images of the loss as it is trained, summed over heads. */
  readonly loss: number;
  readonly accuracy: number;
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
  /** Absent where the split has no image of the class. */
  readonly accuracy?: number;
}

/**
 * Evaluates a session with the moving statistics; its state stays as it is.
 *
 * @throws TrainingError if the split is empty, a label is no class, or a logit is not finite.
 * @throws DataError if an image cannot be read.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { session, graph, recipe, split, classes, signal, onProgress } = options;
  if (split.size === 0) {
    throw new TrainingError("there are no images to evaluate on", "name data that has some");
  }
  const tally = new Tally(graph, recipe, classes);
  for await (const batch of inOrder(split, recipe, signal)) {
    const describe = (position: number): string => split.describe(tally.images + position);
    checkLabels(batch.labels, classes.length, describe);
    tally.add(batch, await session.predict(batch.images, batch.shape), describe);
    onProgress?.(tally.images, split.size);
  }
  return tally.evaluation();
}

/** A split from its first image to its last, preprocessed and not augmented. */
export function inOrder(
  split: Split,
  { batch, preprocess, seed }: Recipe,
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
    ...(signal && { signal }),
  });
}

class Tally {
  images = 0;
  private loss = 0;
  private amongFive = 0;
  private readonly confusion: number[][];

  constructor(
    private readonly graph: Graph,
    private readonly recipe: Recipe,
    private readonly classes: readonly string[],
  ) {
    this.confusion = classes.map(() => new Array<number>(classes.length).fill(0));
  }

  add(
    { labels }: Batch,
    heads: ReadonlyMap<string, NamedTensor>,
    describe: (position: number) => string,
  ): void {
    const { smoothing } = this.recipe.loss;
    this.graph.outputs.forEach(({ name }, head) => {
      const isLast = head === this.graph.outputs.length - 1;
      labels.forEach((label, position) => {
        const logits = logitsOf(heads, name, position, this.classes.length);
        const loss = crossEntropy(logits, label, smoothing);
        if (!Number.isFinite(loss)) throw notFinite(name, describe(position));
        this.loss += loss;
        if (isLast) this.count(logits, label);
      });
    });
    this.images += labels.length;
  }

  private count(logits: Float32Array, label: number): void {
    const row = this.confusion[label] ?? [];
    const taken = indexOfLargest(logits);
    row[taken] = (row[taken] ?? 0) + 1;
    if (rankOf(logits, label) < 5) this.amongFive += 1;
  }

  evaluation(): Evaluation {
    const perClass = this.classes.map((name, index): ClassAccuracy => {
      const row = this.confusion[index] ?? [];
      const images = row.reduce((sum, count) => sum + count, 0);
      const correct = row[index] ?? 0;
      return { name, images, correct, ...(images > 0 && { accuracy: correct / images }) };
    });
    const correct = perClass.reduce((sum, one) => sum + one.correct, 0);
    return {
      images: this.images,
      loss: this.loss / this.images,
      accuracy: correct / this.images,
      ...(this.classes.length > 5 && { topFive: this.amongFive / this.images }),
      perClass,
      confusion: this.confusion,
    };
  }
}

/** One image's logits of one head. @throws RangeError if the session gave others than announced. */
export function logitsOf(
  heads: ReadonlyMap<string, NamedTensor>,
  head: string,
  position: number,
  classes: number,
): Float32Array {
  const tensor = heads.get(head);
  if (tensor === undefined || tensor.shape[1] !== classes) {
    throw new RangeError(`the session gave no logits of ${classes} classes for the head ${head}`);
  }
  return tensor.data.subarray(position * classes, (position + 1) * classes);
}

function notFinite(head: string, sample: string): TrainingError {
  return new TrainingError(
    `the head ${head} gives logits that are not finite for ${sample}`,
    "the weights are damaged, or the images are not preprocessed as in training",
  );
}
