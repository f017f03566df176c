/** The record of a run, an entry per finished epoch: what `history.jsonl` holds, a line each. */
import { appendFile } from "node:fs/promises";
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
  readonly measure: "validation accuracy" | "training loss";
  readonly value: number;
}

/**
 * `best`, or the record's epoch where that is better: by validation accuracy, or by training loss
 * where there is none. Of equals the first stays. A record that cannot be compared with it takes its place.
 */
export function betterOf(best: Best | undefined, record: EpochRecord): Best {
  const { epoch, trainLoss, validationAccuracy } = record;
  const candidate: Best =
    validationAccuracy === undefined
      ? { epoch, measure: "training loss", value: trainLoss }
      : { epoch, measure: "validation accuracy", value: validationAccuracy };
  if (best === undefined || record.anew || best.measure !== candidate.measure) return candidate;
  const better =
    candidate.measure === "training loss"
      ? candidate.value < best.value
      : candidate.value > best.value;
  return better ? candidate : best;
}

/**
 * What `betterOf` compares, larger is better, an entry per epoch: a list for all epochs that can be compared with each other,
 * the last for those of now.
 */
export function comparedValues(records: readonly EpochRecord[]): readonly (readonly number[])[] {
  const before: number[][] = [];
  let now: number[] = [];
  for (const { trainLoss, validationAccuracy, anew } of records) {
    if (anew && now.length > 0) {
      before.push(now);
      now = [];
    }
    now.push(validationAccuracy ?? -trainLoss);
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
