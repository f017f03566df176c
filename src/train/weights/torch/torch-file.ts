/**
 * Reads the weights that PyTorch saved (`.pth`, `.pt`, `.bin`, `.pth.tar`), in both of its formats, without running
 * any code of the file. What is not a weight, such as the state of an optimizer, is not read.
 */
import type { NamedTensor } from "../../../engines/engine.js";
import { torchForm } from "../../foreign-format.js";
import { beginningOf, refuseUncomputable, whileOpen, type FileKind } from "../../tensor-file.js";
import { openArchive } from "./archive.js";
import { openLegacy } from "./legacy.js";
import { readNumbers } from "./numbers.js";
import { findStateDict } from "./state-dict.js";

export interface TorchWeights {
  /** By the names that the file has; counters of int64, which are no weights, are left out. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** What a person should hear of how they were found. */
  readonly notes: readonly string[];
}

/**
 * @returns nothing where the file is none of PyTorch.
 * @throws CheckpointError if it may not be read, is damaged, or holds no weights that are read; or a number is not
 * finite.
 */
export async function readTorchFile(
  path: string,
  kind: FileKind,
): Promise<TorchWeights | undefined> {
  return whileOpen(path, kind, async (handle) => {
    const { size, first } = await beginningOf(handle, path, kind);
    const form = torchForm(path, first);
    if (form === undefined) return undefined;
    const content =
      form === "archive" ? await openArchive(path, handle, size) : await openLegacy(handle, size);
    const { notes, ...found } = findStateDict(path, content.saved);
    const tensors = await readNumbers(path, size, found, content);
    refuseUncomputable(path, kind, tensors);
    return { tensors, notes };
  });
}
