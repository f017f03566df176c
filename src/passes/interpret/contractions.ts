/** Evaluates the matrix product and the three faces of convolution, all as one visit of its products. */
import type { Convolution, ContractionAttributes } from "../program/primitives.js";
import type { Shape } from "../program/value-type.js";
import { at, type Evaluate } from "./evaluation.js";
import { elementAt, zerosOf, type Tensor } from "./tensor.js";

/** Products that share a weight: x[from + t step] w[weight] goes to y[to + t], for t from 0 to count - 1. */
type Visit = (from: number, step: number, weight: number, to: number, count: number) => void;

/** Visits every product of a convolution once, one row of the result after the other. */
function visitProducts(
  [batch = 0, inputs = 0, height = 0, width = 0]: Shape,
  [outputs = 0, perGroup = 0, kernelHeight = 0, kernelWidth = 0]: Shape,
  [, , outHeight = 0, outWidth = 0]: Shape,
  { stride, padding, dilation, groups }: Convolution,
  visit: Visit,
): void {
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < perGroup; c++) {
        const input = Math.floor(o / (outputs / groups)) * perGroup + c;
        for (let u = 0; u < kernelHeight; u++)
          for (let v = 0; v < kernelWidth; v++) {
            const weight = ((o * perGroup + c) * kernelHeight + u) * kernelWidth + v;
            // Column j of the result meets column j s + left of the map, where that is inside.
            const left = v * dilation[1] - padding[1][0];
            const first = Math.max(Math.ceil(-left / stride[1]), 0);
            const last = Math.min(Math.floor((width - 1 - left) / stride[1]), outWidth - 1);
            for (let i = 0; i < outHeight; i++) {
              const row = i * stride[0] + u * dilation[0] - padding[0][0];
              if (row < 0 || row >= height || last < first) continue;
              const from = ((n * inputs + input) * height + row) * width + first * stride[1] + left;
              const to = ((n * outputs + o) * outHeight + i) * outWidth + first;
              visit(from, stride[1], weight, to, last - first + 1);
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
    visitProducts(x.shape, kernel.shape, y.shape, attributes, (from, step, weight, to, count) => {
      const w = elementAt(kernel, weight);
      for (let t = 0; t < count; t++) add(y, to + t, w * (x.data[from + t * step] as number));
    });
    return y;
  },

  convInputGradient: ({ type, attributes }, operands) => {
    const [dy, kernel] = [at(operands, 0), at(operands, 1)];
    const dx = zerosOf(type.shape);
    visitProducts(dx.shape, kernel.shape, dy.shape, attributes, (from, step, weight, to, count) => {
      const w = elementAt(kernel, weight);
      for (let t = 0; t < count; t++) add(dx, from + t * step, w * (dy.data[to + t] as number));
    });
    return dx;
  },

  convKernelGradient: ({ type, attributes }, operands) => {
    const [x, dy] = [at(operands, 0), at(operands, 1)];
    const dw = zerosOf(type.shape);
    visitProducts(x.shape, dw.shape, dy.shape, attributes, (from, step, weight, to, count) => {
      for (let t = 0; t < count; t++) {
        add(dw, weight, (x.data[from + t * step] as number) * (dy.data[to + t] as number));
      }
    });
    return dw;
  },
};

function add({ data }: Tensor, index: number, value: number): void {
  data[index] = (data[index] as number) + value;
}
