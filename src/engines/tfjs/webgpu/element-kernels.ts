/**
 * What a step does most often, in one pass each: weighted sums of two tensors, and a rectifier's gradient.
 * TensorFlow.js takes two or three, and on a GPU small passes cost by their number.
 */
import { registerKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { kernel, reshaped, runShader } from "./program.js";

/** a x + b y. */
export const weightedSum = "ResnetcWeightedSum";
/** dy where y is positive. */
export const rectifierGradient = "ResnetcRectifierGradient";

/** The names under which they are registered. */
export const elementKernels: readonly string[] = [weightedSum, rectifierGradient];

export function registerElementKernels(): void {
  const backendName = "webgpu";
  registerKernel({
    kernelName: weightedSum,
    backendName,
    kernelFunc: kernel<"x" | "y", Readonly<Record<"a" | "b", number>>>(
      (backend, { x, y }, { a, b }) =>
        perElement(backend, weightedSum, "uniforms.a * x[index] + uniforms.b * y[index]", {
          inputs: { x, y },
          floats: { a, b },
        }),
    ),
  });
  registerKernel({
    kernelName: rectifierGradient,
    backendName,
    kernelFunc: kernel<"dy" | "y">((backend, { dy, y }) =>
      perElement(
        backend,
        rectifierGradient,
        "select(0.0 * dy[index], dy[index], y[index] > 0.0 * y[index])",
        {
          inputs: { dy, y },
        },
      ),
    ),
  });
}

/** Tensors of one shape go in flat, so that shapes need no shaders of their own. */
function perElement(
  backend: WebGPUBackend,
  key: string,
  term: string,
  given: {
    readonly inputs: Readonly<Record<string, TensorInfo>>;
    readonly floats?: Readonly<Record<string, number>>;
  },
): TensorInfo {
  const [[, first]] = Object.entries(given.inputs) as [[string, TensorInfo]];
  const size = first.shape.reduce((product, extent) => product * extent, 1);
  const flat = Object.entries(given.inputs).map(
    ([name, x]) => [name, reshaped(x, [size])] as const,
  );
  const result = runShader(backend, {
    key,
    components: size % 4 === 0 ? 4 : 1,
    code: `
fn main(index : i32) {
  if (index < uniforms.size) {
    result[index] = ${term};
  }
}
`,
    inputs: Object.fromEntries(flat),
    uniforms: {},
    ...(given.floats && { floats: given.floats }),
    shape: [size],
  });
  return reshaped(result, first.shape);
}
