/**
 * Exact whole-number arithmetic for extents and domains. What takes and gives numbers is exact on
 * safe integers; what may leave them takes and gives bigints.
 */

/** The largest size that is told apart from its neighbours: 2^53 - 1. */
export const LARGEST_SIZE = Number.MAX_SAFE_INTEGER;

/** The greatest common divisor of two whole numbers >= 0. */
export function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function gcdOf(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** The least common multiple of two whole numbers >= 1. */
export function lcm(a: bigint, b: bigint): bigint {
  return (a / gcdOf(a, b)) * b;
}

/** a / b in lowest terms, for a and b >= 1. */
export function lowestTerms(a: bigint, b: bigint): readonly [bigint, bigint] {
  const common = gcdOf(a, b);
  return [a / common, b / common];
}

/** floor(a / b), for b >= 1. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** ceil(a / b), for b >= 1. */
export function ceilDivide(a: bigint, b: bigint): bigint {
  return -floorDivide(-a, b);
}

/** The remainder of a in 0 … b - 1, for b >= 1. */
export function modulo(a: bigint, b: bigint): bigint {
  const remainder = a % b;
  return remainder < 0n ? remainder + b : remainder;
}

/** The numbers that leave `remainder` (0 … modulus - 1) when divided by `modulus`. */
export interface Residue {
  readonly modulus: bigint;
  readonly remainder: bigint;
}

/**
 * All x with factor x = target (mod modulus), as one residue class; undefined where there is none.
 */
export function solveCongruence(
  factor: bigint,
  target: bigint,
  modulus: bigint,
): Residue | undefined {
  // Extended Euclid: at every turn, before = factor * coefficient (mod modulus).
  let [before, rest] = [modulo(factor, modulus), modulus];
  let [coefficient, next] = [1n, 0n];
  while (rest !== 0n) {
    const quotient = before / rest;
    [before, rest] = [rest, before - quotient * rest];
    [coefficient, next] = [next, coefficient - quotient * next];
  }
  if (target % before !== 0n) return undefined;
  const reduced = modulus / before;
  return { modulus: reduced, remainder: modulo((target / before) * coefficient, reduced) };
}
