/** What was taken of a file of weights, in a sentence or two. */
import type { WeightReport } from "../api/given-weights.js";
import { counted } from "../diagnostics/numbers.js";

/** `weights of FILE, by torchvision's names: all 122 tensors`, which heads start fresh, and what else to hear. */
export function weightsLine({
  path,
  form,
  names,
  taken,
  tensors,
  fresh,
  notes,
}: WeightReport): string {
  const kind =
    form === "safetensors"
      ? names === "torchvision"
        ? ", by torchvision's names"
        : ", by the names of the graph"
      : `, a ${form}`;
  const amount =
    taken === tensors ? `all ${counted(tensors, "tensor")}` : `${taken} of ${tensors} tensors`;
  return [`weights of ${path}${kind}: ${amount}`, ...fresh, ...notes].join("; ");
}
