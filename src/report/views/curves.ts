/** The curves of a run: loss and accuracy large, what they cost small. */
import type { Account } from "../account.js";
import { html, type Markup } from "../../markup/markup.js";
import type { Point, Series } from "../series.js";
import { chartView, type Chart } from "./chart.js";
import type { EpochRecord } from "../../train/history.js";

/** The most points of a curve that are drawn: more than there are pixels would only cost time. */
const mostDrawn = 500;

export function curvesView(account: Account): Markup {
  const { history, curves } = account;
  const epochs = endOfAxis(account);
  const ofEpochs = (value: (record: EpochRecord) => number | undefined): Point[] =>
    history.flatMap((record) => {
      const y = value(record);
      return y === undefined ? [] : [{ x: record.epoch, y }];
    });
  const common = { epochs, size: "small", reach: { low: 0 } } as const;
  const charts: readonly Chart[] = [
    {
      title: "Loss",
      notation: "number",
      epochs,
      size: "large",
      lines: [
        { name: "of a batch", kind: "batches", points: curves.loss.points(mostDrawn) },
        { name: "training", kind: "train", points: ofEpochs(({ trainLoss }) => trainLoss) },
        {
          name: "validation",
          kind: "validation",
          points: ofEpochs(({ validationLoss }) => validationLoss),
        },
      ],
    },
    {
      title: "Accuracy",
      notation: "share",
      epochs,
      size: "large",
      reach: { high: 1 },
      lines: [
        { name: "of a batch", kind: "batches", points: curves.accuracy.points(mostDrawn) },
        {
          name: "training",
          kind: "train",
          points: ofEpochs(({ trainAccuracy }) => trainAccuracy),
        },
        {
          name: "validation",
          kind: "validation",
          points: ofEpochs(({ validationAccuracy }) => validationAccuracy),
        },
      ],
    },
    {
      ...common,
      title: "Learning rate",
      notation: "number",
      lines: [
        plain(
          curves.rate,
          ofEpochs(({ rate }) => rate),
          "rate",
        ),
      ],
    },
    {
      ...common,
      title: "Speed",
      notation: "pace",
      lines: [
        plain(
          curves.imagesPerSecond,
          ofEpochs(({ imagesPerSecond }) => imagesPerSecond),
          "images/s",
        ),
      ],
    },
    {
      ...common,
      title: "Waiting for data",
      notation: "share",
      reach: { low: 0, high: 1 },
      lines: [
        plain(
          curves.waiting,
          ofEpochs(({ waiting }) => waiting),
          "share",
        ),
      ],
    },
    {
      ...common,
      title: "Memory",
      notation: "bytes",
      lines: [plain(curves.memory, [], "resident")],
    },
  ];
  return html`<div class="charts">${charts.map(chartView)}</div>`;
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
