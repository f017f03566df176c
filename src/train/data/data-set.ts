/**
 * What a data set is: named classes and two splits whose images are read one at a time, by index, so
 * that memory does not grow with the data.
 */

import type { SizedImages } from "./sized-images.js";
import type { SplitSource } from "./split-source.js";
import type { SplitThreads } from "./worker-pool.js";

/** Row-major (H, W, C) bytes. */
export interface RawImage {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Where its file has more than 8 bits per channel, of which the upper 8 are here. */
  readonly deep?: true;
}

export interface Sample {
  readonly image: RawImage;
  /** Index into the data set's classes. */
  readonly label: number;
}

export interface Split {
  readonly size: number;
  /** Reads one sample. @throws DataError naming the file where it is missing or corrupt. */
  read(index: number): Promise<Sample>;
  /** The label of one sample; absent where it costs as much as to read the sample. */
  label?(index: number): number;
  /** A few words that find the sample again: its path, or the file and the record. */
  describe(index: number): string;
  /** By which its images are known again, told from their names and their order; absent where these are not known. */
  digest?(): string;
  /** Where images are kept once a recipe has brought them to their size; absent where they are kept as they are, or made. */
  readonly sized?: SizedImages;
  /** Plain data from which another thread opens the same split; absent where only this one reads it. */
  readonly source?: SplitSource;
  /** The threads that make its batches; absent where the one that uses them does. */
  readonly threads?: SplitThreads;
}

export interface DataSet {
  readonly name: string;
  readonly classes: readonly string[];
  readonly train: Split;
  /** May be empty (size 0). */
  readonly validation: Split;
  /** Images for neither, or those of `validation` where that is what they are published as. */
  readonly test?: Split | undefined;
  /** What a person should hear of once: files left out, counts that differ from the published ones. */
  readonly notes?: readonly string[];
  /** What they should hear of before they train on it, as that test images are validated with. */
  readonly cautions?: readonly string[];
  close(): Promise<void>;
}

/** Data that cannot be used, said with the file's name and what to do about it. */
export class DataError extends Error {
  override readonly name = "DataError";
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }

  /** The same error with one more thing to do about it. */
  withHelp(more: string): DataError {
    const help = this.help === undefined ? more : `${this.help}; ${more}`;
    return new DataError(this.message, help);
  }
}
