import { expect, test } from "vitest";
import { classWeights, isWeighted, withClassWeights } from "../../src/recipe/class-weights.js";

const plain = { kind: "crossentropy", smoothing: 0.1 } as const;

test("a loss that weighs nothing stays as it is", () => {
  expect(isWeighted(plain)).toBe(false);
  expect(isWeighted({ ...plain, weights: [], balance: 0 })).toBe(false);
  expect(withClassWeights(plain, [3, 1])).toBe(plain);
});

test("balanced classes have the same share in the loss, whose size stays", () => {
  const counts = [90, 9, 1];
  const weights = classWeights({ ...plain, balance: 1 }, counts);
  const shares = weights.map((weight, index) => weight * (counts[index] ?? 0));
  for (const share of shares) expect(share).toBeCloseTo(100 / 3, 9);
});

test("a balance of one half is the root of that, and own weights go on top", () => {
  const half = classWeights({ ...plain, balance: 0.5 }, [8, 2]);
  expect(half).toEqual([Math.sqrt(10 / 16), Math.sqrt(10 / 4)]);
  const both = classWeights({ ...plain, balance: 0.5, weights: [1, 4] }, [8, 2]);
  expect(both).toEqual([half[0], 4 * (half[1] ?? 0)]);
});

test("a class without images takes no part, and divides nothing by zero", () => {
  expect(classWeights({ ...plain, balance: 1 }, [2, 0, 2])).toEqual([1, 1, 1]);
  expect(withClassWeights({ ...plain, balance: 1 }, [6, 2])).toEqual({
    ...plain,
    weights: [8 / 12, 2],
  });
});
