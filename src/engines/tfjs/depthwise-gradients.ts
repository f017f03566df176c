/**
 * The two gradients of a depthwise convolution, written with forward operations that every backend
 * has: wasm registers neither, and no backend differentiates a dilated one.
 */
import {
  add,
  depthwiseConv2d,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  stack,
  stridedSlice,
  sum,
  tidy,
  transpose,
  type Tensor1D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { reach, sliceIfLarger, spread, type Convolution } from "./convolution-gradients.js";

/**
 * The gradient for the input: channel by channel the full convolution of `dy`, spread by the stride,
 * with the filter (KH, KW, C, M) turned by half a turn, summed over the M outputs of a channel.
 */
export function depthwiseInputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: readonly [number, number, number, number],
  { stride, dilation, before }: Convolution,
): Tensor4D {
  return tidy(() => {
    const [batch, height, width, channels] = inputShape;
    const [kernelHeight, kernelWidth, , multiplier] = filter.shape;
    let total: Tensor4D | undefined;
    for (let m = 0; m < multiplier; m++) {
      const part = spread(everyOutput(dy, channels, m), stride);
      const taps = slice(filter, [0, 0, 0, m], [kernelHeight, kernelWidth, channels, 1]);
      const rows = reach(dilation[0] * (kernelHeight - 1), before[0], height, part.shape[1]);
      const columns = reach(dilation[1] * (kernelWidth - 1), before[1], width, part.shape[2]);
      const padded = pad(part, [[0, 0], rows.pads, columns.pads, [0, 0]]);
      const full = depthwiseConv2d(
        padded as Tensor4D,
        reverse(taps, [0, 1]) as Tensor4D,
        1,
        "valid",
        "NHWC",
        [dilation[0], dilation[1]],
      );
      const share = sliceIfLarger(
        full,
        [0, rows.skip, columns.skip, 0],
        [batch, height, width, channels],
      );
      total = total === undefined ? share : add<Tensor4D>(total, share);
    }
    if (total === undefined) throw new RangeError("a depthwise filter without outputs");
    return total;
  });
}

/** The gradient for the filter: for every tap, the sum over all positions of what it saw times `dy`. */
export function depthwiseFilterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: readonly [number, number, number, number],
  { stride, dilation, before }: Convolution,
): Tensor4D {
  return tidy((): Tensor4D => {
    const [kernelHeight, kernelWidth, channels, multiplier] = filterShape;
    const [batch, height, width] = x.shape;
    const [, outHeight, outWidth] = dy.shape;
    const needed = (axis: 0 | 1, kernel: number, out: number): number =>
      dilation[axis] * (kernel - 1) + stride[axis] * out;
    const padded = pad<Tensor4D>(x, [
      [0, 0],
      [before[0], Math.max(needed(0, kernelHeight, outHeight) - height - before[0], 0)],
      [before[1], Math.max(needed(1, kernelWidth, outWidth) - width - before[1], 0)],
      [0, 0],
    ]);
    const taps: Tensor1D[] = [];
    for (let row = 0; row < kernelHeight; row++) {
      for (let column = 0; column < kernelWidth; column++) {
        const top = row * dilation[0];
        const left = column * dilation[1];
        const seen = stridedSlice(
          padded,
          [0, top, left, 0],
          [batch, top + outHeight * stride[0], left + outWidth * stride[1], channels],
          [1, stride[0], stride[1], 1],
        );
        for (let m = 0; m < multiplier; m++) {
          taps.push(sum(mul(seen, everyOutput(dy, channels, m)), [0, 1, 2]));
        }
      }
    }
    const stacked = reshape(stack(taps), [kernelHeight, kernelWidth, multiplier, channels]);
    return multiplier === 1
      ? reshape(stacked, [...filterShape])
      : transpose<Tensor4D>(stacked as Tensor4D, [0, 1, 3, 2]);
  });
}

/** Output number `m` of every channel: (N, H, W, C M) to (N, H, W, C). */
function everyOutput(dy: Tensor4D, channels: number, m: number): Tensor4D {
  const [batch, height, width, outputs] = dy.shape;
  if (outputs === channels) return dy;
  const split = reshape(dy, [batch * height * width, channels, outputs / channels]);
  const one = slice(split, [0, 0, m], [batch * height * width, channels, 1]);
  return reshape(one, [batch, height, width, channels]);
}
