/**
 * A convolution whose channels are parted into groups (Xie et al. 2017, "Aggregated Residual Transformations for Deep
 * Neural Networks"), which tf.layers ignores without a word: a layer of our own, for engines alone. A model that is
 * written has stock layers only.
 */
import {
  add,
  concat,
  conv2d,
  getBackend,
  pad,
  reshape,
  slice,
  split,
  tidy,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { initializers, layers } from "@tensorflow/tfjs-layers";
import type { ConvAttributes } from "../../ops/attributes.js";
import { windowExtent } from "../../ops/window-extent.js";

export interface GroupedSettings extends Pick<
  ConvAttributes,
  "channels" | "kernel" | "stride" | "dilation" | "groups" | "bias"
> {
  readonly padding: "valid" | "same";
  readonly name: string;
}

type Shape = (number | null)[];

/** Of (N, H, W, Cin), by a kernel (KH, KW, Cin / groups, Cout) and a bias (Cout). */
export class GroupedConv2D extends layers.Layer {
  static readonly className = "GroupedConv2D";

  constructor(readonly settings: GroupedSettings) {
    super({ name: settings.name });
  }

  override build(inputShape: Shape): void {
    const { kernel, groups, channels, bias } = this.settings;
    const inputs = inputShape.at(-1) ?? 0;
    const shape = [...kernel, inputs / groups, channels];
    this.addWeight("kernel", shape, "float32", initializers.zeros());
    if (bias) this.addWeight("bias", [channels], "float32", initializers.zeros());
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { kernel, stride, dilation, padding, channels } = this.settings;
    const along = (axis: 0 | 1): number | null => {
      const extent = inputShape[axis + 1] ?? null;
      if (extent === null) return null;
      if (padding === "same") return Math.ceil(extent / stride[axis]);
      return Number(windowExtent(extent, kernel[axis], stride[axis], 0, dilation[axis], false));
    };
    return [inputShape[0] ?? null, along(0), along(1), channels];
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const { stride, dilation, padding } = this.settings;
    return this.compute([inputs].flat()[0] as Tensor4D, (x, kernel) =>
      conv2d(x, kernel, [...stride], padding, "NHWC", [...dilation]),
    );
  }

  /** The layer's value, its convolutions without groups computed by `convolution`. */
  compute(x: Tensor4D, convolution: (x: Tensor4D, kernel: Tensor4D) => Tensor): Tensor {
    const [kernel, bias] = this.weights.map((weight) => weight.read());
    const { groups } = this.settings;
    return tidy(() => {
      const filtered = grouped(x, kernel as Tensor4D, groups, convolution);
      return bias === undefined ? filtered : add(filtered, bias as Tensor1D);
    });
  }
}

/**
 * How many channels a convolution without groups takes at least. The zeros between the groups in it cost less than many
 * small ones do: on wasm from 16 channels on, on a GPU, which wants fewer commands, from more.
 */
function leastChannels(): number {
  return getBackend() === "webgpu" ? 64 : 16;
}

/** Into how many convolutions one of so many groups is parted: as many as leave each the channels that it is to have. */
function partsOf(groups: number, inputs: number, least: number): number {
  let parts = groups;
  while (parts > 1 && (groups % parts > 0 || inputs / parts < least)) parts--;
  return parts;
}

function grouped(
  x: Tensor4D,
  kernel: Tensor4D,
  groups: number,
  convolution: (x: Tensor4D, kernel: Tensor4D) => Tensor,
): Tensor {
  const parts = partsOf(groups, x.shape[3], leastChannels());
  if (parts === 1) return convolution(x, betweenGroupsZero(kernel, groups));
  const kernels = split<Tensor4D>(kernel, parts, 3).map((part) =>
    betweenGroupsZero(part, groups / parts),
  );
  const values = split<Tensor4D>(x, parts, 3).map((part, index) =>
    convolution(part, kernels[index] as Tensor4D),
  );
  return concat(values, 3);
}

/**
 * The kernel without groups of the same convolution: (KH, KW, Cin / groups, Cout) to (KH, KW, Cin, Cout), zero where a
 * group's output does not see an input. Each row of blocks gets a row of zeros behind it; cut anew into rows that are a
 * block shorter, the blocks stand on the diagonal.
 */
export function betweenGroupsZero(kernel: Tensor4D, groups: number): Tensor4D {
  if (groups === 1) return kernel;
  const [height, width, inputs, outputs] = kernel.shape;
  const taps = height * width * inputs;
  const block = outputs / groups;
  const rows = reshape(kernel, [taps, groups, block]);
  const padded = pad(rows, [
    [0, 0],
    [0, 0],
    [0, groups * block],
  ]);
  const flat = reshape(padded, [taps, groups * (groups + 1) * block]);
  const diagonal = slice(flat, [0, 0], [taps, groups * outputs]);
  const apart = reshape(diagonal, [height * width, inputs, groups, outputs]);
  return reshape(transpose(apart, [0, 2, 1, 3]), [height, width, groups * inputs, outputs]);
}
