/**
 * Extents: the sizes of a feature map's spatial axes, as numbers or as exact functions of one
 * symbolic input size. Windows map an extent x to floor((x + a) / b), upsampling to k * x; both are
 * steps x -> floor((m x + a) / b), and a composition of steps is kept in a normal form in which two
 * steps stand side by side only where they cannot be joined. A chain of convolutions and pools is
 * therefore always the single step floor((H + a) / b).
 */
import { appendStep, sameSteps } from "./normal-form.js";
import { evaluateSteps, type Step } from "./step.js";

/**
 * A function of one input symbol: its steps, innermost first. No step at all is the symbol itself.
 */
export interface SymbolicExtent {
  readonly symbol: string;
  readonly steps: readonly Step[];
}

/**
 * A size in pixels. Numbers are exact up to 2^53 - 1; a larger one has been rounded, and nothing
 * should be computed from it.
 */
export type Extent = number | SymbolicExtent;

/** The input size that a symbol stands for. */
export function symbolExtent(symbol: string): SymbolicExtent {
  return { symbol, steps: [] };
}

/**
 * floor((multiplier * extent + offset) / divisor): a number where the extent is one, else a
 * symbolic extent in normal form. Never throws; steps whose joined coefficients would leave the
 * safe integers stay side by side, which changes no value.
 */
export function applyStep(extent: Extent, step: Step): Extent {
  if (typeof extent === "number") return evaluateSteps([step], extent);
  return { symbol: extent.symbol, steps: appendStep(extent.steps, step) };
}

/**
 * The extent at the given size of its symbol (or at the sizes of several, by symbol).
 * @throws RangeError where the map lacks the extent's symbol.
 */
export function extentAt(extent: Extent, sizes: ReadonlyMap<string, number> | number): number {
  if (typeof extent === "number") return extent;
  const size = typeof sizes === "number" ? sizes : sizes.get(extent.symbol);
  if (size === undefined) throw new RangeError(`No size is given for ${extent.symbol}.`);
  return evaluateSteps(extent.steps, size);
}

/**
 * Whether two extents are written alike in normal form. Equal functions may still be written apart.
 */
export function sameExtent(left: Extent, right: Extent): boolean {
  if (typeof left === "number" || typeof right === "number") return left === right;
  return left.symbol === right.symbol && sameSteps(left.steps, right.steps);
}
