/**
 * The layers that hold almost all of a residual network's activations, differentiated so that memory
 * does not: each keeps for the gradient only what it needs and gives up every tensor with its last
 * use. TensorFlow.js itself keeps both operands of a sum, a rectifier's input beside its output, and
 * every intermediate gradient until the step ends.
 */
import {
  add,
  clone,
  Conv2D,
  conv2d,
  customGrad,
  dispose,
  engine,
  getBackend,
  getGradient,
  getKernel,
  mul,
  relu,
  step,
  tidy,
  type GradSaveFunc,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { rectifierGradient } from "./webgpu/element-kernels.js";

/** A differentiable function as `customGrad` takes it, with its gradients owning `dy` and `saved`. */
export interface LeanFunction {
  readonly value: Tensor;
  /** Tensors for the gradient, beyond what the function closes over. */
  readonly saved: readonly Tensor[];
  /** The gradients of the inputs, in order; runs inside a tidy. */
  readonly gradients: (dy: Tensor, saved: readonly Tensor[]) => Tensor[];
}

/** Applies `f` to `inputs`; once its gradients are computed, what they were computed from is disposed. */
export function applyLean(
  inputs: readonly Tensor[],
  f: (inputs: readonly Tensor[]) => LeanFunction,
): Tensor {
  const differentiable = customGrad((...given) => {
    const save = given.at(-1) as GradSaveFunc;
    const { value, saved, gradients } = f(given.slice(0, -1) as Tensor[]);
    save([...saved]);
    return {
      value,
      gradFunc: (dy, kept) => {
        const result = tidy(() => gradients(dy as Tensor, kept as Tensor[]));
        dispose([dy as Tensor, ...(kept as Tensor[])]);
        return result;
      },
    };
  });
  return differentiable(...inputs);
}

/** max(x, 0); the gradient passes where the output is positive. */
export function rectify(x: Tensor): Tensor {
  return applyLean([x], (inputs) => {
    const value = relu(inputs[0] as Tensor);
    return { value, saved: [value], gradients: (dy, [y]) => [rectifierSlope(dy, y as Tensor)] };
  });
}

function rectifierSlope(dy: Tensor, y: Tensor): Tensor {
  const fused = getKernel(rectifierGradient, getBackend()) !== undefined;
  return fused ? (engine().runKernel(rectifierGradient, { dy, y }) as Tensor) : mul(dy, step(y));
}

/** The elementwise sum; every operand's gradient is `dy`. */
export function addAll(operands: readonly Tensor[]): Tensor {
  return applyLean(operands, (inputs) => ({
    value: inputs.reduce((total, operand) => add(total, operand)),
    saved: [],
    gradients: (dy) => inputs.map(() => clone(dy)),
  }));
}

export interface ConvolutionSettings {
  readonly strides: [number, number];
  readonly pad: "same" | "valid";
  readonly dilations: [number, number];
}

/** A convolution without bias. The gradient of `x` is computed only where `wantsInput`. */
export function convolve(
  x: Tensor4D,
  kernel: Tensor4D,
  settings: ConvolutionSettings,
  wantsInput: boolean,
): Tensor {
  const { strides, pad, dilations } = settings;
  const gradient = getGradient(Conv2D);
  return applyLean(wantsInput ? [kernel, x] : [kernel], ([filter]) => ({
    value: conv2d(x, filter as Tensor4D, strides, pad, "NHWC", dilations),
    saved: [x, filter as Tensor4D],
    gradients: (dy, saved) => {
      const attributes = { strides, pad, dilations, dataFormat: "NHWC" };
      const of = gradient.gradFunc(dy, [...saved], attributes);
      return ["filter", ...(wantsInput ? ["x"] : [])].map((name) => (of[name] as () => Tensor)());
    },
  }));
}
