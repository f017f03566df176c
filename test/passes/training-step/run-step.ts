/** Runs step programs on the interpreter, with the canonical state of the engines. */
import type { Batch, State } from "../../../src/engines/engine.js";
import type { Graph } from "../../../src/graph/graph.js";
import { initialParameters } from "../../../src/graph/initialise.js";
import { interpret, type Precision } from "../../../src/passes/interpret/interpret.js";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { transposed } from "../../../src/passes/interpret/shaping.js";
import type { StateTensor } from "../../../src/passes/training-step/state.js";
import type { StepProgram } from "../../../src/passes/training-step/training-step.js";
import { randomBelow, randomKey } from "../../../src/random/random.js";
import { normal, sizeOf } from "../../reference/array.js";

/** A batch whose images are mixed with those before them, seven to three. */
export function mixedBatch(seed: number, shape: Batch["shape"], classes = 3): Batch {
  const { images, labels } = randomBatch(seed, shape, classes);
  const size = images.length / shape[0];
  const before = (i: number): number => (i + images.length - size) % images.length;
  return {
    images: images.map((value, i) => 0.7 * value + 0.3 * (images[before(i)] ?? NaN)),
    shape,
    labels,
    mix: {
      labels: Int32Array.from([...labels.subarray(-1), ...labels.subarray(0, -1)]),
      share: 0.7,
    },
  };
}

/** A batch of random images and labels. */
export function randomBatch(seed: number, shape: Batch["shape"], classes = 3): Batch {
  const key = randomKey("labels", seed);
  return {
    images: Float32Array.from(normal(shape, "images", seed).data),
    shape,
    labels: Int32Array.from({ length: shape[0] }, (_, i) => randomBelow(key, i, classes)),
  };
}

/** The state's pieces with the engines' initial weights, and slots of zeros. */
export function initialState(graph: Graph, state: readonly StateTensor[], seed: number) {
  const weights = initialParameters(graph, seed);
  return new Map<string, Tensor>(
    state.map((piece) => {
      const { name, canonical } = piece;
      const data = name.startsWith("optimizer/")
        ? new Float64Array(sizeOf(canonical))
        : weights.get(name.slice(name.indexOf("/") + 1))?.data;
      return [name, stateOf(piece, data)];
    }),
  );
}

/** A canonical tensor as a piece of a program's state. @throws Error where it is missing or of another size. */
export function stateOf(
  { name, canonical, permutation }: StateTensor,
  data: ArrayLike<number> | undefined,
): Tensor {
  if (data?.length !== sizeOf(canonical)) throw new Error(`${name} has ${data?.length} values`);
  return transposed({ shape: canonical, data: Float64Array.from(data) }, permutation);
}

/** One step: every output of the program. */
export function runStep(
  { program }: StepProgram,
  state: ReadonlyMap<string, Tensor>,
  batch: Batch,
  step: number,
  precision?: Precision,
): Map<string, Tensor> {
  const inputs = new Map(state);
  inputs.set("images", { shape: batch.shape, data: Float64Array.from(batch.images) });
  inputs.set("labels", { shape: [batch.shape[0]], data: Float64Array.from(batch.labels) });
  if (program.inputs.some(({ name }) => name === "step")) {
    inputs.set("step", { shape: [], data: Float64Array.of(step) });
  }
  if (batch.mix !== undefined) {
    const partners = Float64Array.from(batch.mix.labels);
    inputs.set("partners", { shape: [batch.shape[0]], data: partners });
    inputs.set("share", { shape: [], data: Float64Array.of(batch.mix.share) });
  }
  return interpret(program, inputs, precision);
}

/** The canonical tensors in a step's outputs. */
export function canonicalState(
  { state }: StepProgram,
  outputs: ReadonlyMap<string, Tensor>,
): State["tensors"] {
  return new Map(
    state.map(({ name, canonical, permutation }) => {
      const moved = outputs.get(name);
      if (moved === undefined) throw new Error(`the step gives no ${name}`);
      const back = permutation.map((_, axis) => permutation.indexOf(axis));
      return [name, { shape: canonical, data: Float32Array.from(transposed(moved, back).data) }];
    }),
  );
}

/** The largest difference of two states. */
export function stateDifference(left: State["tensors"], right: State["tensors"]): number {
  if ([...left.keys()].toSorted().join() !== [...right.keys()].toSorted().join()) return Infinity;
  let worst = 0;
  for (const [name, { data }] of left) {
    const other = right.get(name)?.data ?? [];
    data.forEach((value, i) => {
      const difference = Math.abs(value - (other[i] ?? NaN));
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    });
  }
  return worst;
}

/** The number that a step gives for a metric. */
export function metric(outputs: ReadonlyMap<string, Tensor>, name: string): number {
  return outputs.get(name)?.data[0] ?? NaN;
}
