/**
 * The gradient of a max pool on blocked maps, without indices. A pool is one along the columns of each row
 * and then one along the rows, and the first largest element of a window, row by row, is the first largest
 * of the first row that holds it; so the gradient goes back through the one and then the other. Along one
 * axis, tap by tap, the windows whose element is the largest, and that no tap before has served, hand over
 * their dy; the taps that reach one residue modulo the stride (a phase) are added, and the phases interleave.
 */
import type { Pool } from "../../../passes/program/primitives.js";
import { pooledShape } from "../../../passes/program/reductions.js";
import type { Shape } from "../../../passes/program/value-type.js";
import type { Emitted, Emitter } from "../emitter.js";
import { axis, blockedView } from "../form.js";
import { interleave } from "./interleave.js";
import { poolAttributes } from "./pool-attributes.js";
import { operand, type Place } from "./row.js";

/** More taps than these along an axis are faster by the runtime's indices. */
const mostTaps = 5;

/** Beyond this slope every difference of two float32 but the smallest counts as one. */
const steepest = 3e38;

/** A pool along one axis of blocked maps: 0 is the rows, 1 the columns. */
interface LinePool extends Pool {
  readonly along: 0 | 1;
  /** The shape of the map. */
  readonly shape: Shape;
}

/** One element of a window, and where what it hands over goes. */
interface Tap {
  readonly at: number;
  readonly phase: number;
  /** How many elements before its window's own, in its phase, it lies. */
  readonly shift: number;
  /** Zeros beyond the windows' last, so that the phase has its extent. */
  readonly far: number;
}

/** Undefined where there are many taps, or one would reach a window from behind. */
export function blockedMaxPoolGradient(place: Place<"maxPoolGradient">): Emitted | undefined {
  const { e, g, attributes, type } = place;
  const columns = alongAxis(attributes, 1, type.shape);
  const rows = alongAxis(attributes, 0, pooledShape(type.shape, columns));
  const taps = [tapsOf(rows), tapsOf(columns)] as const;
  if (taps.some((each) => each.length > mostTaps)) return undefined;
  if (taps.flat().some(({ shift, far }) => shift < 0 || far < 0)) return undefined;

  const x = e.blocked(operand(place));
  const between = g.blocked("MaxPool", [x], poolAttributes(columns, columns.shape));
  const largest = g.blocked("MaxPool", [between], poolAttributes(rows, rows.shape));
  const dy = e.blocked(operand(place, 1));
  const passed = gradientAlong(e, rows, taps[0], between, largest, dy);
  return { form: "blocked", value: gradientAlong(e, columns, taps[1], x, between, passed) };
}

function alongAxis({ kernel, stride, padding }: Pool, along: 0 | 1, shape: Shape): LinePool {
  const only = <T>(of: readonly [T, T], other: T): readonly [T, T] =>
    along === 0 ? [of[0], other] : [other, of[1]];
  return {
    along,
    shape,
    kernel: only(kernel, 1),
    stride: only(stride, 1),
    padding: only(padding, [0, 0]),
  };
}

/** The taps of a window. Element s j + u - p is (s i + a) with i = j + (u - p - a) / s. */
function tapsOf({ along, kernel, stride, padding, shape }: LinePool): Tap[] {
  const [s, before] = [stride[along], padding[along][0]];
  const extent = Math.ceil(axis(shape, along + 2) / s);
  const windows = axis(pooledShape(shape, { kernel, stride, padding }), along + 2);
  return Array.from({ length: kernel[along] }, (_, at) => {
    const from = at - before;
    const phase = ((from % s) + s) % s;
    const shift = (phase - from) / s;
    return { at, phase, shift, far: extent + shift - windows };
  });
}

