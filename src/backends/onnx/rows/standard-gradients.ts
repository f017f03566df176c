/** The gradients of convolution in ONNX's own operators, for any channels, strides and processors. */
import type { Shape } from "../../../passes/program/value-type.js";
import type { Emitted } from "../emitter.js";
import { axis } from "../form.js";
import { operand, plainly, type Place } from "./row.js";

/** A transposed convolution, with zeros where no window reached the map. */
export function standardInputGradient(place: Place<"convInputGradient">): Emitted {
  const { e, g, attributes } = place;
  const { stride, padding, dilation, groups, shape } = attributes;
  const [dy, kernel] = [operand(place), operand(place, 1)];
  const [gradientShape, kernelShape] = [e.typeOf(dy).shape, e.typeOf(kernel).shape];
  const flipped = groups === 1 && stride[0] === 1 && stride[1] === 1;
  const reach = [0, 1].map((i) => axis(dilation, i) * (axis(kernelShape, i + 2) - 1)) as number[];
  const outside = ([0, 1] as const).map((i) => padding[i].map((zeros) => axis(reach, i) - zeros));
  if (flipped && outside.flat().every((zeros) => zeros >= 0)) {
    return plainly(
      g.node("Conv", [e.plain(dy), flippedKernel(place, kernelShape)], {
        kernel_shape: kernelShape.slice(2),
        pads: [0, 1].flatMap((side) => outside.map((sides) => axis(sides, side))),
        dilations: dilation,
      }),
    );
  }
  // The last rows and columns that no window reached.
  const rest = ([0, 1] as const).map((i) => {
    const covered = (axis(gradientShape, i + 2) - 1) * stride[i] + axis(reach, i) + 1;
    return axis(shape, i + 2) + padding[i][0] + padding[i][1] - covered;
  });
  const untouched = ([0, 1] as const).some((i) => {
    const covered = axis(shape, i + 2) + padding[i][0] + padding[i][1] - axis(rest, i);
    return covered <= padding[i][0];
  });
  if (untouched) return plainly(g.zeros(shape));
  const far = ([0, 1] as const).map((i) => padding[i][1] - axis(rest, i));
  const crop = far.map((zeros) => Math.max(zeros, 0));
  const missing = far.map((zeros) => Math.max(-zeros, 0));
  const whole = g.node("ConvTranspose", [e.plain(dy), e.plain(kernel)], {
    group: groups,
    kernel_shape: kernelShape.slice(2),
    strides: stride,
    dilations: dilation,
    pads: [padding[0][0], padding[1][0], ...crop],
  });
  if (missing.every((zeros) => zeros === 0)) return plainly(whole);
  return plainly(g.node("Pad", [whole, g.integers([0, 0, 0, 0, 0, 0, ...missing])]));
}

/** (Cin, Cout, KH, KW), the taps in reverse. */
function flippedKernel({ e, g, operands }: Place<"convInputGradient">, shape: Shape): string {
  const swapped = g.node("Transpose", [e.plain(operand({ operands }, 1))], { perm: [1, 0, 2, 3] });
  const taps = axis(shape, 2) * axis(shape, 3);
  if (taps === 1) return swapped;
  const lines = g.view(swapped, [axis(shape, 1) * axis(shape, 0), taps]);
  const reversed = g.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i));
  const flipped = g.node("Gather", [lines, reversed], { axis: 1 });
  return g.view(flipped, [axis(shape, 1), axis(shape, 0), axis(shape, 2), axis(shape, 3)]);
}

/**
 * A convolution in which batch and channels change places: of x as (Cin / groups, groups N, H, W) with dy
 * as (Cout, N, h, w), whose taps lie a forward stride apart.
 */
export function standardKernelGradient(place: Place<"convKernelGradient">): Emitted {
  const { e, g, attributes } = place;
  const { stride, padding, dilation, groups, shape } = attributes;
  const [x, dy] = [operand(place), operand(place, 1)];
  const [n = 1, channels = 1, height = 1, width = 1] = e.typeOf(x).shape;
  const [, , rows = 1, columns = 1] = e.typeOf(dy).shape;
  const images =
    groups === 1
      ? g.node("Transpose", [e.plain(x)], { perm: [1, 0, 2, 3] })
      : g.view(
          g.node("Transpose", [g.view(e.plain(x), [n, groups, channels / groups, height, width])], {
            perm: [2, 1, 0, 3, 4],
          }),
          [channels / groups, groups * n, height, width],
        );
  const filter = g.node("Transpose", [e.plain(dy)], { perm: [1, 0, 2, 3] });
  const spans = [rows, columns].map((count, i) => (count - 1) * axis(stride, i) + 1);
  const result = g.node("Conv", [images, filter], {
    group: groups,
    kernel_shape: [rows, columns],
    dilations: stride,
    strides: dilation,
    pads: [padding[0][0], padding[1][0], padding[0][1], padding[1][1]],
  });
  // A forward stride that left some of the map's far border out gives more taps than there are.
  const extents = [height, width].map((extent, i) => {
    const [before, after] = padding[i as 0 | 1];
    return Math.floor((extent + before + after - axis(spans, i)) / axis(dilation, i)) + 1;
  });
  const taps = shape.slice(2);
  const more = extents.some((extent, i) => extent !== axis(taps, i));
  const cut = more
    ? g.node("Slice", [result, g.integers([0, 0]), g.integers(taps), g.integers([2, 3])])
    : result;
  return plainly(g.node("Transpose", [cut], { perm: [1, 0, 2, 3] }));
}
