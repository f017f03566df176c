/**
 * Draws of the gamma and the beta distribution from counter-based uniforms: each a pure function of its
 * key, so that it can be repeated and resumed.
 */
import { randomKey, randomNormal, randomUniform } from "./random.js";

/**
 * The draw of Beta(alpha, alpha) that `key` has, in [0, 1], for any alpha > 0: X / (X + Y) of two gamma
 * draws. It is taken from their logarithms, as both underflow where alpha is small.
 */
export function randomBeta(key: number, alpha: number): number {
  const x = logGamma(randomKey(key, "first"), alpha);
  const y = logGamma(randomKey(key, "second"), alpha);
  // The logarithms of the boosts are compared before they are divided by alpha, or both could be infinite.
  return 1 / (1 + Math.exp(y.log - x.log + (y.boost - x.boost) / alpha));
}

/** A draw of Gamma(alpha, 1) as log + boost / alpha. */
interface LogGamma {
  readonly log: number;
  readonly boost: number;
}

/**
 * Marsaglia and Tsang 2000, "A simple method for generating gamma variables": for a >= 1, d = a - 1/3
 * and c = 1 / sqrt(9 d), d (1 + c x)^3 of a normal x is taken with probability
 * exp(x^2 / 2 + d - d v + d log v), v = (1 + c x)^3. For alpha < 1, Gamma(alpha) is Gamma(alpha + 1)
 * U^(1 / alpha) (their section 6).
 */
function logGamma(key: number, alpha: number): LogGamma {
  const boosted = alpha < 1;
  const d = (boosted ? alpha + 1 : alpha) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const boost = boosted ? Math.log(1 - randomUniform(randomKey(key, "boost"), 0)) : 0;
  const acceptance = randomKey(key, "acceptance");
  for (let attempt = 0; ; attempt++) {
    const x = randomNormal(key, attempt);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root ** 3;
    const u = 1 - randomUniform(acceptance, attempt);
    if (Math.log(u) <= x ** 2 / 2 + d - d * v + d * Math.log(v)) {
      return { log: Math.log(d) + Math.log(v), boost };
    }
  }
}
