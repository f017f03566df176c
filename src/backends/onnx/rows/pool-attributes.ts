/** The attributes of ONNX's pools, standard and blocked. */
import type { Pool } from "../../../passes/program/primitives.js";
import { pooledShape } from "../../../passes/program/reductions.js";
import type { Shape } from "../../../passes/program/value-type.js";
import { axis } from "../form.js";
import type { GivenAttributes } from "../graph-writer.js";

/**
 * ONNX pads both beginnings first, then both ends. The runtime refuses padding as wide as a window: such a
 * far side is padded only as far as the last window reaches.
 */
export function poolAttributes(pool: Pool, shape: Shape): GivenAttributes {
  const { kernel, stride, padding } = pool;
  const [, , ...windows] = pooledShape(shape, pool);
  const ends = ([0, 1] as const).map((i) => {
    if (padding[i][1] < kernel[i]) return padding[i][1];
    const reached = (axis(windows, i) - 1) * stride[i] + kernel[i];
    return Math.max(reached - padding[i][0] - axis(shape, i + 2), 0);
  });
  return {
    kernel_shape: kernel,
    strides: stride,
    pads: [padding[0][0], padding[1][0], ...ends],
  };
}
