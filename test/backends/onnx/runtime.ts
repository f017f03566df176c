/**
 * Runs tensor programs as ONNX models, in standard and in blocked operators, and holds what they give
 * against the interpreter. Where the optional runtime does not load, `runtime` is undefined and a line on
 * the console says so.
 */
import { createRequire } from "node:module";
import type { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";
import { describe } from "vitest";
import { blockOf, blockProbe } from "../../../src/backends/onnx/block-probe.js";
import { emitProgram, outputName } from "../../../src/backends/onnx/emit.js";
import type { Block, Form } from "../../../src/backends/onnx/form.js";
import type { OnnxModel } from "../../../src/backends/onnx/model.js";
import { encodeModel } from "../../../src/backends/onnx/protobuf.js";
import { refuseTelemetry } from "../../../src/engines/onnx/library.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { valueTypes, type Program } from "../../../src/passes/program/program.js";
import {
  sameShape,
  type DataType,
  type ValueType,
} from "../../../src/passes/program/value-type.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { elementCount } from "../../../src/shapes/index.js";
import { kernelPlaces } from "./kernel-places.js";

type Runtime = typeof import("onnxruntime-node");

/** The runtime, where it is installed and loads. */
export const runtime = loadRuntime();

function loadRuntime(): Runtime | undefined {
  refuseTelemetry();
  try {
    return createRequire(import.meta.url)("onnxruntime-node") as Runtime;
  } catch (error) {
    console.warn(`SKIPPED: onnxruntime-node does not load: ${String(error).split("\n")[0]}`);
    return undefined;
  }
}

/** A loaded model. @throws Error where the runtime refuses it. */
export async function load(model: OnnxModel): Promise<InferenceSession> {
  if (runtime === undefined) throw new Error("there is no runtime");
  return runtime.InferenceSession.create(encodeModel(model), {
    executionProviders: ["cpu"],
    intraOpNumThreads: 2,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}

async function probeBlock(): Promise<Block> {
  try {
    const session = await load(blockProbe());
    const { order, product } = await session.run({});
    await session.release();
    return blockOf(order?.data as Float32Array, product?.data as Float32Array);
  } catch {
    return undefined;
  }
}

/** Channels in a block on this machine. */
export const block: Block = runtime && (await probeBlock());
if (runtime !== undefined && block === undefined) {
  console.warn("SKIPPED: this processor has no blocked operators; standard ones alone are tested");
}

export interface Layout {
  readonly layout: string;
  readonly block: Block;
}

const standard: Layout = { layout: "standard operators", block: undefined };

/** The layouts that this machine can run: standard operators alone, and blocked ones. */
export const layouts: readonly Layout[] =
  runtime === undefined
    ? []
    : [standard, ...(block === undefined ? [] : [{ layout: `blocks of ${block}`, block }])];

/** Describes what holds in every layout; skipped where there is no runtime. */
export const describeLayouts = describe
  .skipIf(runtime === undefined)
  .each(runtime === undefined ? [standard] : layouts);

/** A program on the runtime; takes and gives tensors as the interpreter does, whatever their order in it. */
export class RunningProgram {
  private constructor(
    readonly program: Program,
    readonly model: OnnxModel,
    readonly forms: ReadonlyMap<string, Form>,
    readonly block: Block,
    readonly session: InferenceSession,
  ) {}

  static async open(program: Program, of: Block): Promise<RunningProgram> {
    const { model, forms } = emitProgram(program, of === undefined ? {} : { block: of });
    const twice = repeatedNames(model);
    if (twice.length > 0) throw new Error(`names that stand twice: ${twice.join()}`);
    return new RunningProgram(program, model, forms, of, await load(model));
  }

  async run(inputs: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>> {
    const feeds: Record<string, RuntimeTensor> = {};
    for (const { name, type } of this.program.inputs) {
      const given = inputs.get(name);
      if (given === undefined) throw new RangeError(`input ${name} is missing`);
      feeds[name] = runtimeTensor(type, this.#ordered(name, type, given.data));
    }
    const results = await this.session.run(feeds);
    const types = valueTypes(this.program);
    return new Map(
      this.program.outputs.map(({ name, value }) => {
        const type = types.get(value) as ValueType;
        const found = results[outputName(name)] as RuntimeTensor;
        if (!sameShape(found.dims, type.shape)) {
          throw new RangeError(`${name} is [${found.dims}], not [${type.shape}]`);
        }
        return [name, { shape: type.shape, data: this.#canonical(name, type, found) }] as const;
      }),
    );
  }

  close(): Promise<void> {
    return this.session.release();
  }

  /** The indices in the program's order of what the model wants one after the other. */
  #places(name: string, { shape }: ValueType): Int32Array | undefined {
    if (this.forms.get(name) !== "kernel") return undefined;
    return kernelPlaces(shape, this.block as number);
  }

  #ordered(name: string, type: ValueType, data: Float64Array): Float64Array {
    const places = this.#places(name, type);
    if (places === undefined) return data;
    return Float64Array.from(places, (from) => data[from] as number);
  }

  #canonical(name: string, type: ValueType, { data }: RuntimeTensor): Float64Array {
    const numbers = data as Float32Array | Int32Array | Uint8Array;
    const result = new Float64Array(numbers.length);
    const places = this.#places(name, type);
    for (const [i, value] of numbers.entries()) {
      result[places?.[i] ?? i] = type.dtype === "u32" ? value >>> 0 : value;
    }
    return result;
  }
}

/** Names that two values of a model have, or two of its nodes. */
function repeatedNames({ inputs, constants, nodes }: OnnxModel): readonly string[] {
  const values = [...inputs, ...constants].map(({ name }) => name);
  values.push(...nodes.flatMap(({ outputs }) => outputs));
  return [values, nodes.map(({ name }) => name)].flatMap((names) => {
    const seen = new Set<string>();
    return names.filter((name) => seen.has(name) || !seen.add(name));
  });
}

function runtimeTensor({ dtype, shape }: ValueType, data: Float64Array): RuntimeTensor {
  if (runtime === undefined) throw new Error("there is no runtime");
  if (data.length !== elementCount(shape))
    throw new RangeError(`${data.length} numbers for [${shape}]`);
  if (dtype === "f32") return new runtime.Tensor("float32", Float32Array.from(data), shape);
  if (dtype === "bool") return new runtime.Tensor("bool", Uint8Array.from(data), shape);
  const whole = Int32Array.from(data, (value) => value | 0);
  return new runtime.Tensor("int32", whole, shape);
}

/**
 * The largest difference, as a share of the largest number expected, or of `least` where all are smaller;
 * whole numbers must be equal.
 */
export function difference(dtype: DataType, found: Tensor, expected: Tensor, least = 0.1): number {
  let scale = least;
  let worst = 0;
  for (const [i, value] of expected.data.entries()) {
    const other = found.data[i] ?? NaN;
    if (Object.is(value, other) || value === other) continue;
    if (dtype !== "f32" || !Number.isFinite(value) || !Number.isFinite(other)) return Infinity;
    worst = Math.max(worst, Math.abs(value - other));
  }
  for (const value of expected.data) {
    if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  }
  return worst / scale;
}

/** What the model of a program gives against what the interpreter gives: one difference per output. */
export async function differences(
  program: Program,
  inputs: ReadonlyMap<string, Tensor>,
  of: Block,
  expected = interpret(program, inputs),
): Promise<Map<string, number>> {
  const faults = verifyProgram(program);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const types = valueTypes(program);
  const running = await RunningProgram.open(program, of);
  const found = await running.run(inputs);
  await running.close();
  return new Map(
    program.outputs.map(({ name, value }) => {
      const [left, right] = [found.get(name) as Tensor, expected.get(name) as Tensor];
      return [name, difference((types.get(value) as ValueType).dtype, left, right)] as const;
    }),
  );
}

/** Those of the outputs that differ by more than `tolerance`, as text. */
export function wrongOutputs(found: ReadonlyMap<string, number>, tolerance: number): string[] {
  return [...found]
    .filter(([, worst]) => !(worst <= tolerance))
    .map(([name, worst]) => `${name}: ${worst.toExponential(1)}`);
}
