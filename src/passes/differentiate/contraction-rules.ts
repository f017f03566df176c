/**
 * Gradient rules of the matrix product and of convolution. The three faces of convolution (map and
 * kernel to result, result and kernel to map, map and result to kernel) are one trilinear form, so each
 * one's transposes are the other two.
 */
import type { ContractionAttributes } from "../program/primitives.js";
import { bilinear } from "./factories.js";
import { operand, type GradientRule } from "./rule.js";

export const contractionRules: { readonly [K in keyof ContractionAttributes]: GradientRule<K> } = {
  // Y = U V: dU = dY V^T, dV = U^T dY; of an operand that was transposed, the transpose of that.
  matmul: bilinear(
    (place) => {
      const { transposeLeft, transposeRight } = place.attributes;
      const [b, v, dy] = [place.b, operand(place, 1), place.dy];
      return transposeLeft
        ? b.apply("matmul", { transposeLeft: transposeRight, transposeRight: true }, v, dy)
        : b.apply("matmul", { transposeLeft: false, transposeRight: !transposeRight }, dy, v);
    },
    (place) => {
      const { transposeLeft, transposeRight } = place.attributes;
      const [b, u, dy] = [place.b, operand(place, 0), place.dy];
      return transposeRight
        ? b.apply("matmul", { transposeLeft: true, transposeRight: transposeLeft }, dy, u)
        : b.apply("matmul", { transposeLeft: !transposeLeft, transposeRight: false }, u, dy);
    },
  ),

  // y = x * w (Dumoulin and Visin 2016, section 4, for the transposed convolution).
  conv: bilinear(
    ({ b, attributes, operands, dy }) => {
      const [x, w] = [operand({ operands }, 0), operand({ operands }, 1)];
      return b.apply("convInputGradient", { ...attributes, shape: x.type.shape }, dy, w);
    },
    ({ b, attributes, operands, dy }) => {
      const [x, w] = [operand({ operands }, 0), operand({ operands }, 1)];
      return b.apply("convKernelGradient", { ...attributes, shape: w.type.shape }, x, dy);
    },
  ),

  // Operands (gradient of a result, w), result a map: dy here is a map.
  convInputGradient: bilinear(
    ({ b, attributes: { shape: _, ...convolution }, operands, dy }) =>
      b.apply("conv", convolution, dy, operand({ operands }, 1)),
    ({ b, attributes, operands, dy }) => {
      const [outer, w] = [operand({ operands }, 0), operand({ operands }, 1)];
      return b.apply("convKernelGradient", { ...attributes, shape: w.type.shape }, dy, outer);
    },
  ),

  // Operands (x, gradient of a result), result a kernel: dy here is a kernel.
  convKernelGradient: bilinear(
    ({ b, attributes, operands, dy }) => {
      const [x, outer] = [operand({ operands }, 0), operand({ operands }, 1)];
      return b.apply("convInputGradient", { ...attributes, shape: x.type.shape }, outer, dy);
    },
    ({ b, attributes: { shape: _, ...convolution }, operands, dy }) =>
      b.apply("conv", convolution, operand({ operands }, 0), dy),
  ),
};
