/**
 * The two gradients of a convolution written as convolutions. They need only the forward kernels of a
 * backend, so they give wasm the filter gradient that it lacks and an input gradient as fast as its
 * forward pass, and every backend the gradients of dilated convolutions.
 */
import {
  conv2d,
  engine,
  getBackend,
  getKernel,
  matMul,
  pad,
  reshape,
  slice,
  stridedSlice,
  tensor2d,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { turnedFilter } from "./webgpu/element-kernels.js";

/** Height and width, in this order. */
export type Pair = readonly [number, number];

/** A convolution as its gradients need it: (N, H, W, Cin) with (KH, KW, Cin, Cout). */
export interface Convolution {
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Rows and columns of zeros before the first. What lies after the last follows from the shapes. */
  readonly before: Pair;
}

/**
 * The gradient for the input, of `inputShape` (N, H, W, Cin), from that of the output `dy`:
 * the full convolution of `dy`, its rows and columns spread by the stride, with the filter turned by
 * half a turn and its channels swapped (Dumoulin and Visin 2016, sections 4.5 and 4.6).
 */
export function inputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: readonly [number, number, number, number],
  { stride, dilation, before }: Convolution,
): Tensor4D {
  return tidy(() => {
    const [batch, height, width, inputs] = inputShape;
    const [kernelHeight, kernelWidth] = filter.shape;
    const turned = turnFilter(filter);
    if (kernelHeight * kernelWidth === 1 && before[0] + before[1] === 0) {
      return fit(spread(conv2d(dy, turned, 1, "valid"), stride), [height, width]);
    }
    const spreadDy = spread(dy, stride);
    const rows = reach(dilation[0] * (kernelHeight - 1), before[0], height, spreadDy.shape[1]);
    const columns = reach(dilation[1] * (kernelWidth - 1), before[1], width, spreadDy.shape[2]);
    const full = conv2d(spreadDy, turned, 1, [[0, 0], rows.pads, columns.pads, [0, 0]], "NHWC", [
      dilation[0],
      dilation[1],
    ]);
    return sliceIfLarger(full, [0, rows.skip, columns.skip, 0], [batch, height, width, inputs]);
  });
}

/**
 * The gradient for the filter, of `filterShape` (KH, KW, Cin, Cout): the convolution of the input as
 * (Cin, H, W, N) with `dy` as the filter (OH, OW, N, Cout), stride and dilation exchanged.
 */
export function filterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: readonly [number, number, number, number],
  { stride, dilation, before }: Convolution,
): Tensor4D {
  return tidy(() => {
    const [kernelHeight, kernelWidth, inputs, outputs] = filterShape;
    const [batch, height, width] = x.shape;
    const [, outHeight, outWidth] = dy.shape;
    if (kernelHeight * kernelWidth === 1 && before[0] + before[1] === 0) {
      return pointwiseFilterGradient(x, dy, stride);
    }
    const images = transpose(reshape(x, [batch, height * width, inputs]), [2, 1, 0]);
    const filter = transpose(reshape(dy, [batch, outHeight * outWidth, outputs]), [1, 0, 2]);
    const after = (axis: 0 | 1, kernel: number, out: number, extent: number): number =>
      Math.max(
        dilation[axis] * (kernel - 1) + stride[axis] * (out - 1) + 1 - extent - before[axis],
        0,
      );
    const taps = conv2d(
      reshape(images, [inputs, height, width, batch]) as Tensor4D,
      reshape(filter, [outHeight, outWidth, batch, outputs]) as Tensor4D,
      [dilation[0], dilation[1]],
      [
        [0, 0],
        [before[0], after(0, kernelHeight, outHeight, height)],
        [before[1], after(1, kernelWidth, outWidth, width)],
        [0, 0],
      ],
      "NHWC",
      [stride[0], stride[1]],
    );
    const covered = sliceIfLarger(taps, [0, 0, 0, 0], [inputs, kernelHeight, kernelWidth, outputs]);
    const flat = reshape(covered, [inputs, kernelHeight * kernelWidth, outputs]);
    return reshape(transpose(flat, [1, 0, 2]), [...filterShape]);
  });
}

