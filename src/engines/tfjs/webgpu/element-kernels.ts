/**
 * What a step does most often, in one pass each: weighted sums of tensors, a rectifier's gradient, and filters
 * turned. TensorFlow.js takes two or three, and on a GPU small passes cost by their number.
 */
import { registerKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { elementCount } from "../../../shapes/index.js";
import { forgetRead } from "./device-work.js";
import { kernel, reshaped, runShader } from "./program.js";

/** a x + b y, or a x + (b y + c z); b is a number or, in the first form, a scalar on the device. */
export const weightedSum = "ResnetcWeightedSum";
/** The same, to where x lies. */
export const weightedMove = "ResnetcWeightedMove";
/** dy where y is positive. */
export const rectifierGradient = "ResnetcRectifierGradient";

/** (KH, KW, Cin, Cout) to (KH, KW, Cout, Cin), turned by half a turn. */
export const turnedFilter = "ResnetcTurnedFilter";

/** The names under which they are registered. */
export const elementKernels: readonly string[] = [
  weightedSum,
  weightedMove,
  rectifierGradient,
  turnedFilter,
];

interface Weights {
  readonly a: number;
  readonly b?: number;
  readonly c?: number;
}

interface Weighted {
  readonly x: TensorInfo;
  readonly y: TensorInfo;
  readonly z?: TensorInfo;
  readonly b?: TensorInfo;
}

export function registerElementKernels(): void {
  const backendName = "webgpu";
  for (const kernelName of [weightedSum, weightedMove]) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        weighted(
          backend as WebGPUBackend,
          inputs as unknown as Weighted,
          attrs as unknown as Weights,
          kernelName === weightedMove,
        ),
    });
  }
  registerKernel({
    kernelName: turnedFilter,
    backendName,
    kernelFunc: kernel<"filter">((backend, { filter }) => turned(backend, filter)),
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

function weighted(
  backend: WebGPUBackend,
  { x, y, z, b: onDevice }: Weighted,
  { a, b = 1, c = 1 }: Weights,
  inPlace: boolean,
): TensorInfo {
  const key = inPlace ? weightedMove : weightedSum;
  const first = `uniforms.a * ${inPlace ? "result" : "x"}[index]`;
  const second = "uniforms.b * y[index]";
  const given = inPlace ? { into: x, inputs: { y } } : { inputs: { x, y } };
  if (onDevice !== undefined) {
    const more = { floats: { a }, scalars: { b: onDevice } };
    const term = `${first} + b[0] * y[index]`;
    return perElement(backend, `${key}_scalar`, term, { ...given, ...more });
  }
  if (z === undefined) {
    return perElement(backend, key, `${first} + ${second}`, { ...given, floats: { a, b } });
  }
  const inputs = { ...given.inputs, z };
  const term = `${first} + (${second} + uniforms.c * z[index])`;
  return perElement(backend, `${key}_3`, term, { ...given, inputs, floats: { a, b, c } });
}

function turned(backend: WebGPUBackend, filter: TensorInfo): TensorInfo {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = filter.shape;
  return runShader(backend, {
    key: turnedFilter,
    code: () => `
fn main(index : i32) {
  if (index < uniforms.size) {
    let channel = index % uniforms.inputs;
    let output = index / uniforms.inputs % uniforms.outputs;
    let tap = uniforms.taps - 1 - index / uniforms.inputs / uniforms.outputs;
    result[index] = weights[(tap * uniforms.inputs + channel) * uniforms.outputs + output];
  }
}
`,
    inputs: { weights: filter },
    uniforms: { taps: height * width, inputs, outputs },
    shape: [height, width, outputs, inputs],
  });
}

/**
 * Tensors of one shape go in flat, so that shapes need no shaders of their own.
 * @returns a new tensor, or one more reference to `into`, which has changed.
 */
function perElement(
  backend: WebGPUBackend,
  key: string,
  term: string,
  given: {
    readonly inputs: Readonly<Record<string, TensorInfo>>;
    readonly floats?: Readonly<Record<string, number>>;
    /** Tensors of one number each. */
    readonly scalars?: Readonly<Record<string, TensorInfo>>;
    /** Where the result goes, as `result` of the term. */
    readonly into?: TensorInfo;
  },
): TensorInfo {
  const { into } = given;
  const [[, first]] = Object.entries(given.inputs) as [[string, TensorInfo]];
  const size = elementCount(first.shape);
  const flat = Object.entries(given.inputs).map(
    ([name, x]) => [name, reshaped(x, [size])] as const,
  );
  const scalars = Object.entries(given.scalars ?? {}).map(
    ([name, x]) => [name, reshaped(x, [1])] as const,
  );
  const result = runShader(backend, {
    key,
    components: size % 4 === 0 ? 4 : 1,
    code: () => `
fn main(index : i32) {
  if (index < uniforms.size) {
    result[index] = ${term};
  }
}
`,
    inputs: Object.fromEntries(flat),
    scalars: Object.fromEntries(scalars),
    uniforms: {},
    ...(given.floats && { floats: given.floats }),
    ...(into && { into: reshaped(into, [size]) }),
    shape: [size],
  });
  if (into !== undefined) {
    backend.incRef(into.dataId);
    forgetRead(backend, into);
  }
  return reshaped(result, first.shape);
}
