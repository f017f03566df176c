/**
 * Moves a session's state between the canonical layout, which engines and checkpoints share, and the
 * order in which the runtime's operators read it.
 */
import { kernelOrder, type Form } from "../../backends/onnx/form.js";
import type { StateTensor } from "../../passes/training-step/state.js";
import type { Shape } from "../../passes/program/value-type.js";
import { elementCount } from "../../shapes/index.js";

/** A tensor of the state as a session holds it. */
export interface StateLayout {
  /** In the canonical state and in the programs alike. */
  readonly name: string;
  readonly canonical: Shape;
  /** In the programs. */
  readonly shape: Shape;
  /** The extents in the order in which the elements lie, and each one's step in the canonical layout. */
  readonly extents: Shape;
  readonly steps: readonly number[];
}

/** @param form how the programs' models want it. @param block channels in a block. */
export function stateLayout(
  { name, shape, canonical, permutation: axes }: StateTensor,
  form: Form,
  block: number | undefined,
): StateLayout {
  const canonicalSteps = canonical.map((_, i) => elementCount(canonical.slice(i + 1)));
  const steps = axes.map((from) => canonicalSteps[from] ?? 1);
  const plain = { name, canonical, shape, extents: shape, steps };
  if (form === "plain") return plain;
  if (form !== "kernel" || block === undefined) throw new RangeError(`${name} cannot lie ${form}`);
  const { split, permutation, extents } = kernelOrder(shape, block);
  // An axis that is split in two: whole blocks, then elements of one.
  const splitSteps: number[] = [];
  let axis = 0;
  for (const [i, step] of steps.entries()) {
    const extent = shape[i] ?? 1;
    if (split[axis] === extent) {
      splitSteps.push(step);
      axis += 1;
    } else {
      splitSteps.push(step * (split[axis + 1] ?? 1), step);
      axis += 2;
    }
  }
  return { ...plain, extents, steps: permutation.map((from) => splitSteps[from] ?? 1) };
}

/** The canonical tensor in the order of the layout. */
export function pack(layout: StateLayout, canonical: Float32Array): Float32Array {
  const packed = new Float32Array(canonical.length);
  walk(layout, (place, from) => (packed[place] = canonical[from] as number));
  return packed;
}

/** What lies in the order of the layout as a canonical tensor. */
export function unpack(layout: StateLayout, packed: Float32Array): Float32Array {
  const canonical = new Float32Array(packed.length);
  walk(layout, (place, to) => (canonical[to] = packed[place] as number));
  return canonical;
}

/** Visits every element: its place in the order, and its index in the canonical tensor. */
function walk(
  { extents, steps }: StateLayout,
  visit: (place: number, index: number) => void,
): void {
  const inner = extents.at(-1) ?? 1;
  const innerStep = steps.at(-1) ?? 1;
  const outer = extents.slice(0, -1);
  const position = outer.map(() => 0);
  const lines = elementCount(outer);
  let place = 0;
  let base = 0;
  for (let line = 0; line < lines; line++) {
    for (let i = 0, index = base; i < inner; i++, index += innerStep) visit(place++, index);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const [at, extent, step] = [position[axis] ?? 0, outer[axis] ?? 1, steps[axis] ?? 0];
      base += step;
      if (at + 1 < extent) {
        position[axis] = at + 1;
        break;
      }
      base -= step * extent;
      position[axis] = 0;
    }
  }
}
