/** How a run stands, at a glance: its state in a sentence, how far it is, and its figures. */
import { bytes, duration, pace, percent } from "../../diagnostics/numbers.js";
import type { Account } from "../account.js";
import { html, type Markup } from "../../markup/markup.js";
import type { Best } from "../../train/history.js";
import { decimal } from "../ticks.js";

/** The state in a sentence, without its full stop. */
function stateWords({ state, step, validating, facts, result, failure }: Account): string {
  const { epochs } = facts.recipe;
  switch (state) {
    case "preparing":
      return "Starting";
    case "training":
      return `Training, epoch ${step?.epoch ?? 1} of ${epochs}`;
    case "validating":
      return `Validating epoch ${validating?.epoch ?? 1} of ${epochs}`;
    case "finished":
      return `Finished after ${counted(result?.epoch ?? epochs)}`;
    case "stopped":
      return `Stopped after ${counted(result?.epoch ?? 0)} of ${epochs}, as it no longer improved`;
    case "interrupted":
      return `Interrupted in epoch ${(result?.epoch ?? 0) + 1} of ${epochs}; --resume goes on`;
    case "failed":
      return `Ended with an error: ${failure ?? ""}`;
  }
}

function counted(epochs: number): string {
  return epochs === 1 ? "1 epoch" : `${epochs} epochs`;
}

export function overviewView(account: Account): Markup {
  const { facts, state, epochsDone, isOver, step } = account;
  const share = Math.min(1, epochsDone / facts.recipe.epochs);
  const left = !isOver && step !== undefined && `${duration(step.secondsLeft)} left`;
  const bar = Math.floor(share * 1000) / 10;
  return html`<div class="state ${state}">
      <p><i class="lamp"></i>${stateWords(account)}</p>
      <p class="left">${left}</p>
    </div>
    <svg
      class="progress"
      width="100%"
      height="6"
      role="progressbar"
      aria-label="Epochs done"
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow="${bar}"
    >
      <rect class="track" width="100%" height="6" rx="3" />
      <rect class="fill" width="${bar}%" height="6" rx="3" />
    </svg>
    <ul class="figures">
      ${figures(account).map(figureView)}
    </ul>`;
}

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly kind?: "train" | "validation";
}

function figureView({ name, value, note, kind }: Figure): Markup {
  return html`<li>
    <span class="name">${kind && html`<i class="swatch ${kind}"></i>`}${name}</span>
    <b>${value}</b>
    <span class="note">${note}</span>
  </li>`;
}

const unknown = "–";

/** What the best epoch came to, where that is an accuracy. */
function bestNote(best: Best | undefined): string | undefined {
  if (best === undefined || best.measure.endsWith("loss")) return undefined;
  const kind = best.measure === "validation accuracy" ? "best" : "best, balanced,";
  return `${kind} ${percent(best.value)} in epoch ${best.epoch}`;
}

function bestLossNote(best: Best | undefined): string | undefined {
  if (best?.measure !== "validation loss") return undefined;
  return `best ${decimal(best.value)} in epoch ${best.epoch}`;
}

function figures(account: Account): readonly Figure[] {
  const { step, history, best, curves, isOver } = account;
  const last = history.at(-1);
  const say = (value: number | undefined, text: (value: number) => string): string =>
    value === undefined ? unknown : text(value);
  const loss = step?.loss ?? last?.trainLoss;
  const accuracy = step?.accuracy ?? last?.trainAccuracy;
  const after =
    last?.validationLoss === undefined ? "no validation yet" : `after epoch ${last.epoch}`;
  const ofEpoch = isOver ? "of the last epoch" : "of the epoch so far";
  const speed = isOver ? meanSpeed(account) : step?.imagesPerSecond;
  return [
    {
      name: "Validation accuracy",
      value: say(last?.validationAccuracy, percent),
      note: bestNote(best) ?? after,
      kind: "validation",
    },
    {
      name: "Training accuracy",
      value: say(accuracy, percent),
      note: ofEpoch,
      kind: "train",
    },
    {
      name: "Validation loss",
      value: say(last?.validationLoss, decimal),
      note: bestLossNote(best) ?? after,
      kind: "validation",
    },
    {
      name: "Training loss",
      value: say(loss, decimal),
      note: ofEpoch,
      kind: "train",
    },
    {
      name: "Learning rate",
      value: say(step?.rate ?? last?.rate, decimal),
      note: `of ${account.facts.recipe.optimizer.rate} at most`,
    },
    {
      name: "Images/s",
      value: say(speed === 0 ? undefined : speed, pace),
      note: isOver ? "of the last epoch" : "of late",
    },
    {
      name: "Waiting for data",
      value: say(step?.waiting ?? last?.waiting, percent),
      note: "of the epoch's time",
    },
    {
      name: "Memory",
      value: say(curves.memory.points().at(-1)?.y, (value) => bytes(Math.round(value))),
      note: "resident",
    },
  ];
}

function meanSpeed({ history, step }: Account): number | undefined {
  return history.at(-1)?.imagesPerSecond ?? step?.imagesPerSecond;
}
