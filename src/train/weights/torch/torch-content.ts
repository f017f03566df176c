/** What is in a file of PyTorch, whichever of its two formats it has. */
import type { Storage } from "./stored-tensors.js";

export interface TorchContent {
  /** What was saved: dictionaries as maps, tensors as `StoredTensor`, what is not known as `Opaque`. */
  readonly saved: unknown;
  /** Why none of its numbers are read, where that is so, as a sentence about the file. */
  readonly unread?: string;
  /**
   * The bytes of a storage, each number's lowest first. They are read when they are asked for.
   *
   * @throws TorchFileError where the file has not as many as there should be.
   */
  bytesOf(storage: Storage): Promise<Uint8Array<ArrayBuffer>>;
}

/** A longer pickle is none of weights: the numbers stand outside of it. In bytes. */
export const longestPickle = 64 << 20;
