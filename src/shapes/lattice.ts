/**
 * The first whole number at which two lines, rounded down, differ: found by continued fractions in as many
 * turns as their coefficients have digits, however far away it is.
 */
import { ceilDivide, floorDivide } from "./integers.js";

/** x -> (rise * x + offset) / run, with rise >= 0 and run >= 1. */
export interface Line {
  readonly rise: bigint;
  readonly offset: bigint;
  readonly run: bigint;
}

/**
 * The smallest whole x >= `from` with floor(left(x)) != floor(right(x)); undefined where there is none.
 * Rounded down, two lines differ just where a whole number lies in (lower, higher].
 */
export function firstParting(left: Line, right: Line, from: bigint): bigint | undefined {
  const [one, other] = [begunAt(left, from), begunAt(right, from)];
  const found = [firstBetween(above(one), other), firstBetween(above(other), one)].filter(
    (x) => x !== undefined,
  );
  const [first, second] = found;
  if (first === undefined) return undefined;
  return from + (second !== undefined && second < first ? second : first);
}

function begunAt({ rise, offset, run }: Line, from: bigint): Line {
  return { rise, offset: offset + rise * from, run };
}

/** For whole y and x, y > line(x) is the same as y >= above(line)(x). */
function above({ rise, offset, run }: Line): Line {
  return { rise, offset: offset + 1n, run };
}

function sheared({ rise, offset, run }: Line, by: bigint): Line {
  return { rise: rise - by * run, offset, run };
}

/**
 * The smallest whole x >= 0 for which a whole number y has low(x) <= y <= high(x).
 *
 * Subtracting k x from y, for k the whole part of the lower slope, changes no x. Where the band then only
 * narrows, or only widens, the answer is direct. Else both slopes are in (0, 1): the band rises, its first
 * x is at its first y, and to find that is the same question with the axes changed, of the reciprocal
 * slopes: Euclid's algorithm.
 */
function firstBetween(low: Line, high: Line): bigint | undefined {
  const lowest = ceilDivide(low.offset, low.run);
  if (lowest <= floorDivide(high.offset, high.run)) return 0n;
  const whole = floorDivide(low.rise, low.run);
  const [lower, upper] = [sheared(low, whole), sheared(high, whole)];
  if (upper.rise <= 0n) return undefined;
  if (lower.rise === 0n) return firstWidening(lower, upper);
  if (upper.rise >= upper.run) return firstWidening(sheared(lower, 1n), sheared(upper, 1n));
  const after = (line: Line): Line => ({
    rise: line.run,
    offset: line.run * lowest - line.offset,
    run: line.rise,
  });
  const y = firstBetween(after(upper), after(lower));
  if (y === undefined) return undefined;
  return ceilDivide(upper.run * (lowest + y) - upper.offset, upper.rise);
}

/**
 * The same for a band that widens: `low` never rises and `high` never falls. The higher y is, the sooner
 * low comes down to it and the later high comes up to it; the best y is where the two change places.
 */
function firstWidening(low: Line, high: Line): bigint | undefined {
  const fallsTo = (y: bigint): bigint | undefined => {
    if (low.offset <= y * low.run) return 0n;
    return low.rise === 0n ? undefined : ceilDivide(low.offset - y * low.run, -low.rise);
  };
  const risesTo = (y: bigint): bigint | undefined => {
    if (high.offset >= y * high.run) return 0n;
    return high.rise === 0n ? undefined : ceilDivide(y * high.run - high.offset, high.rise);
  };
  const latest = (y: bigint): bigint | undefined => {
    const [fall, rise] = [fallsTo(y), risesTo(y)];
    if (fall === undefined || rise === undefined) return undefined;
    return fall > rise ? fall : rise;
  };
  let [below, best] = [floorDivide(high.offset, high.run), ceilDivide(low.offset, low.run)];
  while (best - below > 1n) {
    const middle = (below + best) / 2n;
    const [fall, rise] = [fallsTo(middle), risesTo(middle)];
    const hasFallen = fall !== undefined && (rise === undefined || fall <= rise);
    if (hasFallen) best = middle;
    else below = middle;
  }
  const [one, other] = [latest(below), latest(best)];
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
