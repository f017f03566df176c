/** Gradient rules of reductions and pools; the formula stands at each. */
import { elementCount } from "../../shapes/index.js";
import type { ReductionAttributes } from "../program/primitives.js";
import type { Value } from "../program/program.js";
import { sameShape, type Shape } from "../program/value-type.js";
import { channelAxes } from "./elementwise-rules.js";
import { constantAlmostEverywhere, linear, refused } from "./factories.js";
import { operand, type GradientPlace, type GradientRule } from "./rule.js";

/** The axes of a shape that a reduction keeps. */
function keptAxes(shape: Shape, dropped: readonly number[]): number[] {
  return shape.map((_, axis) => axis).filter((axis) => !dropped.includes(axis));
}

export const reductionRules: { readonly [K in keyof ReductionAttributes]: GradientRule<K> } = {
  // Every element that was added gets dy.
  reduceSum: linear(({ b, dy, attributes: { axes }, operands }) => {
    const { shape } = operand({ operands }, 0).type;
    return b.broadcast(dy, shape, keptAxes(shape, axes));
  }),

  // Every one of m elements gets dy / m.
  reduceMean: linear(({ b, dy, attributes: { axes }, operands }) => {
    const { shape } = operand({ operands }, 0).type;
    const share = b.scale(dy, elementCount(dy.type.shape) / elementCount(shape));
    return b.broadcast(share, shape, keptAxes(shape, axes));
  }),

  variance: varianceShare,
  argmax: constantAlmostEverywhere(),

  // y = x - ln sum e^x: dx = dy - e^y sum dy
  logSoftmax: linear(({ b, dy, result, attributes: { axis } }) => {
    const { shape } = dy.type;
    const sum = b.broadcast(b.sum(dy, [axis]), shape, keptAxes(shape, [axis]));
    return b.subtract(dy, b.multiply(b.apply("exp", {}, result), sum));
  }),

  // Each window's dy goes to its first largest element.
  maxPool: ({ b, dy, attributes, operands }) =>
    b.apply("maxPoolGradient", attributes, operand({ operands }, 0), dy),
  maxPoolGradient: refused("a max pool is differentiated once, not twice"),

  averagePool: linear(({ b, dy, attributes, operands }) => {
    const { shape } = operand({ operands }, 0).type;
    return b.apply("averagePoolGradient", { ...attributes, shape }, dy);
  }),
  averagePoolGradient: linear(({ b, dy, attributes: { shape: _, ...pool } }) =>
    b.apply("averagePool", pool, dy),
  ),
};

/**
 * v = mean of (x - mean)^2 over m elements: dx = 2 / m dv (x - mean). The mean, being that of x, has
 * no share of its own: the derivative by it is -2 / m sum (x - mean) = 0.
 * Per channel this is an `affine` of x, as in batch norm's gradient dx = a dy + b x + c.
 */
function varianceShare(
  { b, dy, attributes: { axes }, operands }: GradientPlace<"variance">,
  index: number,
): Value | undefined {
  if (index !== 0) return undefined;
  const [x, mean] = [operand({ operands }, 0), operand({ operands }, 1)];
  const { shape } = x.type;
  const factor = b.scale(dy, (2 * elementCount(dy.type.shape)) / elementCount(shape));
  if (
    sameShape(
      axes.toSorted((left, right) => left - right),
      channelAxes(x),
    )
  ) {
    return b.apply("affine", {}, x, factor, b.negate(b.multiply(factor, mean)));
  }
  const spread = (vector: Value): Value => b.broadcast(vector, shape, keptAxes(shape, axes));
  return b.multiply(spread(factor), b.subtract(x, spread(mean)));
}
