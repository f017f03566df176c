/** The scale of an axis: round numbers that cover a range, and how they are written. */
import { bytes, pace } from "../diagnostics/numbers.js";

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** Round steps of 1, 2 or 5 times a power of ten, about `count` of them, that cover the range. */
export function scaleOf(low: number, high: number, count: number): Scale {
  const room = high - low || Math.abs(high) * 0.1 || 1;
  const step = roundStep(room / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10;
  return factor * power;
}

/** Ticks of an axis of epochs: whole numbers from 0 to `epochs`, at most about `count`. */
export function epochTicks(epochs: number, count: number): readonly number[] {
  const step = Math.max(1, roundStep(epochs / count));
  const ticks = [];
  for (let tick = 0; tick <= epochs; tick += step) ticks.push(tick);
  return ticks;
}

/** How the values of a curve are written. */
export type Notation = "number" | "share" | "bytes" | "pace";

/** A value on an axis: as short as it can be told from its neighbours. */
export function tickText(value: number, notation: Notation): string {
  switch (notation) {
    case "share":
      return `${Number((value * 100).toPrecision(6))}%`;
    case "bytes":
      return bytes(Math.round(value)).replace(/\.0+ /, " ");
    case "pace":
      return value === 0 ? "0" : short(value);
    case "number":
      return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(0) : short(value);
  }
}

/** A value by itself, in the digits that a reader can use. */
export function valueText(value: number, notation: Notation): string {
  switch (notation) {
    case "share":
      return `${(value * 100).toFixed(1)}%`;
    case "bytes":
      return bytes(Math.round(value));
    case "pace":
      return value > 0 ? pace(value) : "0";
    case "number":
      return decimal(value);
  }
}

/** A loss or a rate: 2.303, 0.0412, 1.0e-6. */
export function decimal(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < 1e-4) return value.toExponential(1);
  return Math.abs(value) < 0.1 ? String(Number(value.toPrecision(3))) : value.toFixed(3);
}

function short(value: number): string {
  return Math.abs(value) >= 10_000
    ? `${Number((value / 1000).toPrecision(4))}k`
    : String(Number(value.toPrecision(6)));
}
