/**
 * Batch normalisation in as few passes over its maps as it can have: two sums and one map forward, one sum and
 * one map back. The kernels exist on the backend webgpu alone.
 */
import {
  add,
  engine,
  getBackend,
  getKernel,
  mul,
  neg,
  registerKernel,
  reshape,
  rsqrt,
  slice,
  square,
  tidy,
  type NamedTensorMap,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { columnSums, type Form } from "./column-sums.js";
import { kernel, runShader } from "./program.js";

const sums = "ResnetcColumnSums";
const normalise = "ResnetcNormalise";
const slope = "ResnetcNormaliseGradient";

/** Whether the current backend has them. */
export function hasChannelKernels(): boolean {
  return getKernel(sums, getBackend()) !== undefined;
}

/** The names under which they are registered. */
export const channelKernels: readonly string[] = [sums, normalise, slope];

export function registerChannelKernels(): void {
  const backendName = "webgpu";
  registerKernel({
    kernelName: sums,
    backendName,
    kernelFunc: kernel<"x" | "mean" | "dy", { readonly form: Form }>((backend, inputs, { form }) =>
      columnSums(backend, form, inputs, inputs.x.shape.at(-1) ?? 1),
    ),
  });
  registerKernel({
    kernelName: normalise,
    backendName,
    kernelFunc: kernel<"x" | "mean" | "scale" | "shift">((backend, { x, mean, scale, shift }) =>
      perElement(backend, normalise, "(x[index] - mean[c]) * scale[c] + shift[c]", {
        x,
        mean,
        scale,
        shift,
      }),
    ),
  });
  registerKernel({
    kernelName: slope,
    backendName,
    kernelFunc: kernel<"x" | "dy" | "mean" | "alongDy" | "alongX" | "shift">((backend, given) => {
      const { x, dy, mean, alongDy, alongX, shift } = given;
      const term = "dy[index] * alongDy[c] + (x[index] - mean[c]) * alongX[c] + shift[c]";
      return perElement(backend, slope, term, { x, dy, mean, alongDy, alongX, shift });
    }),
  });
}

/** A map like x, from x and vectors of its channels `c`; four channels at a time where they divide by it. */
function perElement(
  backend: WebGPUBackend,
  key: string,
  term: string,
  inputs: Readonly<Record<"x", TensorInfo> & Record<string, TensorInfo>>,
): TensorInfo {
  const { shape } = inputs.x;
  const channels = shape.at(-1) ?? 1;
  const components = channels % 4 === 0 ? 4 : 1;
  return runShader(backend, {
    key,
    components,
    code: `
fn main(index : i32) {
  if (index < uniforms.size) {
    let c = index % uniforms.vectors;
    result[index] = ${term};
  }
}
`,
    inputs,
    uniforms: { vectors: channels / components },
    shape,
  });
}

function run(name: string, inputs: NamedTensorMap, attributes = {}): Tensor {
  return engine().runKernel(name, inputs, attributes) as Tensor;
}

/**
 * The statistics of every channel of x and y = gamma (x - mean) / sqrt(variance + epsilon) + beta.
 * `variance` is the biased one.
 */
export function normaliseOnDevice(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon: number,
): Readonly<Record<"mean" | "variance" | "inverse", Tensor1D> & { y: Tensor }> {
  const channels = gamma.size;
  const values = x.size / channels;
  const mean = reshape(mul(run(sums, { x }, { form: "values" }), 1 / values), [
    channels,
  ]) as Tensor1D;
  const squares = run(sums, { x, mean }, { form: "squares" });
  const variance = reshape(mul(squares, 1 / values), [channels]) as Tensor1D;
  const inverse = rsqrt<Tensor1D>(add<Tensor1D>(variance, epsilon));
  const y = run(normalise, { x, mean, scale: mul(gamma, inverse), shift: beta });
  return { y, mean, variance, inverse };
}

/** The gradients of x, gamma and beta; the formulas stand at `batchGradients`. */
export function normaliseGradientsOnDevice(
  dy: Tensor4D,
  x: Tensor4D,
  gamma: Tensor1D,
  mean: Tensor1D,
  inverse: Tensor1D,
): Tensor[] {
  return tidy(() => {
    const channels = gamma.size;
    const both = run(sums, { x, mean, dy }, { form: "slopes" });
    const dbeta = reshape(slice(both, [0, 0], [1, channels]), [channels]);
    const centred = reshape(slice(both, [1, 0], [1, channels]), [channels]);
    const perValue = channels / x.size;
    const alongDy = mul(gamma, inverse);
    const alongX = neg(mul(mul(alongDy, square(inverse)), mul(centred, perValue)));
    const shift = neg(mul(alongDy, mul(dbeta, perValue)));
    const dx = run(slope, { x, dy, mean, alongDy, alongX, shift });
    return [dx, mul(centred, inverse), dbeta];
  });
}
