/**
 * The kernel gradient of a convolution on blocked maps. A 1x1 kernel's is one matrix product. Any other's
 * is a convolution of x with dy in which batch and channels change places: images are the channels of x,
 * and the channels that are summed over are some of the batch's images, a group's worth, few enough that
 * the runtime takes them without blocks. The groups' results are added.
 */
import type { Emitted } from "../emitter.js";
import { axis, canBlock } from "../form.js";
import { microsoft } from "../graph-writer.js";
import { operand, type Place } from "./row.js";

export function blockedKernelGradient(place: Place<"convKernelGradient">): Emitted {
  const { shape, padding } = place.attributes;
  const [, inputs = 1, height = 1, width = 1] = shape;
  const pointwise = height === 1 && width === 1 && padding.flat().every((zeros) => zeros === 0);
  const whole = inputs % (place.e.block ?? 1) === 0;
  return pointwise && whole ? matrixProduct(place) : swappedConvolution(place);
}

/**
 * dW = dY X^T, with dY (Cout, N h w) and X (Cin, N h w), every s-th row and column of x; or image by image
 * and summed, where that moves fewer elements than bringing the images of a channel together.
 */
function matrixProduct(place: Place<"convKernelGradient">): Emitted {
  const { e, g, attributes, type } = place;
  const { stride, shape } = attributes;
  const block = e.block ?? 1;
  const [x, dy] = [operand(place), operand(place, 1)];
  const [outputs, inputs] = [axis(shape, 0), axis(shape, 1)];
  const [n = 1, , height = 1, width = 1] = e.typeOf(dy).shape;
  const chosen = stride.every((by) => by === 1)
    ? e.blocked(x)
    : passThrough(place, e.blocked(x), inputs, { strides: stride });
  const apart = 2 * outputs * inputs <= (outputs + inputs) * height * width;
  const rows = (blocked: string, channels: number): string => {
    const plain = g.blocked("ReorderOutput", [blocked], { channels });
    if (apart) return g.view(plain, [n, channels, height * width]);
    return g.view(g.node("Transpose", [plain], { perm: [1, 0, 2, 3] }), [channels, -1]);
  };
  const factors = [rows(e.blocked(dy), outputs), rows(chosen, inputs)];
  const product = g.node("FusedMatMul", factors, { transB: 1 }, microsoft);
  const summed = apart ? g.node("ReduceSum", [product, g.integers([0])], { keepdims: 0 }) : product;
  // (Cout / b, b, Cin) to (Cout / b, Cin, b).
  const blocks = g.view(summed, [outputs / block, block, 1, inputs]);
  return { form: "kernel", value: g.view(g.blocked("ReorderInput", [blocks]), type.shape) };
}

/** A depthwise convolution that gives every element as it is: it pads, or leaves some out. */
function passThrough(
  { g }: Place<"convKernelGradient">,
  blocked: string,
  channels: number,
  given: { readonly strides?: readonly number[]; readonly pads?: readonly number[] },
): string {
  const ones = g.constant("float32", [channels, 1, 1, 1], new Float32Array(channels).fill(1));
  return g.blocked("Conv", [blocked, ones], { group: channels, kernel_shape: [1, 1], ...given });
}

