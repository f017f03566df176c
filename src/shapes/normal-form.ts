/**
 * The normal form of a composition of steps: lowest terms, no identities, and two steps side by
 * side only where the outer one multiplies and the inner one divides. Two forms of one function may
 * still differ; `decideEqual` tells.
 */
import { gcd } from "./integers.js";
import type { Step } from "./step.js";

/** Steps in normal form, followed by one more, in normal form. */
export function appendStep(steps: readonly Step[], step: Step): readonly Step[] {
  let kept = steps.length;
  let outer = inLowestTerms(step);
  while (!isIdentity(outer)) {
    const inner = steps[kept - 1];
    if (inner === undefined) return [outer];
    const joined = join(inner, outer);
    if (joined === undefined) return [...steps.slice(0, kept - 1), ...carry(inner, outer)];
    outer = inLowestTerms(joined);
    kept -= 1;
  }
  return steps.slice(0, kept);
}

/** Whether two compositions in normal form are made of the same steps. */
export function sameSteps(left: readonly Step[], right: readonly Step[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((step, index) => {
    const other = right[index];
    return (
      step.multiplier === other?.multiplier &&
      step.offset === other.offset &&
      step.divisor === other.divisor
    );
  });
}

/** floor((g m x + a) / (g b)) = floor((m x + floor(a / g)) / b), as g m x is a multiple of g. */
function inLowestTerms(step: Step): Step {
  const common = gcd(step.multiplier, step.divisor);
  if (common === 1) return step;
  return {
    multiplier: step.multiplier / common,
    offset: Math.floor(step.offset / common),
    divisor: step.divisor / common,
  };
}

function isIdentity(step: Step): boolean {
  return step.multiplier === 1 && step.offset === 0 && step.divisor === 1;
}

/**
 * One step that does what two do, where there is one:
 * floor((floor((m x + a) / b) + a') / b') = floor((m x + a + a' b) / (b b')), and
 * floor((m' (m x + a) + a') / b') = floor((m' m x + m' a + a') / b').
 */
function join(inner: Step, outer: Step): Step | undefined {
  if (outer.multiplier === 1) {
    return exactly({
      multiplier: inner.multiplier,
      offset: [inner.offset, outer.offset, inner.divisor],
      divisor: inner.divisor * outer.divisor,
    });
  }
  if (inner.divisor === 1) {
    return exactly({
      multiplier: outer.multiplier * inner.multiplier,
      offset: [outer.offset, outer.multiplier, inner.offset],
      divisor: outer.divisor,
    });
  }
  return undefined;
}

/**
 * Two steps that cannot be joined, with the inner offset brought into 0 … b - 1: whole multiples of
 * b pass through the inner floor and are added to the outer offset, so that 2 * floor((x + 2) / 2)
 * - 2 and 2 * floor(x / 2) are written alike.
 */
function carry(inner: Step, outer: Step): readonly [Step, Step] {
  const whole = Math.floor(inner.offset / inner.divisor);
  const moved = exactly({ ...outer, offset: [outer.offset, outer.multiplier, whole] });
  if (whole === 0 || moved === undefined) return [inner, outer];
  return [{ ...inner, offset: inner.offset - whole * inner.divisor }, moved];
}

/** The step with offset a + b * c for the triple [a, b, c]; undefined if a number was rounded. */
function exactly(step: {
  readonly multiplier: number;
  readonly offset: readonly [number, number, number];
  readonly divisor: number;
}): Step | undefined {
  const { multiplier, divisor } = step;
  const [base, factor, count] = step.offset;
  const offset = base + factor * count;
  const numbers = [multiplier, divisor, factor * count, offset];
  return numbers.every(Number.isSafeInteger) ? { multiplier, offset, divisor } : undefined;
}
