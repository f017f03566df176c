/**
 * The value of an extent at a size, and the size at which it reaches a value. Both are exact as long
 * as sizes and results are safe integers, whatever happens in between.
 */
import type { Extent, Step } from "./extent.js";
import { ceilDivide, floorDivide } from "./integers.js";

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

/** The steps' value at x. A result beyond the safe integers is rounded to the nearest number. */
export function evaluateSteps(steps: readonly Step[], x: number): number {
  let value = x;
  for (const { multiplier, offset, divisor } of steps) {
    const product = multiplier * value;
    const sum = product + offset;
    if (!Number.isSafeInteger(product) || !Number.isSafeInteger(sum)) {
      return evaluateLargeSteps(steps, x);
    }
    // A quotient of safe integers never rounds up to a whole number, so its floor is exact.
    value = Math.floor(sum / divisor);
  }
  return value;
}

function evaluateLargeSteps(steps: readonly Step[], x: number): number {
  if (!Number.isFinite(x)) return x;
  let value = BigInt(x);
  for (const { multiplier, offset, divisor } of steps) {
    value = floorDivide(BigInt(multiplier) * value + BigInt(offset), BigInt(divisor));
  }
  return Number(value);
}

/**
 * The smallest x at which the steps' value is at least `value`. Every step has an exact inverse:
 * floor((m x + a) / b) >= v is the same as x >= ceil((b v - a) / m).
 */
export function firstReaching(steps: readonly Step[], value: number): number {
  let x = value;
  for (let index = steps.length - 1; index >= 0; index--) {
    const { multiplier, offset, divisor } = steps[index] as Step;
    const product = divisor * x;
    const difference = product - offset;
    if (!Number.isSafeInteger(product) || !Number.isSafeInteger(difference)) {
      return firstReachingLarge(steps, value);
    }
    x = Math.ceil(difference / multiplier);
  }
  return x;
}

function firstReachingLarge(steps: readonly Step[], value: number): number {
  if (!Number.isFinite(value)) return value;
  let x = BigInt(value);
  for (const { multiplier, offset, divisor } of [...steps].reverse()) {
    x = ceilDivide(BigInt(divisor) * x - BigInt(offset), BigInt(multiplier));
  }
  return Number(x);
}
