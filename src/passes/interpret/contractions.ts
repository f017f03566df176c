/** Evaluates the matrix product and the three faces of convolution, all as one visit of its products. */
import type { Convolution, ContractionAttributes } from "../program/primitives.js";
import type { Shape } from "../program/value-type.js";
import { at, type Evaluate } from "./evaluation.js";
import { elementAt, zerosOf } from "./tensor.js";

/** Visits every product x[..] w[..] that a convolution adds to y[..], by their row-major indices. */
function visitProducts(
  [batch = 0, inputs = 0, height = 0, width = 0]: Shape,
  [outputs = 0, perGroup = 0, kernelHeight = 0, kernelWidth = 0]: Shape,
  [, , outHeight = 0, outWidth = 0]: Shape,
  { stride, padding, dilation, groups }: Convolution,
  visit: (x: number, w: number, y: number) => void,
): void {
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outputs; o++) {
      const firstInput = Math.floor(o / (outputs / groups)) * perGroup;
      for (let i = 0; i < outHeight; i++)
        for (let j = 0; j < outWidth; j++) {
          const y = ((n * outputs + o) * outHeight + i) * outWidth + j;
          for (let c = 0; c < perGroup; c++)
            for (let u = 0; u < kernelHeight; u++) {
              const row = i * stride[0] + u * dilation[0] - padding[0][0];
              if (row < 0 || row >= height) continue;
              for (let v = 0; v < kernelWidth; v++) {
                const column = j * stride[1] + v * dilation[1] - padding[1][0];
                if (column < 0 || column >= width) continue;
                const x = ((n * inputs + firstInput + c) * height + row) * width + column;
                visit(x, ((o * perGroup + c) * kernelHeight + u) * kernelWidth + v, y);
              }
            }
        }
    }
}

export const contractions: { readonly [K in keyof ContractionAttributes]: Evaluate<K> } = {
  matmul: ({ type, attributes: { transposeLeft, transposeRight } }, operands) => {
    const [left, right] = [at(operands, 0), at(operands, 1)];
    const [rows = 0, columns = 0] = type.shape;
    const inner = left.shape[transposeLeft ? 0 : 1] ?? 0;
    const result = zerosOf(type.shape);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const a = elementAt(left, transposeLeft ? k * rows + i : i * inner + k);
          sum += a * elementAt(right, transposeRight ? j * inner + k : k * columns + j);
        }
        result.data[i * columns + j] = sum;
      }
    return result;
  },

  conv: ({ type, attributes }, operands) => {
    const [x, kernel] = [at(operands, 0), at(operands, 1)];
    const y = zerosOf(type.shape);
    visitProducts(x.shape, kernel.shape, y.shape, attributes, (i, j, k) => {
      y.data[k] = elementAt(y, k) + elementAt(x, i) * elementAt(kernel, j);
    });
    return y;
  },

  convInputGradient: ({ type, attributes }, operands) => {
    const [dy, kernel] = [at(operands, 0), at(operands, 1)];
    const dx = zerosOf(type.shape);
    visitProducts(dx.shape, kernel.shape, dy.shape, attributes, (i, j, k) => {
      dx.data[i] = elementAt(dx, i) + elementAt(dy, k) * elementAt(kernel, j);
    });
    return dx;
  },

  convKernelGradient: ({ type, attributes }, operands) => {
    const [x, dy] = [at(operands, 0), at(operands, 1)];
    const dw = zerosOf(type.shape);
    visitProducts(x.shape, dw.shape, dy.shape, attributes, (i, j, k) => {
      dw.data[j] = elementAt(dw, j) + elementAt(dy, k) * elementAt(x, i);
    });
    return dw;
  },
};
