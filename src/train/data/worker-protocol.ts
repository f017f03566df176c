/** What the thread of the loop and the threads that make batches say to each other: plain data. */
import type { Batch } from "../../engines/engine.js";
import type { Frame, MakingOptions } from "./batch-maker.js";
import { DataError } from "./data-set.js";
import { ImageLibraryError } from "./image-library.js";
import type { SplitSource } from "./split-source.js";

export type ToWorker =
  /** Makes a split known under a number. */
  | { readonly kind: "split"; readonly split: number; readonly source: SplitSource }
  /** Begins an epoch, or a part of one, of a split. */
  | {
      readonly kind: "begin";
      readonly epoch: number;
      readonly split: number;
      readonly options: MakingOptions;
      readonly frame: Frame;
    }
  /** Asks for batch `number` of that epoch; answered by one `FromWorker` with `id`. */
  | {
      readonly kind: "make";
      readonly id: number;
      readonly epoch: number;
      readonly number: number;
      readonly indices: Uint32Array;
    }
  /** Ends an epoch: batches of it that are not made yet are answered with an error. */
  | { readonly kind: "end"; readonly epoch: number }
  /** Closes all files and ends the thread. */
  | { readonly kind: "close" };

export type FromWorker =
  | { readonly id: number; readonly batch: Batch }
  | { readonly id: number; readonly error: SentError };

/** An error in transit: one that is a message for the user in parts, as its class would be lost; any other as it is. */
export type SentError =
  | { readonly kind: "data"; readonly message: string; readonly help: string | undefined }
  | { readonly kind: "library"; readonly message: string; readonly help: string }
  | { readonly kind: "other"; readonly error: Error };

export function sentError(error: unknown): SentError {
  if (error instanceof DataError) {
    return { kind: "data", message: error.message, help: error.help };
  }
  if (error instanceof ImageLibraryError) {
    return { kind: "library", message: error.message, help: error.help };
  }
  return { kind: "other", error: error instanceof Error ? error : new Error(String(error)) };
}

export function receivedError(sent: SentError): Error {
  switch (sent.kind) {
    case "data":
      return new DataError(sent.message, sent.help);
    case "library":
      return new ImageLibraryError(sent.message, sent.help);
    case "other":
      return sent.error;
  }
}
