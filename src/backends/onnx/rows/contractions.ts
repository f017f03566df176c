/**
 * Matrix products and the three faces of convolution. Each convolution takes the blocked operators where
 * its channels fall into blocks, and the standard ones elsewhere.
 */
import type { ContractionAttributes, Convolution } from "../../../passes/program/primitives.js";
import type { Shape } from "../../../passes/program/value-type.js";
import type { Emitted } from "../emitter.js";
import { axis, kernelForm } from "../form.js";
import type { GivenAttributes } from "../graph-writer.js";
import { blockedInputGradient } from "./blocked-input-gradient.js";
import { blockedKernelGradient } from "./blocked-kernel-gradient.js";
import { operand, plainly, type Place, type Row } from "./row.js";
import { standardInputGradient, standardKernelGradient } from "./standard-gradients.js";

export const contractions: { readonly [K in keyof ContractionAttributes]: Row<K> } = {
  matmul: (place) => {
    const { e, g, attributes } = place;
    const [left, right] = [e.plain(operand(place)), e.plain(operand(place, 1))];
    return plainly(
      g.node("Gemm", [left, right], {
        transA: Number(attributes.transposeLeft),
        transB: Number(attributes.transposeRight),
      }),
    );
  },

  conv: (place) => {
    const { e, g, attributes } = place;
    const [x, kernel] = [operand(place), operand(place, 1)];
    const given = convolutionAttributes(attributes, e.typeOf(kernel).shape);
    if (!isBlocked(place, e.typeOf(kernel).shape, attributes)) {
      return plainly(g.node("Conv", [e.plain(x), e.plain(kernel)], given));
    }
    const map = e.canBlock(x) ? e.blocked(x) : e.plain(x);
    return { form: "blocked", value: g.blocked("Conv", [map, e.kernel(kernel)], given) };
  },

  convInputGradient: (place) => {
    const { e, attributes } = place;
    const { shape: kernelShape } = e.typeOf(operand(place, 1));
    const whole = isBlocked(place, kernelShape, attributes) && e.canBlock(operand(place));
    const blocked =
      whole && axis(attributes.shape, 1) % (e.block ?? 1) === 0
        ? blockedInputGradient(place)
        : undefined;
    return blocked ?? standardInputGradient(place);
  },

  convKernelGradient: (place): Emitted => {
    const { attributes } = place;
    if (!isBlocked(place, attributes.shape, attributes)) return standardKernelGradient(place);
    return blockedKernelGradient(place);
  },
};

/** Whether the blocked operators take a convolution with a kernel of that shape. */
function isBlocked(
  { e }: Pick<Place<"conv">, "e">,
  kernelShape: Shape,
  { groups }: Convolution,
): boolean {
  return kernelForm(kernelShape, groups, e.block) === "kernel";
}

/** The attributes of ONNX's Conv. It pads both beginnings first, then both ends. */
function convolutionAttributes(
  { stride, padding: [rows, columns], dilation, groups }: Convolution,
  kernelShape: Shape,
): GivenAttributes {
  return {
    kernel_shape: kernelShape.slice(2),
    strides: stride,
    pads: [rows[0], columns[0], rows[1], columns[1]],
    ...(dilation.some((by) => by !== 1) && { dilations: dilation }),
    ...(groups !== 1 && { group: groups }),
  };
}
