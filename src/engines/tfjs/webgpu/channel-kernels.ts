/**
 * Batch normalisation in as few passes over its maps as it can have: two sums and one map forward, one sum and
 * one map back; and in as few shaders, since small ones cost by their number. The kernels exist on the backend
 * webgpu alone.
 */
import {
  engine,
  getBackend,
  getKernel,
  registerKernel,
  reshape,
  slice,
  type NamedTensorMap,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { elementCount } from "../../../shapes/index.js";
import { columnSums, type Form } from "./column-sums.js";
import { kernel, runShader } from "./program.js";

const sums = "ResnetcColumnSums";
const normalise = "ResnetcNormalise";
const slope = "ResnetcNormaliseGradient";
const scaleSlope = "ResnetcNormaliseScaleGradient";

/** Whether the current backend has them. */
export function hasChannelKernels(): boolean {
  return getKernel(sums, getBackend()) !== undefined;
}

/** The names under which they are registered. */
export const channelKernels: readonly string[] = [sums, normalise, slope, scaleSlope];

/** 1 / sqrt(variance + epsilon) of channel `c`. */
const inverse = "inverseSqrt(variance[c] + uniforms.epsilon)";

interface Epsilon {
  readonly epsilon: number;
}

export function registerChannelKernels(): void {
  const backendName = "webgpu";
  registerKernel({
    kernelName: sums,
    backendName,
    kernelFunc: kernel<"x" | "mean" | "dy", { readonly form: Form; readonly factor: number }>(
      (backend, inputs, { form, factor }) =>
        columnSums(backend, form, inputs, inputs.x.shape.at(-1) ?? 1, factor),
    ),
  });
  registerKernel({
    kernelName: normalise,
    backendName,
    kernelFunc: kernel<"x" | "mean" | "variance" | "gamma" | "beta", Epsilon>(
      (backend, { x, mean, variance, gamma, beta }, { epsilon }) =>
        perElement(backend, normalise, {
          inputs: { x, mean, variance, gamma, beta },
          floats: { epsilon },
          value: `(x[index] - mean[c]) * (gamma[c] * ${inverse}) + beta[c]`,
        }),
    ),
  });
  registerKernel({
    kernelName: slope,
    backendName,
    kernelFunc: kernel<"x" | "dy" | "mean" | "variance" | "gamma" | "slopes", Epsilon>(
      (backend, { x, dy, mean, variance, gamma, slopes }, { epsilon }) =>
        perElement(backend, slope, {
          inputs: { x, dy, mean, variance, gamma, slopes },
          floats: { epsilon, perValue: (x.shape.at(-1) ?? 1) / elementCount(x.shape) },
          lines: [
            `let inverse = ${inverse};`,
            "let alongX = (inverse * inverse) * (slopes[c + uniforms.vectors] * uniforms.perValue);",
            // Means are taken away before anything is scaled: of a single value nothing is left, also where a
            // driver fuses products with sums.
            "let centred = dy[index] - slopes[c] * uniforms.perValue;",
          ],
          value: "(centred - (x[index] - mean[c]) * alongX) * (gamma[c] * inverse)",
        }),
    ),
  });
  registerKernel({
    kernelName: scaleSlope,
    backendName,
    kernelFunc: kernel<"variance" | "slopes", Epsilon>(
      (backend, { variance, slopes }, { epsilon }) =>
        perElement(backend, scaleSlope, {
          inputs: { variance, slopes },
          floats: { epsilon },
          value: `slopes[c + uniforms.vectors] * ${inverse}`,
        }),
    ),
  });
}

/** What is computed of every element `index`, of the channel `c`. */
interface PerElement {
  /** The first has the shape of the result. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly floats: Readonly<Record<string, number>>;
  readonly lines?: readonly string[];
  readonly value: string;
}

/** Four channels at a time where they divide by it. */
function perElement(
  backend: WebGPUBackend,
  key: string,
  { inputs, floats, lines = [], value }: PerElement,
): TensorInfo {
  const shape = Object.values(inputs)[0]?.shape ?? [];
  const channels = shape.at(-1) ?? 1;
  const components = channels % 4 === 0 ? 4 : 1;
  return runShader(backend, {
    key,
    components,
    code: () => `
fn main(index : i32) {
  if (index < uniforms.size) {
    let c = index % uniforms.vectors;
    ${lines.join("\n    ")}
    result[index] = ${value};
  }
}
`,
    inputs,
    uniforms: { vectors: channels / components },
    floats,
    shape,
  });
}

function run(name: string, inputs: NamedTensorMap, attributes: object): Tensor {
  return engine().runKernel(name, inputs, { ...attributes }) as Tensor;
}

function vector(x: Tensor): Tensor1D {
  return reshape(x, [x.size]) as Tensor1D;
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
): Readonly<Record<"mean" | "variance", Tensor1D> & { y: Tensor }> {
  const factor = gamma.size / x.size;
  const mean = vector(run(sums, { x }, { form: "values", factor }));
  const squares = run(sums, { x, mean }, { form: "squares", factor });
  const variance = vector(squares);
  const y = run(normalise, { x, mean, variance, gamma, beta }, { epsilon });
  return { y, mean, variance };
}

/** The gradients of x, gamma and beta; the formulas stand at `batchGradients`. */
export function normaliseGradientsOnDevice(
  dy: Tensor4D,
  x: Tensor4D,
  gamma: Tensor1D,
  { mean, variance }: Readonly<Record<"mean" | "variance", Tensor1D>>,
  epsilon: number,
): Tensor[] {
  const channels = gamma.size;
  const slopes = run(sums, { x, mean, dy }, { form: "slopes", factor: 1 });
  const dx = run(slope, { x, dy, mean, variance, gamma, slopes }, { epsilon });
  const dgamma = run(scaleSlope, { variance, slopes }, { epsilon });
  const dbeta = vector(slice(slopes, [0, 0], [1, channels]));
  return [dx, dgamma, dbeta];
}
