/** Whether the numbers of some tensors can be computed with: no weights that cannot are saved, or taken from a file. */
import type { NamedTensor } from "../engines/engine.js";
import { areFinite } from "../engines/finite.js";

/** The name of the first tensor with a NaN or an infinity in it. */
export function firstNotFinite(tensors: ReadonlyMap<string, NamedTensor>): string | undefined {
  for (const [name, { data }] of tensors) if (!areFinite(data)) return name;
  return undefined;
}

/** Of a moving variance, here and in PyTorch. */
const isVariance = (name: string): boolean => /moving_variance$|running_var$/.test(name);

/** What keeps some tensors from being computed with, and in which; undefined where nothing does. */
export function numericFault(tensors: ReadonlyMap<string, NamedTensor>): string | undefined {
  const name = firstNotFinite(tensors);
  if (name !== undefined) return `numbers that are not finite, in ${name}`;
  for (const [key, { data }] of tensors) {
    if (isVariance(key) && data.some((value) => value < 0))
      return `variances below zero, in ${key}`;
  }
  return undefined;
}
