/** Evaluates the primitives that compute every element by itself. */
import { elementCount } from "../../shapes/index.js";
import type { DataType } from "../program/value-type.js";
import type { Direction, Primitive, ElementwiseAttributes } from "../program/primitives.js";
import { at, type Evaluate } from "./evaluation.js";
import { elementAt, tensorOf, zerosOf, type Tensor } from "./tensor.js";

function unary<K extends Primitive>(f: (x: number) => number): Evaluate<K> {
  return ({ type }, operands) => {
    const { data } = at(operands, 0);
    return tensorOf(type.shape, (i) => f(data[i] as number));
  };
}

/** f32 stays float64 here; whole numbers wrap around as 32-bit ones do. */
function inType(dtype: DataType, value: number): number {
  if (dtype === "u32") return value >>> 0;
  return dtype === "i32" ? value | 0 : value;
}

function binary<K extends Primitive>(f: (x: number, y: number) => number): Evaluate<K> {
  return ({ type }, operands) => {
    const [left, right] = [at(operands, 0).data, at(operands, 1).data];
    return tensorOf(type.shape, (i) =>
      inType(type.dtype, f(left[i] as number, right[i] as number)),
    );
  };
}

/** Without a call per element, since whole kernels are scaled with it. */
function product({ shape, data: left }: Tensor, { data: right }: Tensor): Tensor {
  const result = zerosOf(shape);
  for (let i = 0; i < left.length; i++) {
    result.data[i] = (left[i] as number) * (right[i] as number);
  }
  return result;
}

const directions: { readonly [K in Direction]: (x: number, y: number) => boolean } = {
  equal: (x, y) => x === y,
  less: (x, y) => x < y,
  greater: (x, y) => x > y,
  greaterOrEqual: (x, y) => x >= y,
};

/** f32 to a whole number drops the fraction. */
function converted(value: number, to: DataType): number {
  if (to === "bool") return value === 0 ? 0 : 1;
  return to === "f32" ? value : inType(to, Math.trunc(value));
}

export const elementwise: { readonly [K in keyof ElementwiseAttributes]: Evaluate<K> } = {
  constant: ({ type, attributes: { values } }) => {
    const single = values.length === 1;
    return tensorOf(type.shape, (i) => (single ? values[0] : values[i]) as number);
  },
  iota: ({ type }) => tensorOf(type.shape, (i) => i),
  convert: ({ type }, operands) => {
    const { data } = at(operands, 0);
    return tensorOf(type.shape, (i) => converted(data[i] as number, type.dtype));
  },

  negate: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  rsqrt: unary((x) => 1 / Math.sqrt(x)),
  tanh: unary(Math.tanh),
  cos: unary(Math.cos),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  relu: unary((x) => Math.max(x, 0)),

  add: binary((x, y) => x + y),
  subtract: binary((x, y) => x - y),
  multiply: (instruction, operands) =>
    instruction.type.dtype === "f32"
      ? product(at(operands, 0), at(operands, 1))
      : binary(Math.imul)(instruction, operands),
  divide: binary((x, y) => x / y),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  xor: binary((x, y) => x ^ y),
  shiftRight: ({ type, attributes: { by } }, operands) => {
    const { data } = at(operands, 0);
    return tensorOf(type.shape, (i) => (data[i] as number) >>> by);
  },
  compare: ({ type, attributes: { direction } }, operands) => {
    const [left, right] = [at(operands, 0), at(operands, 1)];
    const holds = directions[direction];
    return tensorOf(type.shape, (i) => (holds(elementAt(left, i), elementAt(right, i)) ? 1 : 0));
  },
  select: ({ type }, operands) => {
    const [condition, yes, no] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    return tensorOf(type.shape, (i) => elementAt(condition.data[i] === 0 ? no : yes, i));
  },

  reluGradient: binary((y, dy) => (y > 0 ? dy : 0)),
  affine: ({ type }, operands) => {
    const [x, factor, shift] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    const channels = type.shape[1] ?? 1;
    const inner = elementCount(type.shape.slice(2));
    return tensorOf(type.shape, (i) => {
      const channel = Math.floor(i / inner) % channels;
      return elementAt(factor, channel) * elementAt(x, i) + elementAt(shift, channel);
    });
  },
};
