/** Every operation of the graph as slow, obvious loops in float64 over (N, H, W, C). */
import type {
  BatchNormAttributes,
  ConvAttributes,
  PoolAttributes,
} from "../../src/ops/attributes.js";
import { map, zeros, type Reference } from "./array.js";

function dims(x: Reference): [number, number, number, number] {
  const [n = 0, h = 0, w = 0, c = 0] = x.shape;
  return [n, h, w, c];
}

function at(x: Reference, n: number, h: number, w: number, c: number): number {
  const [, height, width, channels] = dims(x);
  return x.data[((n * height + h) * width + w) * channels + c] ?? NaN;
}

function build(
  shape: readonly [number, number, number, number],
  value: (n: number, h: number, w: number, c: number) => number,
): Reference {
  const out = zeros(shape);
  let i = 0;
  for (let n = 0; n < shape[0]; n++)
    for (let h = 0; h < shape[1]; h++)
      for (let w = 0; w < shape[2]; w++)
        for (let c = 0; c < shape[3]; c++) out.data[i++] = value(n, h, w, c);
  return out;
}

/** floor or ceil of (x + 2p - d(k - 1) - 1) / s, plus 1; a window must begin before the far padding. */
export function extentAfter(
  extent: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
  ceil: boolean,
): number {
  const steps = (extent + 2 * padding - dilation * (kernel - 1) - 1) / stride;
  const count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  return ceil && (count - 1) * stride >= extent + padding ? count - 1 : count;
}

function inside(position: number, extent: number): boolean {
  return position >= 0 && position < extent;
}

/** Convolution; `kernel` is (KH, KW, Cin / groups, Cout). */
export function conv(
  x: Reference,
  kernel: Reference,
  bias: Reference | undefined,
  a: ConvAttributes,
): Reference {
  const [n, height, width, inputs] = dims(x);
  const perGroup = inputs / a.groups;
  const outPerGroup = a.channels / a.groups;
  const out = (axis: 0 | 1, extent: number): number =>
    extentAfter(extent, a.kernel[axis], a.stride[axis], a.padding[axis], a.dilation[axis], false);
  return build([n, out(0, height), out(1, width), a.channels], (image, oh, ow, oc) => {
    const group = Math.floor(oc / outPerGroup);
    let sum = bias?.data[oc] ?? 0;
    for (let kh = 0; kh < a.kernel[0]; kh++)
      for (let kw = 0; kw < a.kernel[1]; kw++) {
        const h = oh * a.stride[0] - a.padding[0] + kh * a.dilation[0];
        const w = ow * a.stride[1] - a.padding[1] + kw * a.dilation[1];
        if (!inside(h, height) || !inside(w, width)) continue;
        for (let c = 0; c < perGroup; c++)
          sum += at(x, image, h, w, group * perGroup + c) * at(kernel, kh, kw, c, oc);
      }
    return sum;
  });
}

