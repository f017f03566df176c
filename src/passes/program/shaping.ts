/** Primitives that move, repeat, drop or join elements and compute none. */
import { elementCount } from "../../shapes/index.js";
import {
  demand,
  demandAxes,
  demandFloat,
  demandShape,
  extentOf,
  operandAt,
  type PrimitiveDefinition,
} from "./definition.js";
import type { ShapingAttributes } from "./primitives.js";
import { printValueType } from "./value-type.js";

export const shaping: {
  readonly [K in keyof ShapingAttributes]: PrimitiveDefinition<K>;
} = {
  reshape: {
    operands: 1,
    meaning: "the same elements in row-major order",
    onnx: "Reshape",
    stablehlo: "reshape",
    type({ shape }, operands) {
      const x = operandAt(operands, 0);
      const same = elementCount(shape) === elementCount(x.shape);
      demand(same, `${printValueType(x)} does not have the elements of [${shape.join(",")}]`);
      return { dtype: x.dtype, shape };
    },
  },
  transpose: {
    operands: 1,
    meaning: "axis i of the result is axis `permutation[i]` of x",
    onnx: "Transpose",
    stablehlo: "transpose",
    type({ permutation }, operands) {
      const { dtype, shape } = operandAt(operands, 0);
      demandAxes(permutation, shape.length);
      demand(permutation.length === shape.length, `${permutation.length} axes of ${shape.length}`);
      return { dtype, shape: permutation.map((axis) => extentOf(shape, axis)) };
    },
  },
  broadcast: {
    operands: 1,
    meaning: "x repeated: its axis i becomes axis `axes[i]`, an extent of 1 any extent",
    onnx: "Reshape, Expand (or nothing, before an elementwise operator)",
    stablehlo: "broadcast_in_dim",
    type({ shape, axes }, operands) {
      const x = operandAt(operands, 0);
      demandAxes(axes, shape.length);
      demand(
        axes.every((axis, i) => i === 0 || axis > (axes[i - 1] ?? 0)),
        "axes must rise",
      );
      demand(axes.length === x.shape.length, `${axes.length} axes for ${printValueType(x)}`);
      axes.forEach((axis, i) => {
        const fits = x.shape[i] === 1 || x.shape[i] === shape[axis];
        demand(fits, `${printValueType(x)} along axis ${i} to [${shape.join(",")}]`);
      });
      return { dtype: x.dtype, shape };
    },
  },
  slice: {
    operands: 1,
    meaning: "along each axis every `stride`-th element from `start` to before `limit`",
    onnx: "Slice",
    stablehlo: "slice",
    type({ start, limit, stride }, operands) {
      const { dtype, shape } = operandAt(operands, 0);
      const extents = shape.map((extent, axis) => {
        const [from, to, by] = [start, limit, stride].map((of) => extentOf(of, axis)) as [
          number,
          number,
          number,
        ];
        demand(from >= 0 && from < to && to <= extent && by >= 1, `axis ${axis}: ${from} to ${to}`);
        return Math.ceil((to - from) / by);
      });
      return { dtype, shape: extents };
    },
  },
  pad: {
    operands: 1,
    meaning: "zeros before, after and between the elements of each axis",
    onnx: "Pad (between: Reshape, Pad, Reshape)",
    stablehlo: "pad",
    type({ low, high, interior }, operands) {
      const { dtype, shape } = operandAt(operands, 0);
      const extents = shape.map((extent, axis) => {
        const [before, after, between] = [low, high, interior].map((of) => extentOf(of, axis)) as [
          number,
          number,
          number,
        ];
        demand(Math.min(before, after, between) >= 0, `axis ${axis}: a negative padding`);
        return before + extent + (extent - 1) * between + after;
      });
      return { dtype, shape: extents };
    },
  },
  concat: {
    operands: "several",
    meaning: "the operands one after the other along an axis",
    onnx: "Concat",
    stablehlo: "concatenate",
    type({ axis }, operands) {
      const first = operandAt(operands, 0);
      demandAxes([axis], first.shape.length);
      for (const { dtype, shape } of operands) {
        demand(dtype === first.dtype, `${first.dtype} and ${dtype}`);
        demandShape(
          shape.with(axis, 0),
          first.shape.with(axis, 0),
          "an operand, but for the axis,",
        );
      }
      const extent = operands.reduce((sum, { shape }) => sum + extentOf(shape, axis), 0);
      return { dtype: first.dtype, shape: first.shape.with(axis, extent) };
    },
  },
  upsample: {
    operands: 1,
    meaning:
      "each row and column of a map `factor` times: y[n,c,i,j] = x[n,c, i / f, j / f], rounded down",
    onnx: "Resize (nearest, asymmetric, floor)",
    stablehlo: "reshape, broadcast_in_dim, reshape",
    type({ factor: [rows, columns] }, operands) {
      const x = operandAt(operands, 0);
      demandFloat(x, 4);
      const whole = [rows, columns].every((by) => Number.isSafeInteger(by) && by >= 1);
      demand(whole, `a factor of ${rows}x${columns}`);
      const [n = 0, c = 0, h = 0, w = 0] = x.shape;
      return { dtype: "f32", shape: [n, c, h * rows, w * columns] };
    },
  },
};
