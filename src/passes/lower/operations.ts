/** The lowering of every operation of the graph to primitives, one row each. */
import type { OpName, Pair, PoolAttributes } from "../../ops/attributes.js";
import { elementCount } from "../../shapes/index.js";
import type { Pool, Sides } from "../program/primitives.js";
import { lowerBatchNorm } from "./batch-norm.js";
import { lowerDropout, lowerDropPath } from "./dropout.js";
import { only, type Lower, type Place } from "./place.js";

export const lowerings: { readonly [K in OpName]: Lower<K> } = {
  // The images come in the canonical layout (N, H, W, C).
  input: (place) => place.b.transpose(only(place), [0, 3, 1, 2]),

  conv: (place) => {
    const { b, node, parameter } = place;
    const { stride, padding, dilation, groups, bias } = node.attributes;
    const geometry = { stride, padding: bothSides(padding), dilation, groups };
    const y = b.apply("conv", geometry, only(place), parameter("kernel"));
    return bias ? b.add(y, b.perChannel(parameter("bias"), y.type.shape)) : y;
  },

  batchnorm: lowerBatchNorm,
  relu: (place) => place.b.apply("relu", {}, only(place)),
  sigmoid: (place) => place.b.apply("sigmoid", {}, only(place)),

  maxpool: (place) => place.b.apply("maxPool", poolOf(place), only(place)),
  avgpool: (place) => place.b.apply("averagePool", poolOf(place), only(place)),
  globalavgpool: (place) => place.b.apply("reduceMean", { axes: [2, 3] }, only(place)),

  flatten: (place) => {
    const rows = place.b.transpose(only(place), [0, 2, 3, 1]);
    const [n = 1, ...rest] = rows.type.shape;
    return place.b.reshape(rows, [n, elementCount(rest)]);
  },

  dense: (place) => {
    const { b, node, parameter } = place;
    const plain = { transposeLeft: false, transposeRight: false };
    const y = b.apply("matmul", plain, only(place), parameter("kernel"));
    return node.attributes.bias ? b.add(y, b.perChannel(parameter("bias"), y.type.shape)) : y;
  },

  dropout: lowerDropout,
  droppath: lowerDropPath,

  upsample: (place) => {
    const { factor } = place.node.attributes;
    const changes = factor.some((by) => by !== 1);
    return changes ? place.b.apply("upsample", { factor }, only(place)) : only(place);
  },

  subsample: (place) => {
    const x = only(place);
    const limit = x.type.shape;
    return place.b.slice(x, [0, 0, 0, 0], limit, [1, 1, ...place.node.attributes.stride]);
  },

  padchannels: (place) => {
    const x = only(place);
    const missing = place.node.attributes.channels - (x.type.shape[1] ?? 0);
    const nothing = x.type.shape.map(() => 0);
    return place.b.pad(x, nothing, nothing.with(1, missing));
  },

  add: ({ b, inputs }) => inputs.reduce((sum, operand) => b.add(sum, operand)),

  concat: ({ b, inputs }) => b.apply("concat", { axis: 1 }, ...inputs),

  multiply: ({ b, inputs, node }) => {
    const [x, gate] = inputs;
    if (x === undefined || gate === undefined) throw new RangeError(`${node.name} has no gate`);
    const { shape } = x.type;
    // A gate is a map of the same size, a 1x1 map, or a vector.
    const axes = gate.type.shape.map((_, axis) => axis);
    return b.multiply(x, b.broadcast(gate, shape, axes));
  },
};

function bothSides([height, width]: Pair): readonly [Sides, Sides] {
  return [
    [height, height],
    [width, width],
  ];
}

/**
 * With `ceil` the padding of the far border grows by min(s - 1, k - p - 1). A window more fits there just
 * where the rule with `ceil` (`windowExtent`) has one, whatever the size of the map:
 * floor((x + min(2p - k + 2s - 1, p + s - 1)) / s) windows.
 */
function poolOf({ node }: Place<"maxpool"> | Place<"avgpool">): Pool {
  const { kernel, stride, padding, ceil }: PoolAttributes = node.attributes;
  const sides = (axis: 0 | 1): Sides => {
    const [k, s, p] = [kernel[axis], stride[axis], padding[axis]];
    return [p, ceil ? Math.min(p + s - 1, k - 1) : p];
  };
  return { kernel, stride, padding: [sides(0), sides(1)] };
}
