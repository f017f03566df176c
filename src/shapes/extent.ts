/**
 * Extents: the sizes of a feature map's spatial axes, as numbers or as exact functions of one
 * symbolic input size. Windows map an extent x to floor((x + a) / b), upsampling to k * x; both are
 * steps x -> floor((m x + a) / b), and a composition of steps is kept in a normal form in which two
 * steps stand side by side only where they cannot be joined. A chain of convolutions and pools is
 * therefore always the single step floor((H + a) / b).
 */

/** x -> floor((multiplier * x + offset) / divisor), with multiplier and divisor at least 1. */
export interface Step {
  readonly multiplier: number;
  readonly offset: number;
  readonly divisor: number;
}

/** A function of one input symbol: its steps, innermost first. No step at all is the symbol itself. */
export interface SymbolicExtent {
  readonly symbol: string;
  readonly steps: readonly Step[];
}

/** A size in pixels. */
export type Extent = number | SymbolicExtent;
