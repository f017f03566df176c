/**
 * Steps, the functions that extents are made of, at a number: their value, and where they reach a
 * value. Both are exact as long as sizes and results are safe integers, whatever happens in
 * between.
 */
import { ceilDivide, floorDivide } from "./integers.js";

/** x -> floor((multiplier * x + offset) / divisor), with multiplier and divisor at least 1. */
export interface Step {
  readonly multiplier: number;
  readonly offset: number;
  readonly divisor: number;
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
