/**
 * What predictions on a split come to: loss, accuracy, which classes are taken for which, the worst
 * mistakes and a few samples, from logits that are looked at once and let go.
 */
import type { Batch, NamedTensor } from "../engines/engine.js";
import { crossEntropy, imageLoss, indexOfLargest, rankOf, softmax } from "../engines/logits.js";
import type { Graph } from "../graph/graph.js";
import { randomBelow, randomKey } from "../random/random.js";
import type { EvaluationSettings } from "../recipe/recipe.js";

/** One image and what it was taken for, by the last head. */
export interface Sample {
  /** In the split. */
  readonly index: number;
  readonly label: number;
  readonly taken: number;
  /** What the softmax gives the class that it was taken for. */
  readonly probability: number;
  /** Of its own class, without smoothing. */
  readonly loss: number;
}

/** An image that was taken for another class. */
export type Mistake = Sample;

/** The first of a split's logits that are not finite. */
export interface NotFinite {
  readonly head: string;
  readonly index: number;
}

const mostMistakes = 24;
const mostSamples = 12;

export class Tally {
  /** How many were counted. */
  count = 0;
  /** Sum over images, summed over heads, as it is trained. */
  loss = 0;
  correct = 0;
  /** How often the label is among the five likeliest. */
  amongFive = 0;
  /** How many images of class [row] were taken for class [column]. */
  readonly confusion: number[][];
  /** Images drawn from the split, which may be in the order of its classes, or have them in turn. */
  readonly samples: Sample[] = [];
  notFinite: NotFinite | undefined;
  #mistakes: Mistake[] = [];
  /** The places of the samples. */
  readonly #shown: ReadonlySet<number>;

  constructor(
    private readonly graph: Graph,
    private readonly recipe: EvaluationSettings,
    private readonly classes: number,
    /** How many images the split has. */
    images: number,
  ) {
    this.#shown = drawnPlaces(images);
    this.confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  }

  /** Takes in a batch, the next of the split, by the logits (N, classes) of every head. */
  add({ labels }: Pick<Batch, "labels">, heads: ReadonlyMap<string, NamedTensor>): void {
    this.graph.outputs.forEach(({ name }, head) => {
      const isLast = head === this.graph.outputs.length - 1;
      labels.forEach((label, position) => {
        const logits = logitsOf(heads, name, position, this.classes);
        const loss = imageLoss(this.recipe.loss, logits, label);
        if (!Number.isFinite(loss)) this.notFinite ??= { head: name, index: this.count + position };
        this.loss += loss;
        if (isLast) this.#judge(logits, label, this.count + position);
      });
    });
    this.count += labels.length;
    this.#mistakes = worst(this.#mistakes);
  }

  /** Per image. */
  get meanLoss(): number {
    return this.loss / this.count;
  }

  /** In [0, 1]. */
  get accuracy(): number {
    return this.correct / this.count;
  }

  /** The mean over the classes that have images of the share of them that is named correctly, in [0, 1]. */
  get balancedAccuracy(): number {
    const shares = this.confusion.flatMap((row, label) => {
      const images = row.reduce((sum, count) => sum + count, 0);
      return images === 0 ? [] : [(row[label] ?? 0) / images];
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    // Sums of the same shares in another order are equal then.
    return Number(mean.toFixed(12));
  }

  /** The images that were taken for another class, the largest losses first. */
  get mistakes(): readonly Mistake[] {
    return this.#mistakes;
  }

  #judge(logits: Float32Array, label: number, index: number): void {
    const taken = indexOfLargest(logits);
    const row = this.confusion[label] ?? [];
    row[taken] = (row[taken] ?? 0) + 1;
    if (rankOf(logits, label) < 5) this.amongFive += 1;
    if (taken === label) this.correct += 1;
    const isShown = this.#shown.has(index);
    if (taken === label && !isShown) return;
    const probability = softmax(logits)[taken] ?? NaN;
    const sample = { index, label, taken, probability, loss: crossEntropy(logits, label, 0) };
    if (isShown) this.samples.push(sample);
    if (taken !== label) this.#mistakes.push(sample);
  }
}

/** Places of the samples in a split of so many images, always the same. */
function drawnPlaces(images: number): ReadonlySet<number> {
  const most = Math.min(mostSamples, images);
  const key = randomKey("samples");
  const places = new Set<number>();
  for (let draw = 0; places.size < most; draw++) places.add(randomBelow(key, draw, images));
  return places;
}

function worst(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => b.loss - a.loss).slice(0, mostMistakes);
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
