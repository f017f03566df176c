/** Gradient rules of the primitives that compute every element by itself; the formula stands at each. */
import type { ElementwiseAttributes } from "../program/primitives.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";
import { constantAlmostEverywhere, elementwise } from "./factories.js";
import { operand, type GradientPlace, type GradientRule } from "./rule.js";

/** dy where the condition holds, 0 elsewhere. */
function where(b: ProgramBuilder, condition: Value, dy: Value): Value {
  return b.select(condition, dy, b.fillLike(0, dy));
}

function otherwise(b: ProgramBuilder, condition: Value, dy: Value): Value {
  return b.select(condition, b.fillLike(0, dy), dy);
}

/** 1 - square. */
function oneLess(b: ProgramBuilder, square: Value): Value {
  return b.shift(b.negate(square), 1);
}

/** All axes but that of the channels. */
export function channelAxes({ type }: Value): number[] {
  return type.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
}

export const elementwiseRules: { readonly [K in keyof ElementwiseAttributes]: GradientRule<K> } = {
  constant: constantAlmostEverywhere(),
  iota: constantAlmostEverywhere(),
  // Only f32 to f32 is ever asked for, which is the identity.
  convert: elementwise((_, { dy }) => dy),

  // d(-u) = -du
  negate: elementwise((b, { dy }) => b.negate(dy)),
  // d e^u = e^u du
  exp: elementwise((b, { dy, y }) => b.multiply(dy, y)),
  // d ln u = du / u
  log: elementwise((b, { dy, u }) => b.divide(dy, u)),
  // d u^(1/2) = du / (2 y)
  sqrt: elementwise((b, { dy, y }) => b.divide(b.scale(dy, 0.5), y)),
  // d u^(-1/2) = -1/2 u^(-3/2) du = -1/2 y^3 du
  rsqrt: elementwise((b, { dy, y }) =>
    b.multiply(b.scale(dy, -0.5), b.multiply(y, b.multiply(y, y))),
  ),
  // d tanh u = (1 - y^2) du
  tanh: elementwise((b, { dy, y }) => b.multiply(dy, oneLess(b, b.multiply(y, y)))),
  // d cos u = -sin u du = cos(u + pi / 2) du
  cos: elementwise((b, { dy, u }) => b.multiply(dy, b.apply("cos", {}, b.shift(u, Math.PI / 2)))),
  // d sigmoid u = y (1 - y) du
  sigmoid: elementwise((b, { dy, y }) => b.multiply(dy, b.multiply(y, oneLess(b, y)))),
  // d max(u, 0) = du where y > 0, and 0 at 0
  relu: elementwise((b, { dy, y }) => b.apply("reluGradient", {}, y, dy)),

  // d(u + v) = du + dv
  add: elementwise(
    (_, { dy }) => dy,
    (_, { dy }) => dy,
  ),
  // d(u - v) = du - dv
  subtract: elementwise(
    (_, { dy }) => dy,
    (b, { dy }) => b.negate(dy),
  ),
  // d(u v) = v du + u dv
  multiply: elementwise(
    (b, { dy, v }) => b.multiply(dy, v),
    (b, { dy, u }) => b.multiply(dy, u),
  ),
  // d(u / v) = du / v - (u / v) dv / v
  divide: elementwise(
    (b, { dy, v }) => b.divide(dy, v),
    (b, { dy, v, y }) => b.negate(b.divide(b.multiply(dy, y), v)),
  ),
  // The larger one's; of equal ones the first's.
  maximum: elementwise(
    (b, { dy, u, v }) => where(b, b.compare(u, "greaterOrEqual", v), dy),
    (b, { dy, u, v }) => otherwise(b, b.compare(u, "greaterOrEqual", v), dy),
  ),
  // The smaller one's; of equal ones the first's.
  minimum: elementwise(
    (b, { dy, u, v }) => otherwise(b, b.compare(u, "greater", v), dy),
    (b, { dy, u, v }) => where(b, b.compare(u, "greater", v), dy),
  ),
  xor: constantAlmostEverywhere(),
  shiftRight: constantAlmostEverywhere(),
  compare: constantAlmostEverywhere(),
  // Each side's where it was chosen.
  select: (place, index) => {
    const [b, condition] = [place.b, operand(place, 0)];
    if (index === 0) return undefined;
    return (index === 1 ? where : otherwise)(b, condition, place.dy);
  },

  // Linear in dy; the condition y > 0 is constant almost everywhere.
  reluGradient: ({ b, operands, dy }, index) =>
    index === 0 ? undefined : b.apply("reluGradient", {}, operand({ operands }, 0), dy),
  affine: affineShare,
};

/**
 * y = a x + b per channel: dx = a dy, da = sum of dy x and db = sum of dy over all axes but the
 * channels' (Ioffe and Szegedy 2015, section 3, for a = gamma / sqrt(variance + epsilon)).
 */
function affineShare({ b, operands, dy }: GradientPlace<"affine">, index: number): Value {
  const [x, factor] = [operand({ operands }, 0), operand({ operands }, 1)];
  if (index === 0) return b.apply("affine", {}, dy, factor, b.fillLike(0, factor));
  return b.sum(index === 1 ? b.multiply(dy, x) : dy, channelAxes(x));
}
