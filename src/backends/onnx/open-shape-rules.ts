/**
 * What every primitive makes of open shapes, one rule each, exhaustive by type. An instruction that does
 * what it does at the one size alone is refused by its name, so that no model bakes a size in unseen.
 */
import type { Primitive, Windows } from "../../passes/program/primitives.js";
import type { InstructionOf } from "../../passes/program/program.js";
import type { Shape, ValueType } from "../../passes/program/value-type.js";
import { applyStep, elementCount, type Extent } from "../../shapes/index.js";
import { axis as axisOf } from "./form.js";
import { isClosed, type OpenShape } from "./open-shape.js";

type Rule<K extends Primitive> = (
  instruction: InstructionOf<K>,
  operands: readonly OpenShape[],
  types: readonly ValueType[],
) => OpenShape;

/**
 * The shape of an instruction's result at every size.
 * @throws RangeError where the instruction does what it does at the one size alone.
 */
export function openShape<K extends Primitive>(
  instruction: InstructionOf<K>,
  operands: readonly OpenShape[],
  types: readonly ValueType[],
): OpenShape {
  const rule: Rule<K> = rules[instruction.primitive];
  return rule(instruction, operands, types);
}

/** Operands that are alike but for what is repeated or of extent 1. */
const joined: Rule<Primitive> = (_, operands) => {
  const [first = []] = operands;
  return first.map((_extent, axis) => {
    const extents = operands.map((shape) => shape[axis]).filter((extent) => extent !== undefined);
    return extents.find((extent) => extent !== 1) ?? extents[0];
  });
};

const alike: Rule<Primitive> = (_, operands) => operands[0] ?? [];

/** Nothing is open, or the instruction belongs to training. */
function closed<K extends Primitive>(
  { name, primitive, type }: InstructionOf<K>,
  operands: readonly OpenShape[],
): OpenShape {
  if (!operands.every(isClosed)) refuse(name, `${primitive} takes maps of one size`);
  return type.shape;
}

function refuse(name: string, why: string): never {
  throw new RangeError(`${name}: ${why}`);
}

function withoutAxes(
  { attributes }: InstructionOf<"reduceSum" | "reduceMean" | "variance">,
  [x = []]: readonly OpenShape[],
): OpenShape {
  return x.filter((_, axis) => !attributes.axes.includes(axis));
}

/** floor((multiplier x + offset) / divisor) */
function moved(
  extent: Extent | undefined,
  multiplier: number,
  offset: number,
  divisor = 1,
): Extent | undefined {
  return extent === undefined ? undefined : applyStep(extent, { multiplier, offset, divisor });
}

/** The extent that windows leave along the rows (0) or the columns (1) of a map. */
function windows(
  axis: 0 | 1,
  x: OpenShape,
  kernel: number,
  { stride, padding }: Windows,
  dilation = 1,
): Extent | undefined {
  const reach = dilation * (kernel - 1) + 1;
  const offset = padding[axis][0] + padding[axis][1] - reach + stride[axis];
  return moved(x[axis + 2], 1, offset, stride[axis]);
}

/**
 * The first axis alone may be open, and stays what it is: as the others have as many elements before and
 * after, this holds at every size.
 */
const reshape: Rule<"reshape"> = ({ name, type }, [x = []]) => {
  if (isClosed(x)) return type.shape;
  const [first, ...rest] = x;
  const [, ...others] = type.shape;
  if (
    first === undefined ||
    !isClosed(rest) ||
    elementCount(rest as Shape) !== elementCount(others)
  ) {
    refuse(name, "an open extent is taken apart or joined with another");
  }
  return [first, ...others];
};

/** Of an open axis all is taken, or every n-th of all. */
const slice: Rule<"slice"> = (
  { name, type, attributes: { start, limit, stride } },
  [x = []],
  [whole],
) =>
  x.map((extent, axis) => {
    if (typeof extent === "number") return axisOf(type.shape, axis);
    const all = start[axis] === 0 && limit[axis] === whole?.shape[axis];
    if (!all) refuse(name, "a part of known extent is taken of an open one");
    const by = axisOf(stride, axis);
    return moved(extent, 1, by - 1, by);
  });

const pooled: Rule<"maxPool" | "averagePool"> = ({ attributes: a }, [x = []]) => [
  x[0],
  x[1],
  windows(0, x, a.kernel[0], a),
  windows(1, x, a.kernel[1], a),
];

const rules: { readonly [K in Primitive]: Rule<K> } = {
  // One number for all elements fits whatever it is joined with.
  constant: ({ type, attributes: { values } }) =>
    values.length === 1 ? type.shape.map(() => undefined) : type.shape,
  iota: closed,
  convert: alike,
  negate: alike,
  exp: alike,
  log: alike,
  sqrt: alike,
  rsqrt: alike,
  tanh: alike,
  cos: alike,
  sigmoid: alike,
  relu: alike,
  add: joined,
  subtract: joined,
  multiply: joined,
  divide: joined,
  maximum: joined,
  minimum: joined,
  xor: joined,
  shiftRight: alike,
  compare: joined,
  select: joined,
  reluGradient: joined,
  affine: alike,

  reshape,
  transpose: ({ attributes: { permutation } }, [x = []]) => permutation.map((axis) => x[axis]),
  broadcast: ({ type, attributes: { axes } }, [x = []]) =>
    type.shape.map((_, axis) => {
      const extent = x[axes.indexOf(axis)];
      return extent === 1 ? undefined : extent;
    }),
  slice,
  pad: (instruction, operands) => {
    const { low, high, interior } = instruction.attributes;
    if (interior.some((zeros) => zeros > 0)) return closed(instruction, operands);
    return (operands[0] ?? []).map((extent, axis) =>
      moved(extent, 1, axisOf(low, axis) + axisOf(high, axis)),
    );
  },
  concat: (instruction, operands, types) => {
    const { axis } = instruction.attributes;
    if (operands.some((shape) => typeof shape[axis] !== "number")) {
      refuse(instruction.name, "parts of any extent cannot be joined");
    }
    return joined(instruction, operands, types).with(axis, axisOf(instruction.type.shape, axis));
  },
  upsample: ({ attributes: { factor } }, [x = []]) =>
    x.map((extent, axis) => (axis < 2 ? extent : moved(extent, axisOf(factor, axis - 2), 0))),

  matmul: ({ attributes }, [left = [], right = []]) => [
    left[attributes.transposeLeft ? 1 : 0],
    right[attributes.transposeRight ? 0 : 1],
  ],
  conv: ({ attributes: a }, [x = [], kernel = []]) => [
    x[0],
    kernel[0],
    windows(0, x, Number(kernel[2]), a, a.dilation[0]),
    windows(1, x, Number(kernel[3]), a, a.dilation[1]),
  ],
  convInputGradient: closed,
  convKernelGradient: closed,

  reduceSum: withoutAxes,
  reduceMean: withoutAxes,
  variance: withoutAxes,
  argmax: ({ attributes }, [x = []]) => x.filter((_, axis) => axis !== attributes.axis),
  logSoftmax: alike,
  maxPool: pooled,
  maxPoolGradient: closed,
  averagePool: pooled,
  averagePoolGradient: closed,
};
