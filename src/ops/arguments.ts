/** Signatures and readers of the arguments that several operations share. */
import type { Pair } from "./attributes.js";
import type { ArgumentKind, ArgumentSignature, BoundArguments } from "./operation.js";

/** A positional argument that must be there. */
export function required(name: string, kind: ArgumentKind, docs: string): ArgumentSignature {
  return { name, kind, positional: true, required: true, docs };
}

/** A named argument with a default. */
export function optional(name: string, kind: ArgumentKind, docs: string): ArgumentSignature {
  return { name, kind, positional: false, required: false, docs };
}

/** `/n`: the stride, written with a slash. */
export const strideArgument = optional("stride", "window", "every n-th position: `/2`");

export const padArgument = optional(
  "pad",
  "padding",
  "rows and columns added on each side; k // 2 for odd kernels and 0 for even ones where left out",
);

/** The pair given, or what stands for one that is left out. */
export function pairOr(given: BoundArguments, name: string, otherwise: Pair): Pair {
  const value = given.get(name);
  return Array.isArray(value) ? (value as Pair) : otherwise;
}

/** The number given, or what stands for one that is left out. */
export function numberOr(given: BoundArguments, name: string, otherwise: number): number {
  const value = given.get(name);
  return typeof value === "number" ? value : otherwise;
}

/** The flag given, or what stands for one that is left out. */
export function flagOr(given: BoundArguments, name: string, otherwise: boolean): boolean {
  const value = given.get(name);
  return typeof value === "boolean" ? value : otherwise;
}

/**
 * The padding of the papers and of every published checkpoint: symmetric, d * (k - 1) / 2 for odd k,
 * so that stride 1 keeps the extent; none for even k, where no symmetric padding does.
 */
export function defaultPadding(kernel: Pair, dilation: Pair): Pair {
  const one = (k: number, d: number): number => (k % 2 === 1 ? (d * (k - 1)) / 2 : 0);
  return [one(kernel[0], dilation[0]), one(kernel[1], dilation[1])];
}
