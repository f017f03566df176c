/**
 * Runs shaders of our own by the WebGPU backend of TensorFlow.js, which compiles each once, binds its tensors
 * and puts it in line with the backend's own.
 */
import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { elementCount } from "../../../shapes/index.js";

/** A shader over whole workgroups of 256 threads. */
export interface Shader {
  /** Names the shader and everything that its text depends on. */
  readonly key: string;
  /**
   * WGSL with `fn main(index : i32)`. Inputs and uniforms go by their names, the output is `result`; `group`
   * gives a workgroup's number, `localIndex` the thread's in it. Asked for where the shader is not compiled yet.
   */
  readonly code: () => string;
  /** Floats that an element of a buffer holds: 1, or 4 for vectors. */
  readonly components?: 1 | 4;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Further inputs, whose elements are single floats however many `components` are. */
  readonly scalars?: Readonly<Record<string, TensorInfo>>;
  /** Whole numbers. */
  readonly uniforms: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly shape: readonly number[];
  readonly dtype?: "float32" | "int32";
  /** Where the output goes, a tensor of its shape, which the code may also read; a new one where left out. */
  readonly into?: TensorInfo;
  /** How many workgroups; where left out, a thread for every element of the output. */
  readonly groups?: number;
}

export const threads = 256;

const prelude = `
fn group() -> i32 {
  let line = workgroupId.z * numWorkgroups.y + workgroupId.y;
  return i32(line * numWorkgroups.x + workgroupId.x);
}
`;

/** Lines of a shader that differ by a number. */
export function times(count: number, text: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => text(number)).join("\n");
}

/** @returns the output, which the caller owns where it is new. */
export function runShader(backend: WebGPUBackend, shader: Shader): TensorInfo {
  const {
    key,
    code,
    components = 1,
    inputs,
    scalars = {},
    uniforms,
    floats = {},
    shape,
    dtype = "float32",
  } = shader;
  const size = elementCount(shape);
  const groups = shader.groups ?? Math.ceil(size / components / threads);
  const names = [...Object.keys(inputs), ...Object.keys(scalars)];
  const program = {
    variableNames: names,
    variableComponents: names.map((name) => (name in scalars ? 1 : components)),
    outputComponent: components,
    outputShape: [...shape],
    uniforms: [
      ...Object.keys(uniforms).map((name) => `${name} : i32,`),
      ...Object.keys(floats).map((name) => `${name} : f32,`),
    ].join(" "),
    workgroupSize: [threads, 1, 1] as [number, number, number],
    dispatchLayout: { x: shape.map((_, axis) => axis) },
    dispatch: [groups, 1, 1] as [number, number, number],
    size: true,
    shaderKey: `resnetc_${key}_${components}`,
    getUserCode: () => prelude + code(),
  };
  const data = [
    ...Object.values(uniforms).map((value) => ({ type: "int32", data: [value] })),
    ...Object.values(floats).map((value) => ({ type: "float32", data: [value] })),
  ];
  const given = [...Object.values(inputs), ...Object.values(scalars)];
  return backend.runWebGPUProgram(program, given, dtype, data, shader.into);
}

/** The same numbers under another shape. */
export function reshaped(x: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: x.dataId, dtype: x.dtype, shape: [...shape] };
}

/** A kernel's function as its registry takes it, from one that knows its backend and its inputs. */
export function kernel<Inputs extends string, Attributes = undefined>(
  run: (
    backend: WebGPUBackend,
    inputs: Readonly<Record<Inputs, TensorInfo>>,
    attributes: Attributes,
  ) => TensorInfo,
): KernelFunc {
  return ({ inputs, attrs, backend }) =>
    run(
      backend as WebGPUBackend,
      inputs as Readonly<Record<Inputs, TensorInfo>>,
      attrs as Attributes,
    );
}
