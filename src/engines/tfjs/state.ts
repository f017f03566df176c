/** Moves a session's tensors out of and into variables, under the names that every engine shares. */
import { tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { NamedTensor, State } from "../engine.js";
import { checkState } from "../state-check.js";

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

/** Sets one variable. The numbers stay the caller's: a backend may look at them as late as it needs them. */
export function writeTensor({ variable }: Stored, data: Float32Array): void {
  tidy(() => variable.assign(tensor(data.slice(), variable.shape, "float32")));
}

/** Sets every variable from `state`, or none. @throws EngineError where the state is another's. */
export function writeTensors(stored: ReadonlyMap<string, Stored>, state: State): void {
  checkState(new Map([...stored].map(([name, { shape }]) => [name, shape])), state);
  for (const [name, target] of stored) {
    const found = state.tensors.get(name);
    if (found !== undefined) writeTensor(target, found.data);
  }
}