function swappedConvolution(place: Place<"convKernelGradient">): Emitted {
  const { e, g, attributes, type } = place;
  const { stride, padding, dilation, shape } = attributes;
  const block = e.block ?? 1;
  const [x, dy] = [operand(place), operand(place, 1)];
  const [n, inputs] = [axis(e.typeOf(x).shape, 0), axis(shape, 1)];
  const [, outputs = 1, rows = 1, columns = 1] = e.typeOf(dy).shape;
  const taps = shape.slice(2);
  const size = (outputs / block) * axis(taps, 0) * axis(taps, 1) * block;

  // Only whole taps: what a forward stride left out of the map's far border is cut, or padded less.
  const far = ([0, 1] as const).map((i) => {
    const count = [rows, columns][i] as number;
    const reach = (count - 1) * stride[i] + (axis(shape, i + 2) - 1) * dilation[i] + 1;
    return reach - axis(e.typeOf(x).shape, i + 2) - padding[i][0];
  }) as [number, number];
  // No window reaches a row of the map.
  if (axis(e.typeOf(x).shape, 2) + far[0] <= 0) {
    return { form: "kernel", value: g.zeros(shape) };
  }
  const images = swappedImages(place, far);
  /** Some of the images, all of them where they are the whole batch: (Cin, Cout / b, KH KW, b). */
  const sumOver = (from: number, to: number): string => {
    const some = (value: string, along: number): string =>
      to - from === n
        ? value
        : g.node("Slice", [value, ...[[from], [to], [along]].map((list) => g.integers(list))]);
    const group = largestDivisor(to - from, block - 1);
    const groups = (to - from) / group;
    // (groups, group, Cout / b, h w b) to (groups, Cout / b, group, h w b).
    const apart = [groups, group, outputs / block, rows * columns * block];
    const filter = g.node("Transpose", [g.view(some(e.blocked(dy), 0), apart)], {
      perm: [0, 2, 1, 3],
    });
    const result = g.blocked(
      "Conv",
      [some(images, 1), g.view(filter, [groups * outputs, group, rows, columns])],
      {
        ...(groups > 1 && { group: groups }),
        kernel_shape: [rows, columns],
        dilations: stride,
        strides: dilation,
        pads: [padding[0][0], 0, Math.max(far[0], 0), 0],
      },
    );
    if (groups === 1) return g.view(result, [inputs, size]);
    const apartAgain = g.view(result, [inputs, groups, size]);
    return g.node("ReduceSum", [apartAgain, g.integers([1])], { keepdims: 0 });
  };
  // The runtime takes fewer images than a block, or whole blocks of them.
  const whole = n < block ? n : n - (n % block);
  const summed =
    whole === n ? sumOver(0, n) : g.node("Add", [sumOver(0, whole), sumOver(whole, n)]);
  const few = inputs < block;
  const split = few
    ? [inputs, outputs / block, axis(taps, 0) * axis(taps, 1), block]
    : [inputs / block, block, outputs / block, axis(taps, 0) * axis(taps, 1), block];
  const ordered = g.node("Transpose", [g.view(summed, split)], {
    perm: few ? [1, 0, 2, 3] : [2, 0, 3, 1, 4],
  });
  return { form: "kernel", value: g.view(ordered, type.shape) };
}

/** x as (Cin, N, H, W), its columns padded beforehand: the runtime is slow at columns of padding. */
function swappedImages(place: Place<"convKernelGradient">, far: readonly [number, number]): string {
  const { e, g, attributes } = place;
  const [x] = [operand(place)];
  const { shape } = e.typeOf(x);
  const [, channels = 1, height = 1, width = 1] = shape;
  const before = attributes.padding[1][0];
  const after = Math.max(far[1], 0);
  const pads = before > 0 || after > 0;
  let images: string;
  if (canBlock(e.typeOf(x), e.block)) {
    const blocked = e.blocked(x);
    const wide = pads
      ? passThrough(place, blocked, channels, { pads: [0, before, 0, after] })
      : blocked;
    const plain = g.blocked("ReorderOutput", [wide], { channels });
    images = g.node("Transpose", [plain], { perm: [1, 0, 2, 3] });
  } else {
    const swapped = g.node("Transpose", [e.plain(x)], { perm: [1, 0, 2, 3] });
    const padding = [0, 0, 0, before, 0, 0, 0, after];
    images = pads ? g.node("Pad", [swapped, g.integers(padding)]) : swapped;
  }
  if (far[0] >= 0 && far[1] >= 0) return images;
  const rows = height + Math.min(far[0], 0);
  const columns = width + before + after + Math.min(far[1], 0);
  return g.node("Slice", [
    images,
    ...[
      [0, 0],
      [rows, columns],
      [2, 3],
    ].map((list) => g.integers(list)),
  ]);
}

/** The largest divisor of `n` up to `limit`. */
function largestDivisor(n: number, limit: number): number {
  for (let divisor = Math.min(n, limit); divisor > 1; divisor--) {
    if (n % divisor === 0) return divisor;
  }
  return 1;
}
