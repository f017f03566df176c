/** How a run is shown: a bar and a line per epoch for people, a line of JSON per event for programs. */
import { quoted } from "./shell-text.js";
import type { PreparedEvent, RunEvent } from "../api/run-events.js";
import { columns, visible, wrap } from "../diagnostics/display-width.js";
import { trainedParameters } from "../recipe/frozen.js";
import type { ClassWeight, TrainEvent, TrainResult } from "../train/events.js";
import type { EpochRecord } from "../train/history.js";
import { counted, duration, grouped, lossText, pace, percent } from "../diagnostics/numbers.js";
import { ProgressBar } from "./progress-bar.js";
import { colorsFor, type Terminal } from "./terminal.js";
import { weightsLine } from "./weights-line.js";

export interface ProgressView {
  event(event: RunEvent): void;
  /** Leaves the terminal as it was; may be called at any time, and again. */
  stop(): void;
}

/** Every event as one line of JSON on the output stream, the graph by its name alone. */
export function jsonProgress({ out }: Terminal): ProgressView {
  const plain = (event: RunEvent): object => {
    if (event.kind !== "prepared") return event;
    const { graph, ...rest } = event;
    return { ...rest, network: graph.name };
  };
  return {
    event: (event) => out(`${JSON.stringify(plain(event))}\n`),
    stop: () => undefined,
  };
}

/** What a user may want to run next, without the command's own name. */
export interface NextCommands {
  readonly resume: readonly string[];
  readonly evaluate: readonly string[];
  readonly predict: readonly string[];
}

/** Where no bar can be drawn, a line of progress is printed at most this often, in milliseconds. */
const quietInterval = 20_000;

/** For people. */
export class TextProgress implements ProgressView {
  readonly #bar: ProgressBar | undefined;
  #epochs = 0;
  #stepsPerEpoch = 0;
  #rate = 0;
  #saidAt = performance.now();
  #report: string | undefined;

  /**
   * @param next what to run to go on, to evaluate and to predict, each as the words of a command.
   */
  constructor(
    private readonly terminal: Terminal,
    private readonly next: (run: string) => NextCommands,
  ) {
    this.#bar = terminal.interactive ? new ProgressBar(terminal) : undefined;
  }

  event(event: RunEvent): void {
    switch (event.kind) {
      case "prepared":
        return this.#prepared(event);
      case "start":
        return this.#start(event);
      case "step":
        return this.#step(event);
      case "validation":
        return this.#bar?.show("validating", event.done, event.images, "images");
      case "epoch":
        return this.#epoch(event.record);
      case "checkpoint":
        return;
      case "page":
        return this.#say(`live page: ${event.url}`);
      case "report":
        this.#report = event.path;
        return;
      case "warning":
        return this.#say(`warning: ${event.message}`);
      case "end":
        return this.#end(event.result);
    }
  }

  stop(): void {
    this.#bar?.clear();
  }