function pool(
  x: Reference,
  a: PoolAttributes,
  reduce: (values: readonly number[]) => number,
): Reference {
  const [n, height, width, channels] = dims(x);
  const out = (axis: 0 | 1, extent: number): number =>
    extentAfter(extent, a.kernel[axis], a.stride[axis], a.padding[axis], 1, a.ceil);
  return build([n, out(0, height), out(1, width), channels], (image, oh, ow, c) => {
    const seen: number[] = [];
    for (let kh = 0; kh < a.kernel[0]; kh++)
      for (let kw = 0; kw < a.kernel[1]; kw++) {
        const h = oh * a.stride[0] - a.padding[0] + kh;
        const w = ow * a.stride[1] - a.padding[1] + kw;
        if (inside(h, height) && inside(w, width)) seen.push(at(x, image, h, w, c));
      }
    return reduce(seen);
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function maxpool(x: Reference, a: PoolAttributes): Reference {
  return pool(x, a, (values) => Math.max(...values));
}

/** Padding is left out of the count. */
export function avgpool(x: Reference, a: PoolAttributes): Reference {
  return pool(x, a, mean);
}

export function globalavgpool(x: Reference): Reference {
  const [n, height, width, channels] = dims(x);
  const out = zeros([n, channels]);
  for (let image = 0; image < n; image++)
    for (let c = 0; c < channels; c++) {
      const values: number[] = [];
      for (let h = 0; h < height; h++)
        for (let w = 0; w < width; w++) values.push(at(x, image, h, w, c));
      out.data[image * channels + c] = mean(values);
    }
  return out;
}

export interface BatchNormParameters {
  readonly gamma: Reference;
  readonly beta: Reference;
  readonly mean: Reference;
  readonly variance: Reference;
}

/** gamma (x - mean) / sqrt(variance + epsilon) + beta, per channel (the last axis). */
export function batchnorm(x: Reference, p: BatchNormParameters, a: BatchNormAttributes): Reference {
  const channels = x.shape.at(-1) ?? 1;
  return map(x, (value, i) => {
    const c = i % channels;
    const scale = (p.gamma.data[c] ?? 0) / Math.sqrt((p.variance.data[c] ?? 0) + a.epsilon);
    return (value - (p.mean.data[c] ?? 0)) * scale + (p.beta.data[c] ?? 0);
  });
}

/** Mean and biased variance of every channel over all other axes. */
export function moments(x: Reference): { mean: Reference; variance: Reference } {
  const channels = x.shape.at(-1) ?? 1;
  const of = (c: number): number[] => [...x.data].filter((_, i) => i % channels === c);
  const means = Float64Array.from({ length: channels }, (_, c) => mean(of(c)));
  const variances = Float64Array.from({ length: channels }, (_, c) =>
    mean(of(c).map((value) => (value - (means[c] ?? 0)) ** 2)),
  );
  return {
    mean: { shape: [channels], data: means },
    variance: { shape: [channels], data: variances },
  };
}

export function relu(x: Reference): Reference {
  return map(x, (value) => Math.max(value, 0));
}

export function sigmoid(x: Reference): Reference {
  return map(x, (value) => 1 / (1 + Math.exp(-value)));
}

/** x (N, Cin) times kernel (Cin, Cout), plus bias. */
export function dense(x: Reference, kernel: Reference, bias: Reference | undefined): Reference {
  const [n = 0, inputs = 0] = x.shape;
  const outputs = kernel.shape[1] ?? 0;
  const out = zeros([n, outputs]);
  for (let image = 0; image < n; image++)
    for (let o = 0; o < outputs; o++) {
      let sum = bias?.data[o] ?? 0;
      for (let i = 0; i < inputs; i++)
        sum += (x.data[image * inputs + i] ?? 0) * (kernel.data[i * outputs + o] ?? 0);
      out.data[image * outputs + o] = sum;
    }
  return out;
}

export function flatten(x: Reference): Reference {
  const [n, h, w, c] = dims(x);
  return { shape: [n, h * w * c], data: x.data };
}

export function upsample(x: Reference, factor: readonly [number, number]): Reference {
  const [n, h, w, c] = dims(x);
  return build([n, h * factor[0], w * factor[1], c], (image, row, column, channel) =>
    at(x, image, Math.floor(row / factor[0]), Math.floor(column / factor[1]), channel),
  );
}

export function subsample(x: Reference, stride: readonly [number, number]): Reference {
  const [n, h, w, c] = dims(x);
  return build([n, Math.ceil(h / stride[0]), Math.ceil(w / stride[1]), c], (image, row, col, ch) =>
    at(x, image, row * stride[0], col * stride[1], ch),
  );
}

export function padchannels(x: Reference, channels: number): Reference {
  const [n, h, w, c] = dims(x);
  return build([n, h, w, channels], (image, row, column, channel) =>
    channel < c ? at(x, image, row, column, channel) : 0,
  );
}

export function add(...operands: readonly Reference[]): Reference {
  const [first, ...others] = operands;
  if (first === undefined) throw new RangeError("nothing to add");
  return map(first, (value, i) =>
    others.reduce((sum, other) => sum + (other.data[i] ?? NaN), value),
  );
}

export function concat(...operands: readonly Reference[]): Reference {
  const [first] = operands;
  if (first === undefined) throw new RangeError("nothing to concatenate");
  const rows = first.data.length / (first.shape.at(-1) ?? 1);
  const data: number[] = [];
  for (let row = 0; row < rows; row++)
    for (const operand of operands) {
      const channels = operand.shape.at(-1) ?? 0;
      data.push(...operand.data.subarray(row * channels, (row + 1) * channels));
    }
  return {
    shape: [...first.shape.slice(0, -1), data.length / rows],
    data: Float64Array.from(data),
  };
}

/** x times a gate of the same shape, or of one value per image and channel. */
export function multiply(x: Reference, gate: Reference): Reference {
  if (gate.data.length === x.data.length) {
    return map(x, (value, i) => value * (gate.data[i] ?? NaN));
  }
  const [n, h, w, c] = dims(x);
  return build(
    [n, h, w, c],
    (image, row, column, channel) =>
      at(x, image, row, column, channel) * (gate.data[image * c + channel] ?? NaN),
  );
}
