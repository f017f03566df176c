import { expect, test } from "vitest";
import {
  fromTorch,
  shapeFromTorch,
  toTorch,
  torchShape,
} from "../../../src/backends/torch/layout.js";

/** Row-major numbers 0, 1, 2, … */
function counting(shape: readonly number[]): { shape: readonly number[]; data: Float32Array } {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, i) => i) };
}

test("a kernel (KH, KW, Cin, Cout) becomes (Cout, Cin, KH, KW), number by number", () => {
  const here = counting([2, 3, 4, 5]);
  const there = toTorch("convolution", here);
  expect(there.shape).toEqual([5, 4, 2, 3]);
  for (let h = 0; h < 2; h++) {
    for (let w = 0; w < 3; w++) {
      for (let i = 0; i < 4; i++) {
        for (let o = 0; o < 5; o++) {
          const value = here.data[((h * 3 + w) * 4 + i) * 5 + o];
          expect(there.data[((o * 4 + i) * 2 + h) * 3 + w]).toBe(value);
        }
      }
    }
  }
});

test("a dense kernel (in, out) becomes (out, in)", () => {
  const there = toTorch("dense", counting([2, 3]));
  expect(there).toEqual({ shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
});

test("a dense kernel (in, out) is a 1x1 convolution's there, of shape (out, in, 1, 1)", () => {
  const there = toTorch("pointwise", counting([2, 3]));
  expect(there).toEqual({ shape: [3, 2, 1, 1], data: Float32Array.of(0, 3, 1, 4, 2, 5) });
  expect(shapeFromTorch("pointwise", [3, 2, 1, 1])).toEqual([2, 3]);
  expect(shapeFromTorch("pointwise", [3, 2, 3, 3])).toBeUndefined();
});

test.each([
  ["convolution", [3, 1, 2, 4]],
  ["pointwise", [3, 5]],
  ["dense", [3, 5]],
  ["vector", [7]],
] as const)("a %s comes back as it was", (kind, shape) => {
  const here = counting(shape);
  expect(toTorch(kind, here).shape).toEqual(torchShape(kind, shape));
  expect(fromTorch(kind, toTorch(kind, here))).toEqual(here);
});
