/**
 * One run from where it stands to its end: epochs of steps and their validation, what is saved of them and when, and
 * what is told of it on the way.
 */
import { setImmediate } from "node:timers/promises";
import type { Metrics } from "../engines/engine.js";
import { counted } from "../diagnostics/numbers.js";
import { hasPlateaued, rateAfterFalls } from "../recipe/plateau.js";
import { rateFactor } from "../recipe/schedule.js";
import { answers, checked } from "./answers.js";
import type { Checkpoint } from "./checkpoint.js";
import { Course } from "./course.js";
import { batchCount, batches, epochOrder } from "./data/batches.js";
import { DataError } from "./data/data-set.js";
import { diverged } from "./divergence.js";
import type { ClassWeight, TrainEvent, TrainResult, Validation } from "./events.js";
import { inOrder } from "./evaluate.js";
import { isSameGiven } from "./given.js";
import { fallsOf } from "./falls.js";
import { Flight } from "./flight.js";
import { checkLabels, helpOnImages } from "./fit.js";
import { appendHistory, comparedEpochs, writeHistory } from "./history.js";
import type { RatedSession } from "./rated-session.js";
import { RunCheckpoints, type CheckpointName, type CheckpointOptions } from "./run-checkpoints.js";
import type { RunFiles } from "./run-folder.js";
import type { RunLock } from "./run-lock.js";
import { Tally } from "./tally.js";
import { Throughput } from "./throughput.js";

export interface RunOptions extends CheckpointOptions {
  /** Once aborted, the step under way is finished, a checkpoint is written, and the run ends. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: TrainEvent) => void;
}

/** Where a run is kept. */
export interface RunPlace {
  readonly folder: string;
  readonly files: RunFiles;
  /** Held throughout. */
  readonly lock: Pick<RunLock, "check">;
}

/** What is told at a run's start, beside what its options say. */
export interface Beginning {
  /** What differs from the run that is resumed. */
  readonly changes: readonly string[];
  /** What it began from beside fresh weights, in words. */
  readonly origin?: readonly string[];
  /** Whether validation measures something else than in the run that is resumed. */
  readonly measuresAnew?: boolean;
  /** Where classes do not all count the same. */
  readonly classWeights?: readonly ClassWeight[];
}

export class Run {
  readonly #course: Course;
  readonly #stepsPerEpoch: number;
  readonly #throughput = new Throughput();
  readonly #flight = new Flight();
  /** Seconds per image of the last validation; before the first, a third of a training step's. */
  #validationPace: number | undefined;
  readonly #checkpoints: RunCheckpoints;

  constructor(
    private readonly options: RunOptions,
    private readonly rated: RatedSession,
    private readonly place: RunPlace,
    private readonly previous: Checkpoint | undefined,
  ) {
    this.#course = previous === undefined ? new Course() : Course.of(previous);
    this.#stepsPerEpoch = batchCount(options.dataSet.train.size, options.recipe.batch);
    this.#checkpoints = new RunCheckpoints(options, rated, place.files, previous?.state.step);
  }

