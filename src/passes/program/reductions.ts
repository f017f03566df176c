/** Primitives that look at many elements for one: reductions, normalisation and pools. */
import { windowCount } from "./contractions.js";
import {
  demand,
  demandAxes,
  demandFloat,
  demandShape,
  extentOf,
  operandAt,
  type PrimitiveDefinition,
} from "./definition.js";
import type { Pool, ReductionAttributes } from "./primitives.js";
import type { Shape } from "./value-type.js";

/** The shape without some axes. */
function withoutAxes(shape: Shape, axes: readonly number[]): Shape {
  return shape.filter((_, axis) => !axes.includes(axis));
}

function reduction<K extends "reduceSum" | "reduceMean">(
  meaning: string,
  onnx: string,
  stablehlo: string,
): PrimitiveDefinition<K> {
  return {
    operands: 1,
    meaning,
    onnx,
    stablehlo,
    type({ axes }, operands) {
      const x = operandAt(operands, 0);
      demandFloat(x);
      demandAxes(axes, x.shape.length);
      return { dtype: "f32", shape: withoutAxes(x.shape, axes) };
    },
  };
}

/** The shape of a pool's result. @throws ShapeFault where no window fits. */
export function pooledShape(x: Shape, a: Pool): Shape {
  const [batch = 0, channels = 0, height = 0, width = 0] = x;
  const along = (axis: 0 | 1, extent: number): number =>
    windowCount(extent, a.kernel[axis], a.stride[axis], a.padding[axis]);
  const spatial = [along(0, height), along(1, width)];
  demand(Math.min(...spatial) >= 1, `no window fits into ${height}x${width}`);
  return [batch, channels, ...spatial];
}

function pool<K extends "maxPool" | "averagePool">(
  meaning: string,
  onnx: string,
  stablehlo: string,
): PrimitiveDefinition<K> {
  return {
    operands: 1,
    meaning,
    onnx,
    stablehlo,
    type(attributes, operands) {
      demandFloat(operandAt(operands, 0), 4);
      return { dtype: "f32", shape: pooledShape(operandAt(operands, 0).shape, attributes) };
    },
  };
}

export const reductions: {
  readonly [K in keyof ReductionAttributes]: PrimitiveDefinition<K>;
} = {
  reduceSum: reduction("the sum over `axes`, which are dropped", "ReduceSum", "reduce with add"),
  reduceMean: reduction(
    "the mean over `axes`, which are dropped",
    "ReduceMean",
    "reduce with add, divide",
  ),
  variance: {
    operands: 2,
    meaning: "(x, mean of x): the mean over `axes` of (x - mean)^2",
    onnx: "ReduceMean of x x, less the mean's square; or of the centred square",
    stablehlo: "subtract, multiply, reduce with add, divide",
    type({ axes }, operands) {
      const [x, mean] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(x);
      demandFloat(mean);
      demandAxes(axes, x.shape.length);
      const shape = withoutAxes(x.shape, axes);
      demandShape(mean.shape, shape, "the mean");
      return { dtype: "f32", shape };
    },
  },
  argmax: {
    operands: 1,
    meaning: "the index of the first largest element along an axis, which is dropped",
    onnx: "ArgMax",
    stablehlo: "reduce over value and index",
    type({ axis }, operands) {
      const { shape } = operandAt(operands, 0);
      demandFloat(operandAt(operands, 0));
      demandAxes([axis], shape.length);
      return { dtype: "i32", shape: withoutAxes(shape, [axis]) };
    },
  },
  logSoftmax: {
    operands: 1,
    meaning: "x - ln sum e^x along an axis",
    onnx: "LogSoftmax",
    stablehlo: "reduce with max, subtract, exponential, reduce with add, log",
    type({ axis }, operands) {
      demandFloat(operandAt(operands, 0));
      demandAxes([axis], operandAt(operands, 0).shape.length);
      return operandAt(operands, 0);
    },
  },

  maxPool: pool(
    "the largest element of each window; padding never wins",
    "MaxPool",
    "reduce_window with max",
  ),
  maxPoolGradient: {
    operands: 2,
    meaning: "(x, dy): each dy to the first largest element of its window, row by row",
    onnx: "MaxPool's Indices, ScatterElements (reduction add)",
    stablehlo: "select_and_scatter",
    type(attributes, operands) {
      const [x, dy] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(x, 4);
      demandFloat(dy, 4);
      demandShape(dy.shape, pooledShape(x.shape, attributes), "the gradient");
      return x;
    },
  },
  averagePool: pool(
    "the mean of each window, padding left out of the count",
    "AveragePool (count_include_pad = 0)",
    "reduce_window with add, divide by the counts",
  ),
  averagePoolGradient: {
    operands: 1,
    meaning: "(dy): averagePool's transpose; dy over its window's count to all of the window",
    onnx: "Mul by 1 / count, ConvTranspose with ones (one group per channel)",
    stablehlo: "divide by the counts, pad, reduce_window with add",
    type(attributes, operands) {
      const dy = operandAt(operands, 0);
      demandFloat(dy, 4);
      demand(extentOf(attributes.shape, 1) === extentOf(dy.shape, 1), "the channels differ");
      demandShape(dy.shape, pooledShape(attributes.shape, attributes), "the gradient");
      return { dtype: "f32", shape: attributes.shape };
    },
  },
};