/** @returns the gradient by `x`, a blocked map of the pool's shape. */
function gradientAlong(
  e: Emitter,
  pool: LinePool,
  taps: readonly Tap[],
  x: string,
  largest: string,
  dy: string,
): string {
  const { shape, stride, along } = pool;
  if (taps.length === 1 && stride[along] === 1) return dy;
  const shares = handOver(e, pool, taps, x, largest, dy);
  const extent = Math.ceil(axis(shape, along + 2) / stride[along]);
  const dims = shape.with(along + 2, extent);
  const parts = Array.from({ length: stride[along] }, (_, phase) => {
    let sum: string | undefined;
    for (const [i, tap] of taps.entries()) {
      if (tap.phase === phase) sum = moved(e, shares[i] ?? "", pool, tap, sum);
    }
    return sum ?? e.graph.node("Expand", [e.graph.scalar(0), e.graph.integers(dims)]);
  });
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return interleave(e, parts, stride, [axis(dims, 2), axis(dims, 3)], shape);
}

/** For every tap what it hands over, window by window: dy where it is the first largest, else 0. */
function handOver(
  { graph: g, block = 1 }: Emitter,
  pool: LinePool,
  taps: readonly Tap[],
  x: string,
  largest: string,
  dy: string,
): readonly string[] {
  const { shape, along } = pool;
  const channels = axis(shape, 1);
  const given = { ...poolAttributes(pool, shape), group: channels };
  const windows = pooledShape(shape, pool);
  let left = dy;
  return taps.map(({ at }, index) => {
    const choice = oneHot(g, channels, block, pool.kernel[along], at);
    const kernel = g.view(choice, [channels, 1, ...pool.kernel]);
    const element = g.blocked("Conv", [x, kernel], given);
    const wins = g.node("HardSigmoid", [g.node("Sub", [element, largest])], {
      alpha: { float: steepest },
      beta: { float: 1 },
    });
    const inside = insideMask(g, pool, at);
    const counts =
      inside === undefined
        ? wins
        : g.view(g.node("Mul", [g.view(wins, blockedView(windows, block)), inside]), windows);
    const share = g.node("Mul", [counts, left]);
    if (index < taps.length - 1) left = g.node("Sub", [left, share]);
    return share;
  });
}

/** A blocked depthwise kernel, (C / b, taps, b), that gives the one element at `at`. */
function oneHot(
  g: Emitter["graph"],
  channels: number,
  block: number,
  taps: number,
  at: number,
): string {
  const values = Float32Array.from({ length: channels * taps }, (_, place) =>
    Math.floor(place / block) % taps === at ? 1 : 0,
  );
  return g.constant("float32", [channels, 1, taps], values, "one-hot");
}

/**
 * 1 for every window whose element at `at` is of the map and 0 for padding, which never wins,
 * (1, 1, rows * columns, 1); undefined where it is of the map in all windows.
 */
function insideMask(g: Emitter["graph"], pool: LinePool, at: number): string | undefined {
  const { along, stride, padding, shape } = pool;
  const [rows, columns] = pooledShape(shape, pool).slice(2) as [number, number];
  const mask = Float32Array.from({ length: rows * columns }, (_, window) => {
    const j = along === 0 ? Math.floor(window / columns) : window % columns;
    const place = j * stride[along] + at - padding[along][0];
    return place >= 0 && place < axis(shape, along + 2) ? 1 : 0;
  });
  if (mask.every((value) => value === 1)) return undefined;
  return g.constant("float32", [1, 1, mask.length, 1], mask, "inside");
}

/** Element i of the result is element i + shift of `share`, zeros beyond; plus `sum`. */
function moved(
  { graph: g, block = 1 }: Emitter,
  share: string,
  { shape, along }: LinePool,
  { shift, far }: Tap,
  sum: string | undefined,
): string {
  const channels = axis(shape, 1);
  const pair = (of: number, other: number): number[] => (along === 0 ? [of, other] : [other, of]);
  const shifted = (): string => {
    const dims = [channels, 1, ...pair(shift + 1, 1)];
    const choice = g.view(oneHot(g, channels, block, shift + 1, shift), dims);
    const given = { group: channels, kernel_shape: pair(shift + 1, 1) };
    return g.blocked("Conv", [share, choice], { ...given, pads: [0, 0, ...pair(far, 0)] });
  };
  const placed = shift === 0 && far === 0 ? share : shifted();
  return sum === undefined ? placed : g.node("Add", [placed, sum]);
}
