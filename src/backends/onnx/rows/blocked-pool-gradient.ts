/**
 * The gradient of a small max pool on blocked maps, without indices: tap by tap, row by row, the windows
 * whose element is the largest, and that no tap before has served, hand over their dy; the taps that reach
 * one residue of a row and a column modulo the stride (a phase) are added, and the phases interleave.
 */
import { pooledShape } from "../../../passes/program/reductions.js";
import type { Shape } from "../../../passes/program/value-type.js";
import type { Emitted, Emitter } from "../emitter.js";
import { axis } from "../form.js";
import { interleave } from "./interleave.js";
import { poolAttributes } from "./pool-attributes.js";
import { operand, type Place } from "./row.js";

/** More taps than these are faster by the runtime's indices. */
const mostTaps = 9;

/** Beyond this slope every difference of two float32 but the smallest counts as one. */
const steepest = 3e38;

/** One element of a window, and where what it hands over goes. */
interface Tap {
  readonly at: readonly [number, number];
  readonly phase: readonly [number, number];
  /** How many elements before its window's own, in its phase, it lies. */
  readonly shift: readonly [number, number];
}

/** Undefined where there are many taps, or one would reach a window from behind. */
export function blockedMaxPoolGradient(place: Place<"maxPoolGradient">): Emitted | undefined {
  const { e, attributes, type } = place;
  const { kernel, stride } = attributes;
  if (kernel[0] * kernel[1] > mostTaps) return undefined;
  const [height, width] = [axis(type.shape, 2), axis(type.shape, 3)];
  const extents = [Math.ceil(height / stride[0]), Math.ceil(width / stride[1])] as const;
  const windows = pooledShape(type.shape, attributes).slice(2);
  const taps = tapsOf(place);
  const far = taps.map(({ shift }) =>
    shift.map((by, i) => axis(extents, i) + by - axis(windows, i)),
  );
  const behind = [...taps.flatMap(({ shift }) => shift), ...far.flat()].some((by) => by < 0);
  if (behind) return undefined;

  const shares = handOver(place, taps);
  const parts: string[] = [];
  for (let a = 0; a < stride[0]; a++) {
    for (let b = 0; b < stride[1]; b++) {
      let sum: string | undefined;
      for (const [i, tap] of taps.entries()) {
        if (tap.phase[0] !== a || tap.phase[1] !== b) continue;
        sum = moved(e, shares[i] ?? "", type.shape, tap.shift, far[i] ?? [], sum);
      }
      const nothing = (): string => {
        const dims = [axis(type.shape, 0), axis(type.shape, 1), ...extents];
        return e.graph.zeros(dims);
      };
      parts.push(sum ?? nothing());
    }
  }
  const [only] = parts;
  const whole =
    parts.length === 1 && only !== undefined
      ? only
      : interleave(e, parts, stride, extents, type.shape);
  return { form: "blocked", value: whole };
}

/** The taps of a window, row by row. Element s j + u - p is (s i + a) with i = j + (u - p - a) / s. */
function tapsOf({ attributes: { kernel, stride, padding } }: Place<"maxPoolGradient">): Tap[] {
  const along = (u: number, i: 0 | 1): { phase: number; shift: number } => {
    const from = u - padding[i][0];
    const phase = ((from % stride[i]) + stride[i]) % stride[i];
    return { phase, shift: -(from - phase) / stride[i] };
  };
  return Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => {
    const at = [Math.floor(tap / kernel[1]), tap % kernel[1]] as const;
    const [row, column] = [along(at[0], 0), along(at[1], 1)];
    return { at, phase: [row.phase, column.phase], shift: [row.shift, column.shift] };
  });
}

/** For every tap what it hands over, window by window: dy where it is the first largest, else 0. */
function handOver(place: Place<"maxPoolGradient">, taps: readonly Tap[]): readonly string[] {
  const { e, g, attributes } = place;
  const [x, dy] = [operand(place), operand(place, 1)];
  const windows = e.viewOf(dy);
  const given = poolAttributes(attributes, e.typeOf(x).shape);
  const largest = g.blocked("MaxPool", [e.blocked(x)], given);
  const channels = axis(e.typeOf(x).shape, 1);
  let left = e.blocked(dy);
  return taps.map(({ at }, index) => {
    const choice = oneHot(e, channels, attributes.kernel, at);
    const element = g.blocked("Conv", [e.blocked(x), choice], { ...given, group: channels });
    const wins = g.node("HardSigmoid", [g.node("Sub", [element, largest])], {
      alpha: { float: steepest },
      beta: { float: 1 },
    });
    const inside = insideMask(place, at);
    const counts =
      inside === undefined
        ? wins
        : g.view(g.node("Mul", [g.view(wins, windows), inside]), e.typeOf(dy).shape);
    const share = g.node("Mul", [counts, left]);
    if (index < taps.length - 1) left = g.node("Sub", [left, share]);
    return share;
  });
}

/** A blocked depthwise kernel, (C / b, KH, KW, b), that gives the one element at `at`. */
function oneHot(
  { graph: g, block = 1 }: Emitter,
  channels: number,
  [height, width]: readonly [number, number],
  [row, column]: readonly [number, number],
): string {
  const taps = height * width;
  const values = Float32Array.from({ length: channels * taps }, (_, place) =>
    Math.floor(place / block) % taps === row * width + column ? 1 : 0,
  );
  return g.constant("float32", [channels, 1, height, width], values, "one-hot");
}

/**
 * 1 for every window whose element at `at` is of the map and 0 for padding, which never wins,
 * (1, 1, rows * columns, 1); undefined where it is of the map in all windows.
 */
function insideMask(
  { g, type, attributes }: Place<"maxPoolGradient">,
  at: readonly [number, number],
): string | undefined {
  const { stride, padding } = attributes;
  const windows = pooledShape(type.shape, attributes).slice(2);
  const inside = ([0, 1] as const).map((i) =>
    Array.from({ length: axis(windows, i) }, (_, j) => {
      const place = j * stride[i] + at[i] - padding[i][0];
      return place >= 0 && place < axis(type.shape, i + 2) ? 1 : 0;
    }),
  ) as [number[], number[]];
  const mask = inside[0].flatMap((row) => inside[1].map((column) => row * column));
  if (mask.every((value) => value === 1)) return undefined;
  return g.constant("float32", [1, 1, mask.length, 1], Float32Array.from(mask), "inside");
}

/** Element i of the result is element i + shift of `share`, zeros beyond; plus `sum`. */
function moved(
  e: Emitter,
  share: string,
  shape: Shape,
  shift: readonly [number, number],
  far: readonly number[],
  sum: string | undefined,
): string {
  const g = e.graph;
  const still = [...shift, ...far].every((by) => by === 0);
  if (still) return sum === undefined ? share : g.node("Add", [share, sum]);
  const channels = axis(shape, 1);
  const kernel = [shift[0] + 1, shift[1] + 1] as const;
  const choice = oneHot(e, channels, kernel, shift);
  const shifted = g.blocked("Conv", [share, choice], {
    group: channels,
    kernel_shape: kernel,
    pads: [0, 0, axis(far, 0), axis(far, 1)],
  });
  return sum === undefined ? shifted : g.node("Add", [shifted, sum]);
}
