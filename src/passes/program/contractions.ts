/** Primitives that are linear in each of two operands: the matrix product, convolution and its two transposes. */
import {
  demand,
  demandFloat,
  demandShape,
  operandAt,
  type PrimitiveDefinition,
} from "./definition.js";
import type { Convolution, ContractionAttributes, Sides } from "./primitives.js";
import type { Shape } from "./value-type.js";

/** The extent that windows leave: floor((x + before + after - d (k - 1) - 1) / s) + 1. */
export function windowCount(
  extent: number,
  kernel: number,
  stride: number,
  [before, after]: Sides,
  dilation = 1,
): number {
  return Math.floor((extent + before + after - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** The shape of a convolution's result. @throws ShapeFault where map and kernel do not fit. */
function convolutionShape(x: Shape, kernel: Shape, a: Convolution): Shape {
  const [batch = 0, inputs = 0, height = 0, width = 0] = x;
  const [outputs = 0, perGroup = 0, kernelHeight = 0, kernelWidth = 0] = kernel;
  demand(inputs === perGroup * a.groups, `${inputs} channels, a kernel for ${perGroup * a.groups}`);
  demand(outputs % a.groups === 0, `${outputs} channels in ${a.groups} groups`);
  const along = (axis: 0 | 1, extent: number, size: number): number =>
    windowCount(extent, size, a.stride[axis], a.padding[axis], a.dilation[axis]);
  const spatial = [along(0, height, kernelHeight), along(1, width, kernelWidth)];
  demand(Math.min(...spatial) >= 1, `no window fits into ${height}x${width}`);
  return [batch, outputs, ...spatial];
}

export const contractions: {
  readonly [K in keyof ContractionAttributes]: PrimitiveDefinition<K>;
} = {
  matmul: {
    operands: 2,
    meaning: "the matrix product, of transposes where asked",
    onnx: "MatMul or Gemm (transA, transB)",
    stablehlo: "dot_general",
    type({ transposeLeft, transposeRight }, operands) {
      const [left, right] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(left, 2);
      demandFloat(right, 2);
      const [rows = 0, inner = 0] = transposeLeft ? left.shape.toReversed() : left.shape;
      const [other = 0, columns = 0] = transposeRight ? right.shape.toReversed() : right.shape;
      demand(inner === other, `the inner extents are ${inner} and ${other}`);
      return { dtype: "f32", shape: [rows, columns] };
    },
  },
  conv: {
    operands: 2,
    meaning:
      "(x, w): y[n,o,i,j] = sum over c,u,v of w[o,c,u,v] x[n,c, s i + d u - p, s j + d v - p]",
    onnx: "Conv",
    stablehlo: "convolution",
    type(attributes, operands) {
      const [x, kernel] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(x, 4);
      demandFloat(kernel, 4);
      return { dtype: "f32", shape: convolutionShape(x.shape, kernel.shape, attributes) };
    },
  },
  convInputGradient: {
    operands: 2,
    meaning: "(dy, w): conv's transpose in x; transposed convolution",
    onnx: "ConvTranspose (at stride 1 Conv with the taps reversed)",
    stablehlo: "convolution with lhs_dilation = s and window_reversal",
    type(attributes, operands) {
      const [dy, kernel] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(dy, 4);
      demandFloat(kernel, 4);
      const { shape } = attributes;
      demandShape(dy.shape, convolutionShape(shape, kernel.shape, attributes), "the gradient");
      return { dtype: "f32", shape };
    },
  },
  convKernelGradient: {
    operands: 2,
    meaning: "(x, dy): conv's transpose in w",
    onnx: "Conv of x and dy with batch and channels swapped, dilation s",
    stablehlo: "convolution with rhs_dilation = s, batch and features swapped",
    type(attributes, operands) {
      const [x, dy] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(x, 4);
      demandFloat(dy, 4);
      const { shape } = attributes;
      demandShape(dy.shape, convolutionShape(x.shape, shape, attributes), "the gradient");
      return { dtype: "f32", shape };
    },
  },
};
