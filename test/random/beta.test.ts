import { describe, expect, test } from "vitest";
import { randomBeta } from "../../src/random/beta.js";
import { randomKey } from "../../src/random/random.js";

const count = 20_000;

function draws(alpha: number): number[] {
  return Array.from({ length: count }, (_, i) => randomBeta(randomKey("draws", i), alpha));
}

/**
 * The distribution function of Beta(alpha, alpha) on a grid of angles t in [0, pi / 2]: with
 * x = sin^2 t its density is proportional to (sin t cos t)^(2 alpha - 1), and with t = (pi / 2) s^p near 0
 * there is no pole; Simpson's rule on half, the rest by symmetry.
 */
function distribution(alpha: number): (x: number) => number {
  const steps = 20_000;
  const power = Math.max(1, Math.ceil(3 / alpha));
  const integrand = (s: number): number => {
    if (s === 0) return 0;
    const t = (Math.PI / 4) * s ** power;
    return (Math.sin(t) * Math.cos(t)) ** (2 * alpha - 1) * power * s ** (power - 1);
  };
  const sums = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++) {
    const [a, b] = [i / steps, (i + 1) / steps];
    const area = (integrand(a) + 4 * integrand((a + b) / 2) + integrand(b)) / 6 / steps;
    sums[i + 1] = (sums[i] ?? 0) + area;
  }
  const total = 2 * (sums[steps] ?? 0);
  return (x) => {
    if (x > 0.5) return 1 - distributionBelow(1 - x);
    return distributionBelow(x);
  };
  function distributionBelow(x: number): number {
    const s = (Math.asin(Math.sqrt(x)) / (Math.PI / 4)) ** (1 / power);
    const at = Math.min(steps, Math.round(s * steps));
    return (sums[at] ?? 0) / total;
  }
}

describe.each([0.1, 0.2, 0.5, 1, 2.5, 20])("Beta(%d, same)", (alpha) => {
  const drawn = draws(alpha);

  test("has the mean 1/2, the variance 1 / (4 (2 alpha + 1)) and the fourth moment", () => {
    const moment = (k: number): number =>
      drawn.reduce((sum, x) => sum + (x - 0.5) ** k, 0) / drawn.length;
    const variance = 1 / (4 * (2 * alpha + 1));
    const fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
    // Five standard deviations of a mean over so many draws; no power here exceeds 1/2.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(variance / count));
    expect(Math.abs(moment(2) - variance)).toBeLessThan(
      5 * Math.sqrt((fourth - variance ** 2) / count),
    );
    expect(Math.abs(moment(4) - fourth)).toBeLessThan(5 * Math.sqrt(fourth / 16 / count));
  });

  test("is distributed so (Kolmogorov and Smirnov, at one in a thousand)", () => {
    const of = distribution(alpha);
    const sorted = [...drawn].sort((a, b) => a - b);
    const distance = Math.max(
      ...sorted.map((x, i) => Math.max(of(x) - i / count, (i + 1) / count - of(x))),
    );
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count));
  });
});

test("any alpha gives a number in [0, 1], the same again for the same key", () => {
  for (const alpha of [5e-324, 1e-300, 1e-3, 0.99, 1e6, 1e300]) {
    for (let key = 0; key < 200; key++) {
      const draw = randomBeta(key, alpha);
      expect(draw >= 0 && draw <= 1).toBe(true);
      expect(randomBeta(key, alpha)).toBe(draw);
    }
  }
});
