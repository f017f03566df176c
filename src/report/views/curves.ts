/** The curves of a run: loss and accuracy large, what they cost small. */
import type { Account } from "../account.js";
import { html, type Markup } from "../../markup/markup.js";
import type { Point, Series } from "../series.js";
import { chartView, type Chart } from "./chart.js";
import type { EpochRecord } from "../../train/history.js";

/** The most points of a curve that are drawn: more than there are pixels would only cost time. */
const mostDrawn = 500;

/** What is drawn of an epoch's record. */
type Measure =
  | "trainLoss"
  | "trainAccuracy"
  | "validationLoss"
  | "validationAccuracy"
  | "rate"
  | "imagesPerSecond"
  | "waiting";

export function curvesView(account: Account): Markup {
  const epochs = endOfAxis(account);
  const charts = [...outcomeCharts(account, epochs), ...costCharts(account, epochs)];
  return html`<div class="charts">${charts.map(chartView)}</div>`;
}

function outcomeCharts({ history, curves }: Account, epochs: number): readonly Chart[] {
  const common = { epochs, size: "large" } as const;
  return [
    {
      ...common,
      title: "Loss",
      notation: "number",
      lines: [
        { name: "of a batch", kind: "batches", points: curves.loss.points(mostDrawn) },
        { name: "training", kind: "train", points: byEpoch(history, "trainLoss") },
        { name: "validation", kind: "validation", points: byEpoch(history, "validationLoss") },
      ],
    },
    {
      ...common,
      title: "Accuracy",
      notation: "share",
      reach: { high: 1 },
      lines: [
        { name: "of a batch", kind: "batches", points: curves.accuracy.points(mostDrawn) },
        { name: "training", kind: "train", points: byEpoch(history, "trainAccuracy") },
        { name: "validation", kind: "validation", points: byEpoch(history, "validationAccuracy") },
      ],
    },
  ];
}

function costCharts({ history, curves }: Account, epochs: number): readonly Chart[] {
  const common = { epochs, size: "small", reach: { low: 0 } } as const;
  return [
    {
      ...common,
      title: "Learning rate",
      notation: "number",
      lines: [plain(curves.rate, byEpoch(history, "rate"), "rate")],
    },
    {
      ...common,
      title: "Speed",
      notation: "pace",
      lines: [plain(curves.imagesPerSecond, byEpoch(history, "imagesPerSecond"), "images/s")],
    },
    {
      ...common,
      title: "Waiting for data",
      notation: "share",
      reach: { low: 0, high: 1 },
      lines: [plain(curves.waiting, byEpoch(history, "waiting"), "share")],
    },
    {
      ...common,
      title: "Memory",
      notation: "bytes",
      lines: [plain(curves.memory, [], "resident")],
    },
  ];
}

/** What the epochs' records have of a measure, at the end of each epoch. */
function byEpoch(history: readonly EpochRecord[], measure: Measure): readonly Point[] {
  return history.flatMap(({ epoch: x, [measure]: y }) => (y === undefined ? [] : [{ x, y }]));
}

/** What was seen step by step, with the epochs before that, of a run that is resumed, before it. */
function plain(series: Series, epochs: readonly Point[], name: string): Chart["lines"][0] {
  const steps = series.points(mostDrawn);
  const first = steps[0]?.x ?? Infinity;
  const points = [...epochs.filter(({ x }) => x < first), ...steps];
  return { name, kind: "plain", points, ...(series.latest && { latest: series.latest.y }) };
}

/** While a run goes on there is a little room ahead, and not all of a long way that is to come. */
function endOfAxis({ facts, epochsDone, isOver }: Account): number {
  if (isOver) return Math.max(1, Math.ceil(epochsDone - 1e-9));
  return Math.max(1, Math.min(facts.recipe.epochs, Math.ceil(epochsDone * 1.25)));
}
