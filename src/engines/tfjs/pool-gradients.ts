/**
 * The gradients of pools where TensorFlow.js 4.22 has them wrong: its average pools divide by the whole
 * window even where part of it is padding, and wasm's max pool passes nothing to a negative maximum.
 */
import {
  avgPool,
  mul,
  tensor4d,
  tidy,
  type backend_util,
  type Tensor4D,
} from "@tensorflow/tfjs-core";

/** A pool's geometry, as `backend_util.computePool2DInfo` gives it. */
export type PoolInfo = backend_util.Conv2DInfo;

/** The rows (or columns) that a window sees: from the first to before the last, padding left out. */
function seen(out: number, stride: number, before: number, size: number, extent: number) {
  const start = out * stride - before;
  return { first: Math.max(start, 0), end: Math.min(start + size, extent) };
}

/**
 * The gradient of a max pool: each output's goes to the first largest value that its window sees.
 * @param x the pool's input (N, H, W, C). @param dy the gradient of its output.
 */
export function maxPoolGradient(x: Tensor4D, dy: Tensor4D, info: PoolInfo): Tensor4D {
  const values = x.dataSync();
  const outer = dy.dataSync();
  const dx = new Float32Array(values.length);
  const { batchSize, inHeight, inWidth, outHeight, outWidth, inChannels: channels } = info;
  let out = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const rows = seen(row, info.strideHeight, info.padInfo.top, info.filterHeight, inHeight);
      for (let column = 0; column < outWidth; column++) {
        const { strideWidth, padInfo, filterWidth } = info;
        const columns = seen(column, strideWidth, padInfo.left, filterWidth, inWidth);
        for (let channel = 0; channel < channels; channel++, out++) {
          let best = -1;
          let largest = -Infinity;
          for (let h = rows.first; h < rows.end; h++) {
            const start = ((image * inHeight + h) * inWidth + columns.first) * channels + channel;
            for (let w = columns.first, at = start; w < columns.end; w++, at += channels) {
              const value = values[at] as number;
              if (value > largest || best < 0) {
                largest = value;
                best = at;
              }
            }
          }
          if (best >= 0) dx[best] = (dx[best] as number) + (outer[out] as number);
        }
      }
    }
  }
  return tensor4d(dx, x.shape);
}

/**
 * `dy` times the window's size over what each window really sees, so that the stock gradient of an
 * average, which divides by the size, becomes the right one.
 */
export function correctAverage(dy: Tensor4D, info: PoolInfo): Tensor4D {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const factors = new Float32Array(outHeight * outWidth);
  for (let row = 0; row < outHeight; row++) {
    const rows = seen(row, info.strideHeight, info.padInfo.top, filterHeight, inHeight);
    for (let column = 0; column < outWidth; column++) {
      const columns = seen(column, info.strideWidth, info.padInfo.left, filterWidth, inWidth);
      const count = (rows.end - rows.first) * (columns.end - columns.first);
      factors[row * outWidth + column] = (filterHeight * filterWidth) / count;
    }
  }
  return tidy(() => mul(dy, tensor4d(factors, [1, outHeight, outWidth, 1])));
}

/** The gradient of an enlargement by whole factors that repeats values: the sum over each block. */
export function repeatGradient(dy: Tensor4D, factor: readonly [number, number]): Tensor4D {
  const [height, width] = factor;
  return tidy(() => mul(avgPool(dy, [height, width], [height, width], "valid"), height * width));
}