  async whole(beginning: Beginning): Promise<TrainResult> {
    const { changes, origin = [], measuresAnew = false } = beginning;
    if (this.#course.epoch < this.options.recipe.epochs) {
      this.#course.turn([...origin, ...changes]);
      if (measuresAnew) this.#course.measureAnew();
    }
    // A crash between a checkpoint and the history's next line leaves the two apart.
    await writeHistory(this.place.files.history, this.#course.history);
    this.#emitStart(beginning);
    // What is given anew holds from here on, even if the run is killed before its next checkpoint.
    const { previous } = this;
    const { recipe, given } = this.options;
    const isLeft = this.#course.epoch < recipe.epochs;
    if (isLeft && previous !== undefined && !isSameGiven(previous.given, given)) {
      await this.#save(["last"]);
    }
    this.#course.resumeClock();
    while (this.#course.epoch < recipe.epochs) {
      const values = comparedEpochs(this.#course.history, recipe.best).at(-1) ?? [];
      if (hasPlateaued(recipe.stop, values)) return this.#end("stopped");
      await this.rated.fallTo(fallsOf(recipe, this.#course.history));
      if (await this.#epochOrWhatStands()) continue;
      await this.#save(["last"]);
      return this.#end("interrupted");
    }
    return this.#end("finished");
  }

  /** An epoch; where its data fail, what was trained until then is saved before that is thrown. */
  async #epochOrWhatStands(): Promise<boolean> {
    try {
      return await this.#oneEpoch();
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const { step } = this.#course;
      if (this.#checkpoints.holds(step)) throw error.withHelp(helpOnImages);
      await this.#save(["last"]);
      const saved = `${counted(step, "step")} so far ${step === 1 ? "is" : "are"} saved, and \`--resume\` goes on`;
      throw error.withHelp(`${helpOnImages}; ${saved}`);
    }
  }

  /** @returns false if it was interrupted, in a state that can be saved and gone on from. */
  async #oneEpoch(): Promise<boolean> {
    if (!(await this.#trainSteps())) return false;
    const speed = this.#throughput.ofEpoch;
    const validation = await this.#validate();
    if (validation === "interrupted") return false;
    const bestBefore = this.#course.best;
    const record = this.#course.finishEpoch(
      validation,
      this.options.recipe.best,
      this.#rateAt(this.#course.step - 1),
      speed,
    );
    await this.#save(this.#course.best === bestBefore ? ["last"] : ["best", "last"]);
    await appendHistory(this.place.files.history, record);
    this.#emit({ kind: "epoch", record, ...(validation && { validation: detailsOf(validation) }) });
    return true;
  }

  async #trainSteps(): Promise<boolean> {
    const { recipe, dataSet, signal } = this.options;
    if (signal?.aborted) return false;
    const { epoch, position } = this.#course;
    const { train, classes } = dataSet;
    const order = epochOrder(recipe.seed, epoch, train.size, recipe.shuffle);
    const { batch, preprocess, augment, sizes, seed } = recipe;
    // Only while the device stands idle is a wait one: most batches are made while it computes.
    const onWait = (milliseconds: number): void =>
      this.#throughput.waited(Math.min(milliseconds, this.#flight.idle) / 1000);
    const making = { preprocess, augment, sizes, seed, epoch };
    const options = { order, from: position, batch, ...making, onWait };
    let first = position * batch;
    this.#throughput.begin();
    try {
      for await (const each of batches(train, options)) {
        checkLabels(each.labels, classes.length, (i) => train.describe(order[first + i] ?? 0));
        first += each.labels.length;
        this.#flight.give(this.rated.session.step(each));
        if (this.#flight.isFull) this.#takeStep(await this.#flight.land());
        // An engine that computes in this thread would keep signals, timers and the live page from their turn.
        await setImmediate();
        if (signal?.aborted) break;
        if (!this.#checkpoints.isDue) continue;
        await this.#landAll();
        await this.#save(["last"]);
        this.#throughput.resume();
      }
      await this.#landAll();
    } catch (error) {
      // What is under way counts, so that it can be saved.
      if (error instanceof DataError) await this.#landAll();
      throw error;
    } finally {
      await this.#flight.settle();
    }
    return signal?.aborted !== true;
  }

  /** Takes up the metrics of every step that is under way. */
  async #landAll(): Promise<void> {
    while (!this.#flight.isEmpty) this.#takeStep(await this.#flight.land());
  }

  #takeStep(metrics: Metrics): void {
    const course = this.#course;
    if (!Number.isFinite(metrics.loss)) {
      const where = `at step ${course.position + 1} of epoch ${course.epoch + 1}`;
      throw this.#diverged(`the loss is ${metrics.loss} ${where}`);
    }
    course.takeStep(metrics);
    this.#throughput.took(metrics.count);
    this.#emit({
      kind: "step",
      epoch: course.epoch + 1,
      step: course.position,
      taken: course.taken,
      loss: course.sums.meanLoss,
      accuracy: course.sums.accuracy,
      own: {
        loss: metrics.loss / metrics.count,
        accuracy: metrics.correct / metrics.count,
      },
      imagesPerSecond: this.#throughput.rate ?? 0,
      rate: this.#rateAt(course.step - 1),
      waiting: this.#throughput.waiting,
      secondsLeft: this.#secondsLeft(),
    });
  }

  /** The optimizer's rate at a step, from 0. */
  #rateAt(step: number): number {
    const { optimizer, schedule, epochs } = this.options.recipe;
    const rate = rateAfterFalls(
      optimizer.rate,
      schedule,
      fallsOf(this.options.recipe, this.#course.history),
    );
    return rate * rateFactor(schedule, step, this.#stepsPerEpoch, epochs);
  }

  async #validate(): Promise<Tally | "interrupted" | undefined> {
    const { graph, recipe, dataSet, signal } = this.options;
    const { validation, classes } = dataSet;
    if (validation.size === 0) return undefined;
    if (signal?.aborted) return "interrupted";
    const epoch = this.#course.epoch + 1;
    const tally = new Tally(graph, recipe, classes.length, validation.size);
    const began = performance.now();
    const given = checked(inOrder(validation, recipe), ({ labels }, first) =>
      checkLabels(labels, classes.length, (i) => validation.describe(first + i)),
    );
    for await (const { batch, heads } of answers(this.rated.session, given)) {
      tally.add(batch, heads);
      this.#emit({ kind: "validation", epoch, done: tally.count, images: validation.size });
      if (signal?.aborted) return "interrupted";
    }
    this.#validationPace = (performance.now() - began) / 1000 / tally.count;
    if (!Number.isFinite(tally.loss)) {
      throw this.#diverged(`the validation loss is ${tally.loss} after epoch ${epoch}`);
    }
    return tally;
  }

  async #save(names: readonly CheckpointName[]): Promise<void> {
    await this.place.lock.check();
    await this.#checkpoints.write(names, this.#course);
    for (const which of names)
      this.#emit({ kind: "checkpoint", which, path: this.place.files[which] });
  }

  #secondsLeft(): number {
    const { recipe, dataSet } = this.options;
    const perImage = 1 / (this.#throughput.rate ?? Infinity);
    const epochs = recipe.epochs - this.#course.epoch;
    const images = epochs * dataSet.train.size - this.#course.sums.count;
    const validations = epochs * dataSet.validation.size;
    return images * perImage + validations * (this.#validationPace ?? perImage / 3);
  }

  #diverged(what: string): Error {
    return diverged(what, this.options.recipe, this.#checkpoints.newest);
  }

  #emitStart({ changes, classWeights }: Beginning): void {
    const { graph, recipe, dataSet, engine } = this.options;
    const { epoch, position, taken, history } = this.#course;
    this.#emit({
      kind: "start",
      network: graph.name,
      engine: engine.name,
      folder: this.place.folder,
      epochs: recipe.epochs,
      batch: recipe.batch,
      stepsPerEpoch: this.#stepsPerEpoch,
      trainImages: dataSet.train.size,
      validationImages: dataSet.validation.size,
      ...(this.previous && { resumed: { epoch, position, taken, history } }),
      ...(classWeights && { classWeights }),
      changes,
      turns: this.#course.turns,
    });
  }

  #end(outcome: TrainResult["outcome"]): TrainResult {
    const { epoch, position, taken, history, best } = this.#course;
    const result: TrainResult = {
      outcome,
      folder: this.place.folder,
      checkpoint: this.place.files.last,
      epoch,
      position,
      step: taken,
      history,
      ...(best && { best }),
      advice: howToGoOn(outcome, this.place.folder, epoch),
    };
    this.#emit({ kind: "end", result });
    return result;
  }

  #emit(event: TrainEvent): void {
    this.options.onEvent?.(event);
  }
}

/** @param epoch how many epochs are finished. */
function howToGoOn(outcome: TrainResult["outcome"], folder: string, epoch: number): string {
  switch (outcome) {
    case "interrupted":
      return `the same command with \`--resume\` goes on from here; the run is in ${folder}`;
    case "stopped":
      return (
        `it stopped after epoch ${epoch}, as the recipe's \`stop\` says; to train on, add ` +
        "`--resume --with stop=never`"
      );
    case "finished":
      return `to train longer, add \`--resume --epochs N\` with N above ${epoch}`;
  }
}

function detailsOf({ confusion, mistakes, samples }: Tally): Validation {
  return { confusion, mistakes, samples };
}
