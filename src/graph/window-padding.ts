/**
 * How a window with symmetric padding is said in tf.layers, which know only 'valid' and 'same'.
 * Decided per axis, for one extent or for all that a symbolic one takes, and never approximately.
 *
 * 'same' pads max((ceil(x / s) - 1) s + d (k - 1) + 1 - x, 0) in total, the smaller half before
 * (TensorFlow's convention).
 */
import type { Pair } from "../ops/attributes.js";
import { windowExtent } from "../ops/window-extent.js";
import type { Extent, TensorType } from "../shapes/index.js";

/** One axis of a convolution or pool. */
export interface AxisWindow {
  readonly extent: Extent;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly ceil: boolean;
}

/** Rows before the first and after the last. */
export type Sides = readonly [number, number];

function reachOf({ kernel, dilation }: AxisWindow): number {
  return dilation * (kernel - 1) + 1;
}

function extentAfter(window: AxisWindow, extent: number): number {
  const { kernel, stride, padding, dilation, ceil } = window;
  return Number(windowExtent(extent, kernel, stride, padding, dilation, ceil));
}

/**
 * The extents that decide a question about `window`: the one there is, or one of every residue modulo
 * the stride, since both conventions depend on a symbolic extent by its residue alone.
 */
function decidingExtents(window: AxisWindow): readonly number[] {
  if (typeof window.extent === "number") return [window.extent];
  const base = window.stride * (reachOf(window) + window.padding);
  return Array.from({ length: window.stride }, (_, residue) => base + residue);
}

/** Whether 'valid' computes exactly this window. */
export function isValid(window: AxisWindow): boolean {
  if (window.padding !== 0) return false;
  return decidingExtents(window).every(
    (x) => extentAfter(window, x) === Math.floor((x - reachOf(window)) / window.stride) + 1,
  );
}

/** Whether 'same' computes exactly this window. */
export function isSame(window: AxisWindow): boolean {
  const { stride, padding } = window;
  return decidingExtents(window).every((x) => {
    const out = Math.ceil(x / stride);
    const total = Math.max((out - 1) * stride + reachOf(window) - x, 0);
    return extentAfter(window, x) === out && Math.floor(total / 2) === padding;
  });
}

/**
 * Rows of zeros after which 'valid' computes this window; undefined where their number depends on a
 * symbolic extent.
 */
export function zeroSides(window: AxisWindow): Sides | undefined {
  const { extent, stride, padding, ceil } = window;
  if (!ceil) return [padding, padding];
  if (typeof extent !== "number") {
    // ceil(n / s) = floor((n + s - 1) / s); no window begins behind the map that is left out, if that is less than one.
    const more = stride - 1;
    return padding + more < reachOf(window) ? [padding, padding + more] : undefined;
  }
  const end = (extentAfter(window, extent) - 1) * stride + reachOf(window);
  return [padding, Math.max(end - extent - padding, 0)];
}

/**
 * What to crop from the same window at stride 1 with 'same' so that every stride-th row, from the
 * first, is this window's output; undefined where its windows do not all lie among those rows.
 */
export function croppedSides(window: AxisWindow): Sides | undefined {
  const { extent, stride, padding, ceil } = window;
  const around = reachOf(window) - 1;
  const before = Math.floor(around / 2);
  const first = before - padding;
  const last =
    typeof extent === "number"
      ? extent - 1 - ((extentAfter(window, extent) - 1) * stride + first)
      : ceil
        ? -1
        : around - before - padding;
  return first < 0 || last < 0 ? undefined : [first, last];
}

/** Of both axes of a map, rows first. */
export type MapWindow = readonly [AxisWindow, AxisWindow];

/** The axes of a window over a map of this type. @throws RangeError where it is a vector. */
export function mapWindow(
  type: TensorType,
  window: { readonly kernel: Pair; readonly stride: Pair; readonly padding: Pair },
  dilation: Pair,
  ceil: boolean,
): MapWindow {
  const along = (axis: 0 | 1): AxisWindow => {
    const extent = type.spatial[axis];
    if (extent === undefined) throw new RangeError("a window over a vector");
    return {
      extent,
      kernel: window.kernel[axis],
      stride: window.stride[axis],
      padding: window.padding[axis],
      dilation: dilation[axis],
      ceil,
    };
  };
  return [along(0), along(1)];
}

/** 'valid' or 'same' where one of them is exact already. */
export function exactMode(windows: MapWindow): "valid" | "same" | undefined {
  if (windows.every(isValid)) return "valid";
  return windows.every(isSame) ? "same" : undefined;
}

/** Of both axes of a map, rows first, in the form that layers take. */
export type BothSides = [[number, number], [number, number]];

/** What `sides` says of both axes; undefined where it is not known of one. */
export function bothSides(
  windows: MapWindow,
  sides: (window: AxisWindow) => Sides | undefined,
): BothSides | undefined {
  const rows = sides(windows[0]);
  const columns = sides(windows[1]);
  if (rows === undefined || columns === undefined) return undefined;
  return [
    [rows[0], rows[1]],
    [columns[0], columns[1]],
  ];
}
