/** Moves a session's tensors out of and into variables, under the names that every engine shares. */
import { tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { EngineError, type NamedTensor, type State } from "../engine.js";

/** A variable and the shape it has in the canonical layout; the order of the numbers is the same. */
export interface Stored {
  readonly variable: Variable;
  readonly shape: readonly number[];
}

/** Copies every variable out. */
export async function readTensors(
  stored: ReadonlyMap<string, Stored>,
): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { variable, shape }] of stored) {
    tensors.set(name, { shape, data: Float32Array.from(await variable.data()) });
  }
  return tensors;
}

/** Sets one variable. */
export function writeTensor({ variable }: Stored, data: Float32Array): void {
  tidy(() => variable.assign(tensor(data, variable.shape, "float32")));
}

/**
 * Sets every variable from `state`, or none. Tensors of `optimizer/` may be absent together where the
 * session has no optimizer.
 * @throws EngineError naming what is missing, unknown or of another shape.
 */
export function writeTensors(stored: ReadonlyMap<string, Stored>, state: State): void {
  const faults: string[] = [];
  for (const [name, { shape }] of stored) {
    const found = state.tensors.get(name);
    if (found === undefined) faults.push(`${name} is missing`);
    else if (!sameShape(found, shape)) {
      faults.push(`${name} is ${show(found.shape)} where the network has ${show(shape)}`);
    }
  }
  for (const name of state.tensors.keys()) {
    const known = stored.has(name) || (name.startsWith("optimizer/") && !hasOptimizer(stored));
    if (!known) faults.push(`${name} is not in the network`);
  }
  if (faults.length > 0) throw mismatch(faults);
  for (const [name, target] of stored) {
    const found = state.tensors.get(name);
    if (found !== undefined) writeTensor(target, found.data);
  }
}

function hasOptimizer(stored: ReadonlyMap<string, Stored>): boolean {
  return [...stored.keys()].some((name) => name.startsWith("optimizer/"));
}

function sameShape({ shape, data }: NamedTensor, expected: readonly number[]): boolean {
  const size = expected.reduce((product, extent) => product * extent, 1);
  return (
    data.length === size &&
    shape.length === expected.length &&
    shape.every((extent, axis) => extent === expected[axis])
  );
}

function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function mismatch(faults: readonly string[]): EngineError {
  const shown = faults.slice(0, 3).join("; ");
  const more = faults.length > 3 ? `; and ${faults.length - 3} more` : "";
  return new EngineError(
    `the state is not of this network and optimizer: ${shown}${more}`,
    "use the spec, the network's parameters and the optimizer that the state was saved with",
  );
}
