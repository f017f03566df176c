/**
 * The account of a run: everything that its views show, kept up from its events, in memory that does
 * not grow with the number of steps.
 */
import type { EngineName } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import type { TrainEvent, TrainResult, Validation } from "../train/events.js";
import { betterOf, type Best, type EpochRecord } from "../train/history.js";
import { Series } from "./series.js";

/** What a run is of, known before it starts. */
export interface RunFacts {
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly engine: { readonly name: EngineName; readonly why: string };
  readonly data: {
    readonly name: string;
    readonly classes: readonly string[];
    readonly trainImages: number;
    readonly validationImages: number;
  };
}

/** What a validation came to, and of which epoch. */
export interface EpochValidation extends Validation {
  readonly epoch: number;
}

export type RunState =
  | "preparing"
  | "training"
  | "validating"
  /** It ended with an error. */
  | "failed"
  | TrainResult["outcome"];

type EventOf<K extends TrainEvent["kind"]> = Extract<TrainEvent, { kind: K }>;

/** Curves over epochs: a batch in the middle of the third epoch stands at 2.5. */
export interface Curves {
  /** Means over the images of a batch. */
  readonly loss: Series;
  readonly accuracy: Series;
  readonly rate: Series;
  readonly imagesPerSecond: Series;
  /** Shares of an epoch's time. */
  readonly waiting: Series;
  /** Bytes of the process's memory that are resident. */
  readonly memory: Series;
}

/** How often the memory is looked at, in milliseconds. */
const memoryInterval = 100;

export class Account {
  state: RunState = "preparing";
  start: EventOf<"start"> | undefined;
  /** The latest step. */
  step: EventOf<"step"> | undefined;
  /** The validation under way. */
  validating: EventOf<"validation"> | undefined;
  /** What the latest validation came to, and that of the best epoch, where this process saw it. */
  validation: EpochValidation | undefined;
  #bestValidation: EpochValidation | undefined;
  best: Best | undefined;
  result: TrainResult | undefined;
  /** What ended the run, where an error did. */
  failure: string | undefined;
  readonly curves: Curves = {
    loss: new Series(),
    accuracy: new Series(),
    rate: new Series(),
    imagesPerSecond: new Series(),
    waiting: new Series(),
    memory: new Series(),
  };
  /** Grows with every event, so that a view knows whether it is still up to date. */
  version = 0;
  readonly began = new Date();
  ended: Date | undefined;
  #history: readonly EpochRecord[] = [];
  #memoryAt = -Infinity;

  constructor(readonly facts: RunFacts) {}

  /** Finished epochs, those before a resumed run's beginning included. */
  get history(): readonly EpochRecord[] {
    return this.#history;
  }

  /** Whether anything was trained: a resumed run may find that there is nothing left to do. */
  get hasNews(): boolean {
    return this.step !== undefined;
  }

  /** The validation to look at: the latest, and once the run is over that of the best epoch, which is what is asked then. */
  get shown(): EpochValidation | undefined {
    const isBest = this.isOver && this.#bestValidation?.epoch === this.best?.epoch;
    return isBest ? this.#bestValidation : this.validation;
  }

  get isOver(): boolean {
    return this.result !== undefined || this.failure !== undefined;
  }

  /** Epochs done, the part of the one under way included. */
  get epochsDone(): number {
    const finished = this.#history.at(-1)?.epoch ?? this.start?.resumed?.epoch ?? 0;
    const { step, start } = this;
    if (step === undefined || start === undefined || step.epoch <= finished) return finished;
    return placeOf(step, start);
  }

  /** Takes in an event. */
  take(event: TrainEvent): void {
    this.version += 1;
    switch (event.kind) {
      case "start":
        this.start = event;
        this.state = "training";
        this.#history = event.resumed?.history ?? [];
        for (const record of this.#history)
          this.best = betterOf(this.best, record, this.facts.recipe.best);
        return;
      case "step":
        return this.#takeStep(event);
      case "validation":
        this.state = "validating";
        this.validating = event;
        return;
      case "epoch":
        return this.#takeEpoch(event);
      case "checkpoint":
        return;
      case "end":
        this.result = event.result;
        this.state = event.result.outcome;
        this.#history = event.result.history;
        this.ended = new Date();
    }
  }

  /** Closes the account of a run that an error ended. */
  fail(message: string): void {
    this.version += 1;
    this.state = "failed";
    this.failure = message;
    this.ended = new Date();
  }

  #takeStep(event: EventOf<"step">): void {
    const { start, curves } = this;
    if (start === undefined) return;
    const x = placeOf(event, start);
    curves.loss.add(x, event.own.loss);
    curves.accuracy.add(x, event.own.accuracy);
    curves.rate.add(x, event.rate);
    if (event.imagesPerSecond > 0) curves.imagesPerSecond.add(x, event.imagesPerSecond);
    curves.waiting.add(x, event.waiting);
    const now = performance.now();
    if (now - this.#memoryAt >= memoryInterval) {
      this.#memoryAt = now;
      curves.memory.add(x, process.memoryUsage.rss());
    }
    this.step = event;
    this.state = "training";
  }

  #takeEpoch({ record, validation }: EventOf<"epoch">): void {
    this.#history = [...this.#history, record];
    this.best = betterOf(this.best, record, this.facts.recipe.best);
    if (validation !== undefined) {
      this.validation = { ...validation, epoch: record.epoch };
      if (this.best.epoch === record.epoch) this.#bestValidation = this.validation;
    }
    this.validating = undefined;
    this.state = "training";
  }
}

type Stepping = Pick<EventOf<"start">, "stepsPerEpoch">;

function placeOf({ epoch, step }: EventOf<"step">, { stepsPerEpoch }: Stepping): number {
  return epoch - 1 + step / stepsPerEpoch;
}
