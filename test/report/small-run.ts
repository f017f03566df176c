/** The events of a small run whose recipe holds HTML. */
import type { TrainEvent } from "../../src/train/events.js";
import type { EpochRecord } from "../../src/train/history.js";
import { recipeDefaults, type Recipe } from "../../src/recipe/recipe.js";

export const hostile = `<img src=x onerror="document.title='bad'">&'`;

export const recipe: Recipe = {
  ...recipeDefaults,
  name: `r${hostile}`,
  network: "Net",
  data: { kind: "folder", path: `/data/${hostile}`, options: {} },
  optimizer: { kind: "sgd", rate: 0.1, momentum: 0.9, nesterov: false, decay: 0 },
  batch: 4,
  epochs: 3,
};

export const stepsPerEpoch = 4;

export function startOf(
  folder: string,
  resumed?: Extract<TrainEvent, { kind: "start" }>["resumed"],
): Extract<TrainEvent, { kind: "start" }> {
  return {
    kind: "start",
    network: "Net",
    engine: "cpu",
    folder,
    epochs: recipe.epochs,
    batch: recipe.batch,
    stepsPerEpoch,
    trainImages: 16,
    validationImages: 8,
    changes: [`rate ${hostile} -> 0.1`],
    turns: [{ epoch: 1, position: 0, what: [`rate ${hostile} -> 0.1`] }],
    ...(resumed && { resumed }),
  };
}

/** @param epoch @param step within the epoch; both from 1. */
export function stepOf(epoch: number, step: number): TrainEvent {
  return {
    kind: "step",
    epoch,
    step,
    taken: (epoch - 1) * stepsPerEpoch + step,
    loss: 1 / (epoch + step / 4),
    accuracy: 0.5,
    own: { loss: 2 / (epoch + step / 4), accuracy: 0.25 },
    imagesPerSecond: 100,
    rate: 0.1,
    waiting: 0.25,
    secondsLeft: 3,
  };
}

export function epochRecord(epoch: number): EpochRecord {
  return {
    epoch,
    step: epoch * stepsPerEpoch,
    rate: 0.1,
    trainLoss: 1 / epoch,
    trainAccuracy: 0.75,
    validationLoss: 1.5 / epoch,
    validationAccuracy: 0.625,
    seconds: 2,
    imagesPerSecond: 100,
    waiting: 0.25,
  };
}

export function epochOf(epoch: number): TrainEvent {
  return { kind: "epoch", record: epochRecord(epoch) };
}
