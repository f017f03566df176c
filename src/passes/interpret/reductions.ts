/** Evaluates reductions and pools. */
import type { Pool, ReductionAttributes } from "../program/primitives.js";
import { indexAt, positionsOf, stridesOf } from "../program/positions.js";
import type { Shape } from "../program/value-type.js";
import { at, type Evaluate } from "./evaluation.js";
import { elementAt, tensorOf, zerosOf, type Tensor } from "./tensor.js";

/** Calls `visit` for every element of a shape with the index of the group that it falls into. */
function visitGroups(
  shape: Shape,
  axes: readonly number[],
  visit: (element: number, group: number) => void,
): void {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const inGroups = stridesOf(kept.map((axis) => shape[axis] ?? 1));
  // How far a step along each axis goes among the groups: nowhere along those that are reduced.
  const strides = shape.map((_, axis) => inGroups[kept.indexOf(axis)] ?? 0);
  let element = 0;
  for (const position of positionsOf(shape)) visit(element++, indexAt(strides, position));
}

function sumOver(x: Tensor, axes: readonly number[], shape: Shape): Tensor {
  const result = zerosOf(shape);
  visitGroups(x.shape, axes, (i, group) => {
    result.data[group] = elementAt(result, group) + elementAt(x, i);
  });
  return result;
}

function meanOver(x: Tensor, axes: readonly number[], shape: Shape): Tensor {
  const sum = sumOver(x, axes, shape);
  const count = x.data.length / sum.data.length;
  return tensorOf(shape, (i) => elementAt(sum, i) / count);
}

/** The indices in the map of what each window of a pool sees, row by row, padding left out. */
function* windowsOf(x: Shape, y: Shape, a: Pool): Generator<readonly number[]> {
  const strides = stridesOf(x);
  for (const [n = 0, c = 0, i = 0, j = 0] of positionsOf(y)) {
    const seen: number[] = [];
    for (let u = 0; u < a.kernel[0]; u++)
      for (let v = 0; v < a.kernel[1]; v++) {
        const row = i * a.stride[0] + u - a.padding[0][0];
        const column = j * a.stride[1] + v - a.padding[1][0];
        const inside = row >= 0 && row < (x[2] ?? 0) && column >= 0 && column < (x[3] ?? 0);
        if (inside) seen.push(indexAt(strides, [n, c, row, column]));
      }
    yield seen;
  }
}

/** The index of the first largest element among `seen`. */
function firstLargest(x: Tensor, seen: readonly number[]): number {
  let best = seen[0];
  if (best === undefined) throw new RangeError("a window sees nothing but padding");
  for (const i of seen) if (elementAt(x, i) > elementAt(x, best)) best = i;
  return best;
}

export const reductions: { readonly [K in keyof ReductionAttributes]: Evaluate<K> } = {
  reduceSum: ({ type, attributes: { axes } }, operands) =>
    sumOver(at(operands, 0), axes, type.shape),

  reduceMean: ({ type, attributes: { axes } }, operands) =>
    meanOver(at(operands, 0), axes, type.shape),

  variance: ({ type, attributes: { axes } }, operands) => {
    const [x, mean] = [at(operands, 0), at(operands, 1)];
    const squares = zerosOf(x.shape);
    visitGroups(x.shape, axes, (i, group) => {
      squares.data[i] = (elementAt(x, i) - elementAt(mean, group)) ** 2;
    });
    return meanOver(squares, axes, type.shape);
  },

  argmax: ({ type, attributes: { axis } }, operands) => {
    const x = at(operands, 0);
    const along = stridesOf(x.shape)[axis] ?? 1;
    const seen = tensorOf(type.shape, () => -Infinity);
    const best = zerosOf(type.shape);
    visitGroups(x.shape, [axis], (i, group) => {
      if (!(elementAt(x, i) > elementAt(seen, group))) return;
      seen.data[group] = elementAt(x, i);
      best.data[group] = Math.floor(i / along) % (x.shape[axis] ?? 1);
    });
    return best;
  },

  logSoftmax: ({ attributes: { axis } }, operands) => {
    const x = at(operands, 0);
    const shape = x.shape.filter((_, other) => other !== axis);
    const largest = tensorOf(shape, () => -Infinity);
    const group = new Int32Array(x.data.length);
    visitGroups(x.shape, [axis], (i, of) => {
      group[i] = of;
      largest.data[of] = Math.max(elementAt(largest, of), elementAt(x, i));
    });
    const shifted = tensorOf(x.shape, (i) => elementAt(x, i) - elementAt(largest, group[i] ?? 0));
    const powers = tensorOf(x.shape, (i) => Math.exp(elementAt(shifted, i)));
    const sums = sumOver(powers, [axis], shape);
    return tensorOf(
      x.shape,
      (i) => elementAt(shifted, i) - Math.log(elementAt(sums, group[i] ?? 0)),
    );
  },

  maxPool: ({ type, attributes }, operands) => {
    const x = at(operands, 0);
    const windows = windowsOf(x.shape, type.shape, attributes);
    return tensorOf(type.shape, () =>
      elementAt(x, firstLargest(x, windows.next().value as readonly number[])),
    );
  },

  maxPoolGradient: ({ type, attributes }, operands) => {
    const [x, dy] = [at(operands, 0), at(operands, 1)];
    const dx = zerosOf(type.shape);
    let i = 0;
    for (const seen of windowsOf(x.shape, dy.shape, attributes)) {
      const best = firstLargest(x, seen);
      dx.data[best] = elementAt(dx, best) + elementAt(dy, i++);
    }
    return dx;
  },

  averagePool: ({ type, attributes }, operands) => {
    const x = at(operands, 0);
    const windows = windowsOf(x.shape, type.shape, attributes);
    return tensorOf(type.shape, () => {
      const seen = windows.next().value as readonly number[];
      return seen.reduce((sum, i) => sum + elementAt(x, i), 0) / seen.length;
    });
  },

  averagePoolGradient: ({ type, attributes }, operands) => {
    const dy = at(operands, 0);
    const dx = zerosOf(type.shape);
    let i = 0;
    for (const seen of windowsOf(dx.shape, dy.shape, attributes)) {
      const share = elementAt(dy, i++) / seen.length;
      for (const j of seen) dx.data[j] = elementAt(dx, j) + share;
    }
    return dx;
  },
};
