/** Reductions, normalisation and pools. Statistics of blocked maps are taken in two steps. */
import type { ReductionAttributes } from "../../../passes/program/primitives.js";
import { pooledShape } from "../../../passes/program/reductions.js";
import { sameShape, type Shape } from "../../../passes/program/value-type.js";
import { elementCount } from "../../../shapes/index.js";
import type { Emitted } from "../emitter.js";
import { axis, type Form } from "../form.js";
import type { GivenAttributes } from "../graph-writer.js";
import { isClosed } from "../open-shape.js";
import { blockedMaxPoolGradient } from "./blocked-pool-gradient.js";
import { poolAttributes } from "./pool-attributes.js";
import { operand, plainly, type Place, type Row } from "./row.js";

type Reducer = "ReduceSum" | "ReduceMean";
type Reducing = Place<"reduceSum"> | Place<"reduceMean"> | Place<"variance">;

export const reductions: { readonly [K in keyof ReductionAttributes]: Row<K> } = {
  reduceSum: (place) => reduce(place, "ReduceSum"),
  reduceMean: (place) => reduce(place, "ReduceMean"),

  // In one pass over x: the mean of x^2 less the square of the mean, which rounding must not make negative.
  variance: (place) => {
    const { e, g, attributes } = place;
    const [x, mean] = [operand(place), operand(place, 1)];
    const form = reducibleForm(place);
    const value = e.in(x, form);
    const square = g.node("Mul", [value, value]);
    const meanSquare = reduceValue(place, square, form, "ReduceMean", attributes.axes);
    const m = e.plain(mean);
    const difference = g.node("Sub", [meanSquare, g.node("Mul", [m, m])]);
    return plainly(g.node("Max", [difference, g.scalar(0)]));
  },

  argmax: (place) => {
    const { e, g, attributes } = place;
    const index = g.node("ArgMax", [e.plain(operand(place))], {
      axis: attributes.axis,
      keepdims: 0,
    });
    return plainly(g.node("Cast", [index], { to: 6 }));
  },

  logSoftmax: (place) => {
    const { e, g, attributes } = place;
    return plainly(g.node("LogSoftmax", [e.plain(operand(place))], { axis: attributes.axis }));
  },

  maxPool: (place) => pool(place, "MaxPool", {}),
  averagePool: (place) => pool(place, "AveragePool", { count_include_pad: 0 }),

  // The runtime's indices are of the first largest element, in the whole of x.
  maxPoolGradient: (place) => {
    const { e, g, attributes } = place;
    const [x, dy] = [operand(place), operand(place, 1)];
    const blocked = e.formOf(x) === "blocked" ? blockedMaxPoolGradient(place) : undefined;
    if (blocked !== undefined) return blocked;
    const { shape } = e.typeOf(x);
    const [, indices = ""] = g.nodes("MaxPool", [e.plain(x)], 2, poolAttributes(attributes, shape));
    const size = [elementCount(shape)];
    const zeros = g.zeros(size);
    const scattered = g.node(
      "ScatterElements",
      [zeros, g.view(indices, [-1]), g.view(e.plain(dy), [-1])],
      { axis: 0, reduction: "add" },
    );
    return plainly(g.view(scattered, shape));
  },

  averagePoolGradient,
};

function reduce(place: Place<"reduceSum"> | Place<"reduceMean">, reducer: Reducer): Emitted {
  const { e, attributes, type } = place;
  const name = operand(place);
  if (attributes.axes.length === 0)
    return { form: e.formOf(name), value: e.in(name, e.formOf(name)) };
  const pooled = reducer === "ReduceMean" && e.formOf(name) === "blocked";
  if (pooled && attributes.axes.join() === "2,3") {
    const averages = place.g.blocked("GlobalAveragePool", [e.blocked(name)]);
    return plainly(place.g.view(averages, type.shape));
  }
  const form = reducibleForm(place);
  return plainly(reduceValue(place, e.in(name, form), form, reducer, attributes.axes));
}

/** The form in which the operand is reduced: its own, but that of a kernel only where nothing is left. */
function reducibleForm({ e, attributes, ...place }: Reducing): Form {
  const name = operand(place);
  const form = e.formOf(name);
  const { length } = e.typeOf(name).shape;
  const all = attributes.axes.length === length;
  return (form === "kernel" && !all) || attributes.axes.length === 0 ? "plain" : form;
}

