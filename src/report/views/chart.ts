/**
 * A chart of curves over epochs as SVG that fits any width: places are percentages, so that lines and
 * letters keep their size. The plot's curves stand in a square of 1000 by 1000 that is stretched over it.
 */
import type { Point } from "../series.js";
import { html, type Markup } from "../../markup/markup.js";
import { epochTicks, scaleOf, tickText, valueText, type Notation } from "../ticks.js";

export interface Line {
  readonly name: string;
  /** How it is drawn: `batches` is thin and pale, and not in the legend beside a `train` line. */
  readonly kind: "batches" | "train" | "validation" | "plain";
  readonly points: readonly Point[];
  /** The value that the legend names: the last point's where left out. */
  readonly latest?: number;
}

export interface Chart {
  readonly title: string;
  readonly notation: Notation;
  readonly lines: readonly Line[];
  /** The end of the axis of epochs. */
  readonly epochs: number;
  readonly size: "large" | "small";
  /** Values that the scale reaches in any case, and those that it never passes. */
  readonly reach?: { readonly low?: number; readonly high?: number };
}

/** Width and height of the square in which curves are given. */
const side = 1000;

/** The chart with its title, its legend and its axes; says so where there is nothing to draw yet. */
export function chartView(chart: Chart): Markup {
  const { title, lines, size } = chart;
  const drawn = lines.filter(({ points }) => points.length > 0);
  return html`<figure class="chart ${size}">
    <figcaption>
      <h3>${title}</h3>
      ${legend(chart, drawn)}
    </figcaption>
    ${drawn.length === 0 ? html`<p class="none">nothing yet</p>` : plot(chart, drawn)}
  </figure>`;
}

function legend({ notation, size }: Chart, drawn: readonly Line[]): Markup {
  const named = drawn.filter(({ kind }) => kind !== "batches" || drawn.length === 1);
  const entries = named.map(({ name, kind, points, latest = points.at(-1)?.y ?? NaN }) => {
    const value = valueText(latest, notation);
    const swatch = size === "large" && html`<i class="swatch ${kind}"></i>`;
    return html`<li>${swatch}${name} <b>${value}</b></li>`;
  });
  return html`<ul class="legend">
    ${entries}
  </ul>`;
}

function plot(chart: Chart, drawn: readonly Line[]): Markup {
  const { title, notation, epochs, size } = chart;
  const [low, high] = rangeOf(chart, drawn);
  const scale = scaleOf(low, high, size === "large" ? 5 : 3);
  const top = Math.min(scale.high, chart.reach?.high ?? Infinity);
  const height = (value: number): number => (top - value) / (top - scale.low);
  const ticks = scale.ticks.filter((tick) => tick <= top);
  return html`<svg
    class="plot"
    role="img"
    tabindex="0"
    aria-label="${description(chart, drawn)}"
    data-title="${title}"
    data-notation="${notation}"
    data-low="${scale.low}"
    data-high="${top}"
    data-epochs="${epochs}"
  >
    ${ticks.map((tick) => horizontal(percent(height(tick)), tickText(tick, notation)))}
    ${epochTicks(epochs, size === "large" ? 8 : 4).map((tick) => epochMark(tick, epochs))}
    <text class="axis" x="100%" y="100%" dy="32" text-anchor="end">epoch</text>
    <svg
      class="curves"
      width="100%"
      height="100%"
      viewBox="0 0 ${side} ${side}"
      preserveAspectRatio="none"
    >
      ${drawn.map((line) => curve(line, epochs, height))}
    </svg>
    ${drawn.map((line) => dots(line, epochs, height))}
  </svg>`;
}

/** What a reader who does not see the curves is told. */
function description({ title, notation }: Chart, drawn: readonly Line[]): string {
  const ends = drawn.map(
    ({ name, points, latest = points.at(-1)?.y ?? NaN }) =>
      `${name} ${valueText(latest, notation)}`,
  );
  return `${title} over epochs; now ${ends.join(", ")}`;
}

function horizontal(y: string, text: string): Markup {
  return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}" />
    <text class="axis" x="-8" y="${y}" dy="4" text-anchor="end">${text}</text>`;
}

function epochMark(tick: number, epochs: number): Markup {
  const x = percent(tick / epochs);
  return html`<line class="mark" x1="${x}" x2="${x}" y1="100%" y2="100%" />
    <text class="axis" x="${x}" y="100%" dy="17" text-anchor="middle">${tick}</text>`;
}

function curve({ name, kind, points }: Line, epochs: number, height: Height): Markup {
  const places = points.map(({ x, y }) => `${rounded(x / epochs)},${rounded(height(y))}`);
  return html`<polyline class="curve ${kind}" data-name="${name}" points="${places.join(" ")}" />`;
}

/** A dot per epoch where there are few; a line of one point would not be seen otherwise. */
function dots({ kind, points }: Line, epochs: number, height: Height): Markup | undefined {
  const wanted = kind === "batches" || kind === "plain" ? points.length === 1 : points.length <= 40;
  if (!wanted) return undefined;
  return html`${points.map(
    ({ x, y }) =>
      html`<circle
        class="dot ${kind}"
        cx="${percent(x / epochs)}"
        cy="${percent(height(y))}"
        r="2.5"
      />`,
  )}`;
}

type Height = (value: number) => number;

/**
 * What the axis must cover: the curves, of the noisy ones without their hundredth of highest values,
 * so that one bad batch does not press everything else flat.
 */
function rangeOf(
  { notation, reach = {} }: Chart,
  drawn: readonly Line[],
): readonly [number, number] {
  const values = drawn.flatMap(({ kind, points }) => {
    const sorted = points.map(({ y }) => y).sort((a, b) => a - b);
    return kind === "batches"
      ? sorted.slice(0, Math.max(1, Math.ceil(sorted.length * 0.99)))
      : sorted;
  });
  const low = values.reduce((least, value) => Math.min(least, value), reach.low ?? Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const top = Math.min(high, reach.high ?? Infinity);
  // So narrow a range of shares would make chance look like a change.
  return notation === "share" ? [Math.max(0, Math.min(low, top - 0.05)), top] : [low, top];
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

function rounded(share: number): number {
  return Number((share * side).toFixed(1));
}
