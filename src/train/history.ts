/** The record of a run, an entry per finished epoch: what `history.jsonl` holds, a line each. */
import { appendFile } from "node:fs/promises";
import { isBetter, type ComparedEpoch } from "../recipe/plateau.js";
import type { BestBy } from "../recipe/recipe.js";
import { writeAtomically } from "../storage/atomic-write.js";
import { writeFailure } from "./errors.js";

/** Losses are means over images, accuracies shares in [0, 1]. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Optimizer steps since the run began. */
  readonly step: number;
  /** The optimizer's rate at the epoch's last step. */
  readonly rate: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Absent where the data set has no images for validation. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** The mean over the classes that have images there of the share that is named correctly. */
  readonly validationBalanced?: number;
  /** Time that the epoch took, validation included. */
  readonly seconds: number;
  /** Trained per second, over this process's part of the epoch. */
  readonly imagesPerSecond?: number;
  /** The share of that time that was spent waiting for data. */
  readonly waiting?: number;
  /** Where validation became another than that of the epochs before, with which it cannot be compared. */
  readonly anew?: true;
}

/** The best epoch so far and the value that made it so. */
export interface Best {
  readonly epoch: number;
  readonly measure:
    "validation accuracy" | "balanced validation accuracy" | "validation loss" | "training loss";
  readonly value: number;
  /** Of its validation, by which the lower one of equal accuracies is the better. */
  readonly loss?: number;
}

/** What an epoch came to by a recipe's measure; by the training loss where nothing was validated. */
function measured(record: EpochRecord, { kind }: BestBy): Best {
  const { epoch, trainLoss, validationLoss: loss, validationAccuracy, validationBalanced } = record;
  if (loss === undefined || validationAccuracy === undefined) {
    return { epoch, measure: "training loss", value: trainLoss };
  }
  if (kind === "loss") return { epoch, measure: "validation loss", value: loss };
  // An earlier resnetc did not measure it.
  return kind === "balanced" && validationBalanced !== undefined
    ? { epoch, measure: "balanced validation accuracy", value: validationBalanced, loss }
    : { epoch, measure: "validation accuracy", value: validationAccuracy, loss };
}

function comparedOf({ measure, value, loss = 0 }: Best): ComparedEpoch {
  const isLoss = measure === "training loss" || measure === "validation loss";
  return { value: isLoss ? -value : value, loss };
}

/**
 * `best`, or the record's epoch where that is better by the recipe's measure. Of equals that have the same loss the first
 * stays. A record that cannot be compared with it takes its place.
 */
export function betterOf(best: Best | undefined, record: EpochRecord, by: BestBy): Best {
  const candidate = measured(record, by);
  if (best === undefined || record.anew || best.measure !== candidate.measure) return candidate;
  // Of a best epoch whose loss an earlier resnetc did not keep nothing is known to be better but a better value.
  const known = { ...best, loss: best.loss ?? -Infinity };
  return isBetter(comparedOf(candidate), comparedOf(known)) ? candidate : best;
}

/**
 * What `betterOf` compares, an entry per epoch: a list for all epochs that can be compared with each other, the last for
 * those of now.
 */
export function comparedEpochs(
  records: readonly EpochRecord[],
  by: BestBy,
): readonly (readonly ComparedEpoch[])[] {
  const before: ComparedEpoch[][] = [];
  let now: ComparedEpoch[] = [];
  for (const record of records) {
    if (record.anew && now.length > 0) {
      before.push(now);
      now = [];
    }
    now.push(comparedOf(measured(record, by)));
  }
  return [...before, now];
}

/**
 * Makes the file at `path` hold these records and no others.
 *
 * @throws WriteError if it cannot be written.
 */
export async function writeHistory(path: string, records: readonly EpochRecord[]): Promise<void> {
  try {
    await writeAtomically(path, [new TextEncoder().encode(records.map(lineOf).join(""))]);
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/**
 * Adds one record to the file at `path`.
 *
 * @throws WriteError if it cannot be written.
 */
export async function appendHistory(path: string, record: EpochRecord): Promise<void> {
  try {
    await appendFile(path, lineOf(record));
  } catch (error) {
    throw writeFailure(path, error);
  }
}

function lineOf(record: EpochRecord): string {
  return `${JSON.stringify(record)}\n`;
}
