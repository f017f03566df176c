/**
 * The seal of a checkpoint: a digest of all that it holds, by which a bit that a disk or a copy has changed is found
 * before a run goes on from it.
 */
import { createHash } from "node:crypto";
import { tensorBytes, type TensorFile } from "./safetensors.js";

/** Under which the metadata hold it; what it stands for is all but this. */
export const sealKey = "sha256";

/**
 * SHA-256 of the metadata and the tensors, in hexadecimal. It does not depend on the order of either: what is digested
 * is, sorted by name, each key and text of the metadata, then each tensor's name, shape and little-endian bytes.
 */
export function sealOf({ metadata, tensors }: TensorFile): string {
  const hash = createHash("sha256");
  const fields = [...metadata].filter(([key]) => key !== sealKey);
  for (const [key, text] of byName(fields)) hash.update(JSON.stringify([key, text]));
  for (const [name, tensor] of byName(tensors)) {
    hash.update(JSON.stringify([name, tensor.shape]));
    hash.update(tensorBytes(tensor.data));
  }
  return hash.digest("hex");
}

function byName<T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
