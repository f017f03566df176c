/** What mixes whole batches, once they are made: mixup or CutMix, or for each batch one of both. */
import type { Batch } from "../../engines/engine.js";
import { randomBelow, randomKey } from "../../random/random.js";
import { isMixing, type Augmentation, type Mixing } from "../../recipe/recipe.js";
import { cutBatch } from "./cutmix.js";
import { mixBatch } from "./mixup.js";

/** The key of batch `number` in `epoch`; its partners and their share follow from it. */
export function mixingKey(seed: number, epoch: number, number: number): number {
  return randomKey("mixup", seed, epoch, number);
}

/** The number of a batch, from 0, and what else its draws follow from. */
export interface BatchPlace {
  readonly seed: number;
  readonly epoch: number;
  readonly number: number;
}

/**
 * Mixes a batch, in place, as the augmentations say; each of several is as likely. A batch of one image is given back
 * as it is.
 */
export function mixed(
  batch: Batch,
  augmentations: readonly Augmentation[],
  { seed, epoch, number }: BatchPlace,
): Batch {
  const all: readonly Mixing[] = augmentations.filter(isMixing);
  const key = mixingKey(seed, epoch, number);
  const one = all[all.length < 2 ? 0 : randomBelow(randomKey(key, "kind"), 0, all.length)];
  if (one === undefined || batch.labels.length < 2) return batch;
  const mix = { mixup: mixBatch, cutmix: cutBatch }[one.kind];
  return mix(batch, one.alpha, key);
}
