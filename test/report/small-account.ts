/** The account of a run of a small network that never ran: its events are written here. */
import { Account } from "../../src/report/account.js";
import { Illustrator } from "../../src/report/illustrations.js";
import type { DataSet } from "../../src/train/data/data-set.js";
import type { TrainEvent, TrainResult, Validation } from "../../src/train/events.js";
import type { EpochRecord } from "../../src/train/history.js";
import { colouredSquares } from "../train/coloured-squares.js";
import { smallGraph, smallRecipe } from "../train/small-network.js";

export interface Subject {
  readonly account: Account;
  readonly illustrator: Illustrator;
  readonly dataSet: DataSet;
}

/** @param names of the classes, and so how many. */
export function smallSubject(
  names: readonly string[],
  changes: { readonly describe?: string; readonly recipe?: string } = {},
): Subject {
  const squares = colouredSquares({ classes: names.length, train: 48, validation: 20 });
  const { describe = "validation" } = changes;
  const validation = { ...squares.validation, describe: (i: number) => `${describe} ${i}` };
  const dataSet = { ...squares, classes: names, validation };
  const account = new Account({
    graph: smallGraph(4, names.length),
    recipe: smallRecipe({ batch: 16, ...(changes.recipe && { name: changes.recipe }) }),
    engine: { name: "cpu", why: "" },
    data: { name: "squares", classes: names, trainImages: 48, validationImages: 20 },
  });
  return { account, illustrator: new Illustrator(dataSet), dataSet };
}

export function startEvent(
  folder: string,
  resumed?: Extract<TrainEvent, { kind: "start" }>["resumed"],
): TrainEvent {
  return {
    kind: "start",
    network: "Small",
    engine: "cpu",
    folder,
    epochs: 3,
    batch: 16,
    stepsPerEpoch: 3,
    trainImages: 48,
    validationImages: 20,
    changes: [],
    turns: [],
    ...(resumed && { resumed }),
  };
}

/** @param loss of the step, and the mean of the epoch so far. */
export function stepEvent(epoch: number, step: number, loss: number): TrainEvent {
  const speed = { imagesPerSecond: 100, rate: 0.05, waiting: 0.1, secondsLeft: 5 };
  const taken = (epoch - 1) * 3 + step;
  const own = { loss, accuracy: 0.5 };
  return { kind: "step", epoch, step, taken, loss, accuracy: 0.5, own, ...speed };
}

export function recordOf(epoch: number): EpochRecord {
  return {
    epoch,
    step: 3 * epoch,
    rate: 0.05,
    trainLoss: 1 / epoch,
    trainAccuracy: 0.5,
    validationLoss: 1.1 / epoch,
    validationAccuracy: 0.4 + 0.1 * epoch,
    seconds: 2,
  };
}

/** Every class has been taken for the first one once, and once for itself. */
export function validationOf(classes: number): Validation {
  const confusion = Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_, column) => Number(column === row) + Number(column === 0)),
  );
  const mistake = { index: 1, label: 1, taken: 0, probability: 0.75, loss: 2 };
  const sample = { index: 0, label: 0, taken: 0, probability: 0.9, loss: 0.1 };
  return { confusion, mistakes: [mistake], samples: [sample, mistake] };
}

/** A run of one epoch, finished. */
export function wholeRun({ account }: Subject, folder: string, classes: number): void {
  account.take(startEvent(folder));
  for (const step of [1, 2, 3]) account.take(stepEvent(1, step, 2 / step));
  const record = recordOf(1);
  account.take({ kind: "epoch", record, validation: validationOf(classes) });
  const result: TrainResult = {
    outcome: "finished",
    folder,
    checkpoint: `${folder}/last.safetensors`,
    epoch: 1,
    position: 0,
    step: 3,
    history: [record],
    advice: "",
  };
  account.take({ kind: "end", result });
}
