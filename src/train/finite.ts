/** Whether all numbers of some tensors are finite: no weights that are not are saved, or taken from a file. */
import type { NamedTensor } from "../engines/engine.js";

/** The name of the first tensor with a NaN or an infinity in it. */
export function firstNotFinite(tensors: ReadonlyMap<string, NamedTensor>): string | undefined {
  for (const [name, { data }] of tensors) if (!areFinite(data)) return name;
  return undefined;
}

/** The difference of a number and itself is 0, and NaN where it is not finite. */
function areFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    sum += value - value;
  }
  return sum === 0;
}
