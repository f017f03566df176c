/** Whether all numbers of some tensors are finite: no weights that are not are saved, or taken from a file. */
import type { NamedTensor } from "../engines/engine.js";
import { areFinite } from "../engines/finite.js";

/** The name of the first tensor with a NaN or an infinity in it. */
export function firstNotFinite(tensors: ReadonlyMap<string, NamedTensor>): string | undefined {
  for (const [name, { data }] of tensors) if (!areFinite(data)) return name;
  return undefined;
}
