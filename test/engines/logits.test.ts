import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  crossEntropy,
  imageLoss,
  indexOfLargest,
  rankOf,
  softmax,
} from "../../src/engines/logits.js";

const logits = fc.float32Array({
  minLength: 1,
  maxLength: 12,
  noNaN: true,
  min: -1000,
  max: 1000,
});

describe("logits", () => {
  test("come to probabilities that sum to one, in the same order", () => {
    fc.assert(
      fc.property(logits, (values) => {
        const probabilities = softmax(values);
        expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
        const largest = indexOfLargest(values);
        expect(Math.max(...probabilities)).toBe(probabilities[largest]);
        expect(rankOf(values, largest)).toBe(0);
      }),
    );
  });

  test("come to the cross-entropy of its definition, smoothed or not", () => {
    const small = fc.float32Array({ minLength: 2, maxLength: 6, noNaN: true, min: -8, max: 8 });
    fc.assert(
      fc.property(small, fc.nat(), fc.constantFrom(0, 0.1, 1), (values, pick, smoothing) => {
        const label = pick % values.length;
        const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
        let loss = 0;
        values.forEach((value, index) => {
          const target = smoothing / values.length + (index === label ? 1 - smoothing : 0);
          loss -= target * Math.log(Math.exp(value) / total);
        });
        expect(crossEntropy(values, label, smoothing)).toBeCloseTo(loss, 9);
      }),
    );
  });

  test("come to the binary cross-entropy of every class by its definition", () => {
    const small = fc.float32Array({ minLength: 2, maxLength: 6, noNaN: true, min: -8, max: 8 });
    const settings = fc.constantFrom<readonly [number, number | undefined]>(
      [0, undefined],
      [0.1, undefined],
      [0.6, 0.15],
    );
    fc.assert(
      fc.property(small, fc.nat(), settings, (values, pick, [smoothing, threshold]) => {
        const label = pick % values.length;
        let loss = 0;
        values.forEach((value, index) => {
          const given = smoothing / values.length + (index === label ? 1 - smoothing : 0);
          const target = threshold === undefined ? given : given > threshold ? 1 : 0;
          const s = 1 / (1 + Math.exp(-value));
          loss -= (target * Math.log(s) + (1 - target) * Math.log(1 - s)) / values.length;
        });
        const of = {
          kind: "bce",
          smoothing,
          ...(threshold !== undefined && { threshold }),
        } as const;
        expect(imageLoss(of, values, label)).toBeCloseTo(loss, 9);
      }),
    );
    const far = Float32Array.of(1000, -1000);
    expect(imageLoss({ kind: "bce", smoothing: 0 }, far, 1)).toBe(1000);
  });

  test("of equal ones the first counts as the largest", () => {
    const values = Float32Array.of(1, 3, 3, 2);
    expect(indexOfLargest(values)).toBe(1);
    expect([0, 1, 2, 3].map((label) => rankOf(values, label))).toEqual([3, 0, 1, 2]);
  });
});
