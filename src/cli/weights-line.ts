/** What was taken of a file of weights, in a sentence or two. */
import type { WeightReport } from "../api/given-weights.js";
import { counted } from "../diagnostics/numbers.js";

/** Whose names the tensors of a file have, as a sentence says it after "by". */
export const namesInWords: Readonly<Record<WeightReport["names"], string>> = {
  graph: "the names of the graph",
  torchvision: "the names of torchvision",
  cifar: "the names of published networks for CIFAR",
};

/** `weights of FILE, by the names of torchvision: all 122 tensors`, which heads start fresh, and what else to hear. */
export function weightsLine({
  path,
  form,
  names,
  taken,
  tensors,
  fresh,
  notes,
}: WeightReport): string {
  const isNamed = form === "safetensors" || form === "torch";
  const kind = isNamed ? `, by ${namesInWords[names]}` : `, a ${form}`;
  const amount =
    taken === tensors ? `all ${counted(tensors, "tensor")}` : `${taken} of ${tensors} tensors`;
  return [`weights of ${path}${kind}: ${amount}`, ...fresh, ...notes].join("; ");
}
