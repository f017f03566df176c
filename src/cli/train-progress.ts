/** How a run is shown: a bar and a line per epoch for people, a line of JSON per event for programs. */
import cliProgress from "cli-progress";
import type { EpochRecord } from "../train/history.js";
import type { TrainEvent, TrainResult } from "../train/events.js";
import { duration, grouped, percent } from "./numbers.js";
import { colorsFor, type Terminal } from "./terminal.js";

export interface ProgressView {
  readonly event: (event: TrainEvent) => void;
  /** Leaves the terminal as it was; may be called at any time, and again. */
  readonly stop: () => void;
}

/** Every event as one line of JSON on the output stream. */
export function jsonProgress({ out }: Terminal): ProgressView {
  return { event: (event) => out(`${JSON.stringify(event)}\n`), stop: () => undefined };
}

/** At most this often is a line of progress printed where no bar can be drawn, in milliseconds. */
const quietInterval = 10_000;

/** For people. @param spec as the user wrote it, for the commands that come next. */
export function textProgress(terminal: Terminal, spec: string): ProgressView {
  const bar = terminal.interactive ? new Bar(terminal) : undefined;
  let epochs = 0;
  let stepsPerEpoch = 0;
  let saidAt = performance.now();
  const event = (each: TrainEvent): void => {
    switch (each.kind) {
      case "start":
        ({ epochs, stepsPerEpoch } = each);
        return describeStart(each, terminal);
      case "step": {
        const words = `${each.imagesPerSecond.toFixed(1)} images/s, ${duration(each.secondsLeft)} left`;
        const state = `loss ${each.loss.toFixed(4)}, accuracy ${percent(each.accuracy)}`;
        if (bar)
          return bar.show(
            `epoch ${each.epoch}/${epochs}`,
            each.step,
            stepsPerEpoch,
            `${state}, ${words}`,
          );
        if (performance.now() - saidAt < quietInterval) return;
        saidAt = performance.now();
        terminal.err(
          `epoch ${each.epoch}/${epochs}, step ${each.step}/${stepsPerEpoch}: ${state}, ${words}\n`,
        );
        return;
      }
      case "validation":
        return bar?.show("validating", each.done, each.images, "");
      case "epoch":
        bar?.clear();
        saidAt = performance.now();
        return terminal.out(`${describeEpoch(each.record, epochs)}\n`);
      case "checkpoint":
        return;
      case "end":
        bar?.clear();
        return describeEnd(each.result, terminal, spec);
    }
  };
  return { event, stop: () => bar?.clear() };
}

function describeStart(start: Extract<TrainEvent, { kind: "start" }>, { err }: Terminal): void {
  const validation = start.validationImages === 0 ? "no" : grouped(start.validationImages);
  err(
    `${start.network}: ${grouped(start.trainImages)} images to train on, ${validation} to validate; ` +
      `${start.epochs} epochs of ${grouped(start.stepsPerEpoch)} steps, batch ${start.batch}\n`,
  );
  if (start.resumed) {
    const { epoch, position } = start.resumed;
    err(`going on after epoch ${epoch}${position === 0 ? "" : `, step ${position}`}\n`);
  }
  for (const change of start.changes) err(`changed since: ${change}\n`);
  err(`the run is kept in ${start.folder}\n`);
}

function describeEpoch(record: EpochRecord, epochs: number): string {
  const { epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy } = record;
  const width = String(epochs).length;
  const train = `loss ${trainLoss.toFixed(4)}, accuracy ${percent(trainAccuracy)}`;
  const validation =
    validationLoss === undefined || validationAccuracy === undefined
      ? ""
      : `; validation loss ${validationLoss.toFixed(4)}, accuracy ${percent(validationAccuracy)}`;
  return `epoch ${String(epoch).padStart(width)}/${epochs}: ${train}${validation} (${duration(record.seconds)})`;
}

function describeEnd(result: TrainResult, terminal: Terminal, spec: string): void {
  const { out, err, outColor } = terminal;
  const { outcome, folder, best, advice } = result;
  if (best) {
    const value = best.measure === "training loss" ? best.value.toFixed(4) : percent(best.value);
    out(`best ${best.measure}: ${colorsFor(outColor).bold(value)} (epoch ${best.epoch})\n`);
  }
  err(`${advice}\n`);
  if (outcome === "finished") {
    err(`evaluate: resnetc eval ${spec} --checkpoint ${folder}/best.safetensors\n`);
  }
}

/** One line at the bottom of the terminal. */
class Bar {
  #bar: cliProgress.SingleBar | undefined;
  #title = "";

  constructor(private readonly terminal: Terminal) {}

  show(title: string, done: number, total: number, words: string): void {
    if (this.#bar === undefined || this.#title !== title) {
      this.clear();
      this.#title = title;
      this.#bar = new cliProgress.SingleBar({
        format: "{title} {bar} {value}/{total} {words}",
        barsize: Math.max(8, Math.min(24, this.terminal.width - 76)),
        barCompleteChar: "━",
        barIncompleteChar: " ",
        hideCursor: true,
        clearOnComplete: true,
        linewrap: false,
        gracefulExit: false,
        stream: process.stderr,
      });
      this.#bar.start(total, done, { title, words });
    }
    this.#bar.update(done, { title, words });
  }

  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