  /** A paragraph on the error stream, as wide as the terminal. */
  #say(text: string): void {
    this.#bar?.clear();
    for (const line of wrap(visible(text), this.terminal.width)) this.terminal.err(`${line}\n`);
  }

  #prepared({ graph, recipe, engine, data, weights, kept }: PreparedEvent): void {
    const images =
      data.validationImages === 0
        ? "none to validate on"
        : `${grouped(data.validationImages)} to validate on`;
    this.#say(
      `${graph.name} by the recipe ${recipe.name}: ${data.name}, ` +
        `${counted(data.trainImages, "image")} to train on, ${images}`,
    );
    if (kept.length > 0) this.#say(`kept from the run: ${kept.map(asWords).join(" ")}`);
    for (const note of data.notes) this.#say(`note: ${note}`);
    if (weights !== undefined) this.#say(weightsLine(weights));
    if (recipe.freeze !== false) {
      const { trained, all } = trainedParameters(graph, recipe.freeze);
      this.#say(
        `${grouped(trained)} of ${grouped(all)} parameters are trained, the rest is frozen`,
      );
    }
    this.#say(engine.why);
  }

  #start(start: Extract<TrainEvent, { kind: "start" }>): void {
    this.#epochs = start.epochs;
    this.#stepsPerEpoch = start.stepsPerEpoch;
    const steps = `${counted(start.stepsPerEpoch, "step")} at batch ${start.batch}`;
    this.#say(`${counted(start.epochs, "epoch")} of ${steps}, kept in ${start.folder}`);
    if (start.resumed) this.#say(goingOn(start.resumed, start.epochs));
    const weights = start.classWeights && spread(start.classWeights);
    if (weights !== undefined) this.#say(`images count by their class: ${weights}`);
    const { epoch, position } = start.resumed ?? { epoch: 0, position: 0 };
    const isOver = epoch >= start.epochs;
    const since = isOver ? "is not kept: no step is taken with it" : "from here on";
    for (const change of start.changes) this.#say(`note: ${change} ${since}`);
    this.terminal.err("\n");
    this.#saidAt = performance.now();
    if (isOver) return;
    const words = "preparing the first step";
    this.#bar?.show(this.#title(epoch + 1), position, start.stepsPerEpoch, words);
  }

  #title(epoch: number): string {
    return `epoch ${epoch}/${this.#epochs}`;
  }

  #step(event: Extract<TrainEvent, { kind: "step" }>): void {
    const { epoch, step, loss, accuracy, imagesPerSecond, secondsLeft } = event;
    this.#rate = imagesPerSecond;
    const title = this.#title(epoch);
    const state = `loss ${lossText(loss)}, ${percent(accuracy)}`;
    const speed = `${pace(imagesPerSecond)} images/s, ${duration(secondsLeft)} left`;
    this.#bar?.show(title, step, this.#stepsPerEpoch, `${state}, ${speed}`);
    if (this.#bar || performance.now() - this.#saidAt < quietInterval) return;
    this.#saidAt = performance.now();
    this.#say(`${title}, step ${step}/${this.#stepsPerEpoch}: ${state}, ${speed}`);
  }

  #epoch(record: EpochRecord): void {
    this.#bar?.clear();
    this.#saidAt = performance.now();
    const { epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy } = record;
    const number = String(epoch).padStart(String(this.#epochs).length);
    const title = `epoch ${number}/${this.#epochs}`;
    const parts = [title, `loss ${lossText(trainLoss)}`, `accuracy ${percent(trainAccuracy)}`];
    if (validationLoss !== undefined && validationAccuracy !== undefined) {
      parts.push(`validation ${lossText(validationLoss)} ${percent(validationAccuracy)}`);
    }
    const { imagesPerSecond = this.#rate, waiting = 0 } = record;
    const waited = waiting >= 0.05 ? `, ${percent(waiting)} waiting for data` : "";
    const speed = imagesPerSecond > 0 ? `, ${pace(imagesPerSecond)} images/s${waited}` : "";
    const [made, took] = [parts.join("  "), `${duration(record.seconds)}${speed}`];
    const fits = columns(`${made}  ${took}`) <= this.terminal.width;
    const between = fits ? "  " : `\n${" ".repeat(title.length + 2)}`;
    this.terminal.out(`${made}${between}${took}\n`);
  }

  #end({ outcome, folder, best, checkpoint, advice }: TrainResult): void {
    this.#bar?.clear();
    const { out, err, outColor } = this.terminal;
    const { resume, evaluate, predict } = this.next(folder);
    const command = (words: readonly string[]): string =>
      `  ${[...invocation(), ...words].join(" ")}\n`;
    if (this.#report !== undefined) err(`report: ${this.#report}\n`);
    if (outcome === "interrupted") {
      this.#say(`saved in ${checkpoint}; to go on:`);
      err(command(resume.map(quoted)));
      return;
    }
    if (best) {
      const value = best.measure.endsWith("loss") ? lossText(best.value, 4) : percent(best.value);
      out(`best ${best.measure} ${colorsFor(outColor).bold(value)}, in epoch ${best.epoch}\n`);
    }
    err(`\n${command(evaluate.map(quoted))}${command([...predict.map(quoted), "IMAGE…"])}`);
    this.#say(advice);
  }
}

/** Where a run goes on. @param epochs in all. */
function goingOn(
  { epoch, position }: { readonly epoch: number; readonly position: number },
  epochs: number,
): string {
  if (epoch >= epochs) {
    return `nothing is left to train: the run has ${counted(epoch, "epoch")} already`;
  }
  if (position > 0) return `going on within epoch ${epoch + 1}, after step ${position}`;
  return epoch === 0 ? "going on before its first step" : `going on after epoch ${epoch}`;
}

/** An option and its value as a shell takes them. */
function asWords(words: string): string {
  const end = words.indexOf(" ");
  return `${words.slice(0, end)} ${quoted(words.slice(end + 1))}`;
}

/** How the user called the command: npx puts it on the path for one call only. */
function invocation(): readonly string[] {
  return process.env["npm_command"] === "exec" ? ["npx", "resnetc"] : ["resnetc"];
}

/** `0.62 (cat) to 2.45 (dog)`; undefined where all are the same. */
function spread(weights: readonly ClassWeight[]): string | undefined {
  const sorted = weights.toSorted((a, b) => a.weight - b.weight);
  const ends = [sorted[0], sorted.at(-1)].filter((end) => end !== undefined);
  if (ends[0]?.weight === ends[1]?.weight) return undefined;
  return ends.map((end) => `${Number(end.weight.toPrecision(3))} (${end.class})`).join(" to ");
}