/** A 1x1 filter's gradient is one matrix product over all pixels that the stride visits. */
function pointwiseFilterGradient(x: Tensor4D, dy: Tensor4D, stride: Pair): Tensor4D {
  const [batch, outHeight, outWidth, outputs] = dy.shape;
  const inputs = x.shape[3];
  const pixels = batch * outHeight * outWidth;
  const visited =
    stride[0] === 1 && stride[1] === 1
      ? x
      : stridedSlice(
          x,
          [0, 0, 0, 0],
          [batch, outHeight * stride[0], outWidth * stride[1], inputs],
          [1, stride[0], stride[1], 1],
        );
  const columns = transpose(reshape(visited, [pixels, inputs]), [1, 0]) as Tensor2D;
  const product = matMul(columns, reshape(dy, [pixels, outputs]) as Tensor2D);
  return reshape(product, [1, 1, inputs, outputs]);
}

/** Half a turn in the plane, and input and output channels exchanged. */
function turnFilter(filter: Tensor4D): Tensor4D {
  if (getKernel(turnedFilter, getBackend()) !== undefined) {
    return engine().runKernel(turnedFilter, { filter }) as Tensor4D;
  }
  const [height, width, inputs, outputs] = filter.shape;
  const taps = reshape(filter, [height * width, inputs, outputs]);
  const swapped = transpose(taps, [0, 2, 1]);
  const turned = height * width === 1 ? swapped : reverseRows(swapped);
  return reshape(turned, [height, width, outputs, inputs]);
}

/**
 * The slices along the first axis in reverse order, as a product with the exchange matrix: wasm's own
 * kernels for reversing and gathering take 30 times as long.
 */
function reverseRows(x: Tensor): Tensor {
  const rows = x.shape[0] ?? 1;
  const exchange = Float32Array.from({ length: rows * rows }, (_, i) =>
    Math.floor(i / rows) + (i % rows) === rows - 1 ? 1 : 0,
  );
  const flat = reshape(x, [rows, x.size / rows]) as Tensor2D;
  return matMul(tensor2d(exchange, [rows, rows]), flat);
}

/** Shared with the depthwise gradients: (N, H, W, C) to (N, H sh, W sw, C), each value followed by zeros in both directions. */
export function spread(x: Tensor4D, stride: Pair): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  let out: Tensor = x;
  if (stride[1] > 1) {
    out = pad(reshape(out, [batch * height * width, channels]), [
      [0, 0],
      [0, (stride[1] - 1) * channels],
    ]);
  }
  if (stride[0] > 1) {
    const row = width * stride[1] * channels;
    out = pad(reshape(out, [batch * height, row]), [
      [0, 0],
      [0, (stride[0] - 1) * row],
    ]);
  }
  return reshape(out, [batch, height * stride[0], width * stride[1], channels]);
}

/** Cuts or fills with zeros on the far sides until the map is of this height and width. */
function fit(x: Tensor4D, [height, width]: Pair): Tensor4D {
  const [batch, , , channels] = x.shape;
  const cut = sliceIfLarger(
    x,
    [0, 0, 0, 0],
    [batch, Math.min(height, x.shape[1]), Math.min(width, x.shape[2]), channels],
  );
  const [, haveRows, haveColumns] = cut.shape;
  if (haveRows === height && haveColumns === width) return cut;
  return pad(cut, [
    [0, 0],
    [0, height - haveRows],
    [0, width - haveColumns],
    [0, 0],
  ]);
}

/** How far the full convolution reaches over both ends, and how many of its rows lie in the padding. */
export function reach(
  overlap: number,
  before: number,
  extent: number,
  spreadExtent: number,
): { readonly pads: [number, number]; readonly skip: number } {
  const near = overlap - before;
  const far = extent + before - spreadExtent;
  return { pads: [Math.max(near, 0), Math.max(far, 0)], skip: Math.max(-near, 0) };
}

export function sliceIfLarger(
  x: Tensor4D,
  begin: [number, number, number, number],
  size: [number, number, number, number],
): Tensor4D {
  return x.shape.every((extent, axis) => extent === size[axis]) ? x : slice(x, begin, size);
}