/** Reduces a value that lies in `form` to a plain one. */
function reduceValue(
  place: Reducing,
  value: string,
  form: Form,
  reducer: Reducer,
  axes: readonly number[],
): string {
  const { e, g, type } = place;
  const name = operand(place);
  const { shape } = e.typeOf(name);
  const over = (x: string, along: readonly number[]): string =>
    g.node(reducer, [x, g.integers(along)], { keepdims: 0 });
  // ONNX takes no axes for all of them.
  if (axes.length === 0) return value;
  if (axes.length === shape.length) return over(g.view(value, [-1]), [0]);
  const sorted = axes.toSorted((left, right) => left - right);
  if (form === "blocked" && sorted.includes(2) && sorted.includes(3) && !sorted.includes(1)) {
    const alongSpace = over(g.view(value, e.viewOf(name)), [2]);
    return g.view(sorted.includes(0) ? over(alongSpace, [0]) : alongSpace, type.shape);
  }
  const plain =
    form === "plain" ? value : g.blocked("ReorderOutput", [value], { channels: axis(shape, 1) });
  if (shape.length === 4 && sameShape(sorted, [0, 2, 3]) && isClosed(e.openShapeOf(name))) {
    const [n, c, h, w] = [axis(shape, 0), axis(shape, 1), axis(shape, 2), axis(shape, 3)];
    return over(g.view(plain, [n, c, h * w]), [0, 2]);
  }
  return over(plain, sorted);
}

function pool(
  place: Place<"maxPool"> | Place<"averagePool">,
  operator: string,
  more: GivenAttributes,
): Emitted {
  const { e, g, attributes } = place;
  const name = operand(place);
  const given = { ...poolAttributes(attributes, e.typeOf(name).shape), ...more };
  if (e.formOf(name) === "blocked") {
    return { form: "blocked", value: g.blocked(operator, [e.blocked(name)], given) };
  }
  return plainly(g.node(operator, [e.plain(name)], given));
}

/** dy over its window's count, then to every element of the window: a transposed convolution with ones. */
function averagePoolGradient(place: Place<"averagePoolGradient">): Emitted {
  const { e, g, attributes } = place;
  const { shape, kernel, stride, padding } = attributes;
  const channels = axis(shape, 1);
  const dy = e.plain(operand(place));
  const shares = g.node("Mul", [dy, countShares(place)]);
  const ones = g.constant(
    "float32",
    [channels, 1, ...kernel],
    new Float32Array(channels * kernel[0] * kernel[1]).fill(1),
  );
  const [, , ...windows] = pooledShape(shape, attributes);
  // What the windows leave of the map's far border gets nothing.
  const rest = ([0, 1] as const).map((i) => {
    const reached = (axis(windows, i) - 1) * stride[i] + kernel[i];
    return axis(shape, i + 2) + padding[i][0] + padding[i][1] - reached;
  });
  const far = ([0, 1] as const).map((i) => padding[i][1] - (rest[i] ?? 0));
  const crop = far.map((zeros) => Math.max(zeros, 0));
  const missing = far.map((zeros) => Math.max(-zeros, 0));
  const whole = g.node("ConvTranspose", [shares, ones], {
    group: channels,
    kernel_shape: kernel,
    strides: stride,
    pads: [padding[0][0], padding[1][0], ...crop],
  });
  if (missing.every((zeros) => zeros === 0)) return plainly(whole);
  return plainly(g.node("Pad", [whole, g.integers([0, 0, 0, 0, 0, 0, ...missing])]));
}

/** 1 over how many elements of the map each window holds, (1, 1, rows, columns). */
function countShares({ g, attributes }: Place<"averagePoolGradient">): string {
  const { shape, kernel, stride, padding } = attributes;
  const [, , ...windows] = pooledShape(shape, attributes);
  const counts = ([0, 1] as const).map((i) =>
    Array.from({ length: axis(windows, i) }, (_, window) => {
      const first = window * stride[i] - padding[i][0];
      return Math.min(first + kernel[i], axis(shape, i + 2)) - Math.max(first, 0);
    }),
  ) as [number[], number[]];
  const shares = Float32Array.from(
    counts[0].flatMap((rows) => counts[1].map((columns) => 1 / (rows * columns))),
  );
  const dims: Shape = [1, 1, counts[0].length, counts[1].length];
  return g.constant("float32", dims, shares);
}
