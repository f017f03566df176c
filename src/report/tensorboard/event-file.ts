/**
 * A run's event file for TensorBoard, in `tensorboard/` of its folder: scalars of steps and epochs, and the
 * recipe as text. A run that goes on adds a file, and takes back what a crash had left beyond its beginning.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { errorCode } from "../../storage/error-code.js";
import { writeFailure } from "../../train/errors.js";
import type { TrainEvent } from "../../train/events.js";
import type { EpochRecord } from "../../train/history.js";
import { eventRecord, type EventContent, type TaggedValue } from "./event-bytes.js";

/** A run has at most about this many steps with numbers of their own. */
const mostSteps = 2000;

/** Written to the file at the latest after this time, in milliseconds. */
const flushInterval = 2000;

export class EventFile {
  readonly #descriptor: number;
  #pending: Uint8Array[] = [];
  #flushedAt = performance.now();
  #every = 1;

  private constructor(
    readonly path: string,
    descriptor: number,
  ) {
    this.#descriptor = descriptor;
    this.#add(0, { kind: "version" });
  }

  /**
   * Opens a new file for a run that begins or goes on.
   *
   * @param folder the run's. @param recipe as Markdown.
   * @throws WriteError if it cannot be written.
   */
  static open(folder: string, start: StartEvent, recipe: string): EventFile {
    const place = join(folder, "tensorboard");
    try {
      mkdirSync(place);
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw writeFailure(place, error);
    }
    const { path, descriptor } = newFile(place);
    const file = new EventFile(path, descriptor);
    file.#begin(start, recipe);
    return file;
  }

  #begin({ stepsPerEpoch, epochs, resumed }: StartEvent, recipe: string): void {
    this.#every = Math.max(1, Math.ceil((stepsPerEpoch * epochs) / mostSteps));
    const done = resumed?.taken ?? 0;
    this.#add(done + 1, { kind: "start" });
    this.#add(done, { kind: "values", values: [{ tag: "recipe", markdown: recipe }] });
    this.flush();
  }

  /** @throws WriteError if it cannot be written. */
  event(event: TrainEvent): void {
    if (event.kind === "step") this.#step(event);
    if (event.kind === "epoch") this.#epoch(event.record);
    if (performance.now() - this.#flushedAt >= flushInterval) this.flush();
  }

  #step(event: Extract<TrainEvent, { kind: "step" }>): void {
    const { taken, own } = event;
    if (taken % this.#every !== 0) return;
    this.#values(taken, {
      "step/loss": own.loss,
      "step/accuracy": own.accuracy,
      "step/rate": event.rate,
      "step/images_per_second": event.imagesPerSecond,
      "step/waiting_for_data": event.waiting,
    });
  }

  #epoch(record: EpochRecord): void {
    this.#values(record.step, {
      "epoch/loss_train": record.trainLoss,
      "epoch/loss_validation": record.validationLoss,
      "epoch/accuracy_train": record.trainAccuracy,
      "epoch/accuracy_validation": record.validationAccuracy,
      "epoch/balanced_accuracy_validation": record.validationBalanced,
      "epoch/rate": record.rate,
      "epoch/seconds": record.seconds,
      "epoch/images_per_second": record.imagesPerSecond,
      "epoch/waiting_for_data": record.waiting,
    });
    this.flush();
  }

  #values(step: number, numbers: Readonly<Record<string, number | undefined>>): void {
    const values = Object.entries(numbers).flatMap(([tag, number]): TaggedValue[] =>
      number === undefined ? [] : [{ tag, number }],
    );
    this.#add(step, { kind: "values", values });
  }

  #add(step: number, content: EventContent): void {
    this.#pending.push(eventRecord(Date.now() / 1000, step, content));
  }

  /** Whatever happens to the process afterwards, TensorBoard sees what came before. */
  flush(): void {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#flushedAt = performance.now();
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#descriptor, bytes, written);
      }
    } catch (error) {
      throw writeFailure(this.path, error);
    }
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.abandon();
    }
  }

  /** Closes the file as it is. */
  abandon(): void {
    closeSync(this.#descriptor);
  }
}

/** Readers take a folder's files in the order of their names, which begin with the time. */
function newFile(place: string): { readonly path: string; readonly descriptor: number } {
  for (let now = Date.now(); ; now++) {
    const time = `${Math.floor(now / 1000)}.${String(now % 1000).padStart(3, "0")}`;
    const path = join(place, `events.out.tfevents.${time}.${hostname()}.${process.pid}`);
    try {
      return { path, descriptor: openSync(path, "wx") };
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw writeFailure(path, error);
    }
  }
}

type StartEvent = Extract<TrainEvent, { kind: "start" }>;
