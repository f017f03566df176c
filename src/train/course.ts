/** Where a run stands: its counts, the sums of the epoch under way, its clock and its history. */
import type { Metrics } from "../engines/engine.js";
import type { BestBy } from "../recipe/recipe.js";
import type { Checkpoint, KnownData, Progress, Turn } from "./checkpoint.js";
import { betterOf, type Best, type EpochRecord } from "./history.js";

/** Metrics summed over several batches. */
export class Sums {
  loss = 0;
  correct = 0;
  count = 0;

  add(metrics: Metrics): void {
    this.loss += metrics.loss;
    this.correct += metrics.correct;
    this.count += metrics.count;
  }

  /** Per image. */
  get meanLoss(): number {
    return this.loss / this.count;
  }

  /** In [0, 1]. */
  get accuracy(): number {
    return this.correct / this.count;
  }
}

/** What the validation of an epoch came to; accuracies are shares in [0, 1]. */
export interface Validated {
  readonly meanLoss: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
}

export class Course {
  /** Finished epochs. */
  epoch = 0;
  /** Steps taken in the epoch under way. */
  position = 0;
  /** The step by which the schedule goes: that of the run's place by the batches of now. */
  step = 0;
  /** Optimizer steps since the run began, whatever batches it had. */
  taken = 0;
  sums = new Sums();
  best: Best | undefined;
  /** Something that the recipe does not say, oldest first. */
  turns: readonly Turn[] = [];
  /** Whether the next validation cannot be compared with those before. */
  #anew = false;
  #records: EpochRecord[] = [];
  /** Time of the epoch under way up to the moment `since`. */
  #seconds = 0;
  #since = performance.now();

  /** The course of the run that wrote a checkpoint. */
  static of({ state, progress }: Checkpoint): Course {
    const course = new Course();
    course.step = state.step;
    course.taken = progress.taken ?? state.step;
    course.epoch = progress.epoch;
    course.position = progress.position;
    course.sums.add(progress);
    course.#seconds = progress.seconds;
    course.#records = [...progress.history];
    course.best = progress.best;
    course.turns = progress.turns ?? [];
    course.#anew = progress.anew ?? false;
    return course;
  }

  /** Takes note of a turn at the place where the run stands; of nothing, where it has no words. */
  turn(what: readonly string[]): void {
    if (what.length === 0) return;
    const { epoch, position } = this;
    this.turns = [...this.turns, { epoch, position, what }];
  }

  /** Lets the next epoch be the best one, whatever those before came to. */
  measureAnew(): void {
    this.#anew = this.#records.length > 0;
  }

  get history(): readonly EpochRecord[] {
    return [...this.#records];
  }

  /** Lets the clock run on from now. */
  resumeClock(): void {
    this.#since = performance.now();
  }

  takeStep(metrics: Metrics): void {
    this.sums.add(metrics);
    this.position += 1;
    this.step += 1;
    this.taken += 1;
  }

  /** Closes the epoch under way and begins the next. */
  finishEpoch(
    validation: Validated | undefined,
    by: BestBy,
    rate: number,
    speed: Pick<EpochRecord, "imagesPerSecond" | "waiting">,
  ): EpochRecord {
    const record: EpochRecord = {
      epoch: this.epoch + 1,
      step: this.taken,
      rate,
      trainLoss: this.sums.meanLoss,
      trainAccuracy: this.sums.accuracy,
      ...(validation && {
        validationLoss: validation.meanLoss,
        validationAccuracy: validation.accuracy,
        validationBalanced: validation.balancedAccuracy,
      }),
      seconds: this.#elapsed(),
      ...speed,
      ...(this.#anew && { anew: true }),
    };
    this.#anew = false;
    this.#records.push(record);
    this.best = betterOf(this.best, record, by);
    this.epoch += 1;
    this.position = 0;
    this.sums = new Sums();
    this.#seconds = 0;
    this.resumeClock();
    return record;
  }

  /** What a checkpoint keeps, besides the state. @param images of the training split: how many, and what they are known by. */
  progress({ images, digests }: KnownData): Progress {
    const { loss, correct, count } = this.sums;
    return {
      epoch: this.epoch,
      position: this.position,
      taken: this.taken,
      loss,
      correct,
      count,
      seconds: this.#elapsed(),
      images,
      ...(digests && { digests }),
      history: this.history,
      ...(this.best && { best: this.best }),
      ...(this.#anew && { anew: true }),
      ...(this.turns.length > 0 && { turns: this.turns }),
    };
  }

  #elapsed(): number {
    return this.#seconds + (performance.now() - this.#since) / 1000;
  }
}
