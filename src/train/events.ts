/** What a run tells while it goes: plain data, for a progress bar, a log or a program. */
import type { EngineName } from "../engines/engine.js";
import type { Turn } from "./checkpoint.js";
import type { Best, EpochRecord } from "./history.js";
import type { Mistake, Sample } from "./tally.js";

/** Epochs and steps count from 1; seconds are estimates where they lie ahead. */
export type TrainEvent =
  | {
      readonly kind: "start";
      readonly network: string;
      readonly engine: EngineName;
      readonly folder: string;
      readonly epochs: number;
      readonly batch: number;
      readonly stepsPerEpoch: number;
      readonly trainImages: number;
      readonly validationImages: number;
      /** Where a resumed run goes on: finished epochs with their records, and steps of the next already taken. */
      readonly resumed?: {
        readonly epoch: number;
        readonly position: number;
        /** Optimizer steps since the run began. */
        readonly taken: number;
        readonly history: readonly EpochRecord[];
      };
      /** How much the loss of an image counts, by its class; absent where all count the same. */
      readonly classWeights?: readonly ClassWeight[];
      /** What differs from the run that is resumed, and so from its numbers: `rate 0.1 -> 0.01`. */
      readonly changes: readonly string[];
      /** What the run began from beside fresh weights, and all that it went on with otherwise since, oldest first. */
      readonly turns: readonly Turn[];
    }
  | {
      readonly kind: "step";
      readonly epoch: number;
      /** Within the epoch. */
      readonly step: number;
      /** Optimizer steps since the run began, whatever batches it had: no later step has fewer. */
      readonly taken: number;
      /** Means over the images of the epoch so far. */
      readonly loss: number;
      readonly accuracy: number;
      /** Means over the images of this step alone. */
      readonly own: { readonly loss: number; readonly accuracy: number };
      readonly imagesPerSecond: number;
      /** The optimizer's rate at the step. */
      readonly rate: number;
      /** The share of the epoch's time, validation apart, that was spent waiting for data. */
      readonly waiting: number;
      /** To the end of the run, validation included. */
      readonly secondsLeft: number;
    }
  | {
      readonly kind: "validation";
      readonly epoch: number;
      readonly done: number;
      readonly images: number;
    }
  | { readonly kind: "epoch"; readonly record: EpochRecord; readonly validation?: Validation }
  | { readonly kind: "checkpoint"; readonly which: "last" | "best"; readonly path: string }
  | { readonly kind: "end"; readonly result: TrainResult };

export interface ClassWeight {
  readonly class: string;
  readonly weight: number;
}

/** What an epoch's validation came to, image by image. */
export interface Validation {
  /** How many images of class [row] were taken for class [column]. */
  readonly confusion: readonly (readonly number[])[];
  /** The largest losses among the images that were taken for another class, at most 24. */
  readonly mistakes: readonly Mistake[];
  /** Images drawn from the split, in its order and in every epoch the same, at most 12. */
  readonly samples: readonly Sample[];
}

export interface TrainResult {
  /** `stopped`: by the recipe's `stop`, before the last epoch. */
  readonly outcome: "finished" | "stopped" | "interrupted";
  readonly folder: string;
  /** The last checkpoint's path. */
  readonly checkpoint: string;
  /** Finished epochs, and steps of the next one already taken. */
  readonly epoch: number;
  readonly position: number;
  /** Optimizer steps since the run began. */
  readonly step: number;
  readonly history: readonly EpochRecord[];
  readonly best?: Best;
  /** How to go on, in words. */
  readonly advice: string;
}
