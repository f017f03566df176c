/** A split as plain data, from which any thread opens one that reads the very same samples. */
import type { CifarKind } from "./cifar-layout.js";
import { openCifarSplit, type RecordRange } from "./cifar.js";
import type { ClassFolder } from "./class-folders.js";
import type { Split } from "./data-set.js";
import { folderSplit } from "./image-folder.js";
import type { KeptImages } from "./kept-images.js";
import type { SizedImages } from "./sized-images.js";
import { shapesSplit, type ShapesOptions } from "./shapes.js";

/** Files by the names that were found, so that what is added meanwhile moves no sample. */
export type SplitSource =
  | { readonly kind: CifarKind; readonly files: readonly RecordRange[] }
  | {
      readonly kind: "folder";
      readonly folder: string;
      readonly classes: readonly ClassFolder[];
      /** Shared by all threads, as is `sized`. */
      readonly kept?: KeptImages;
      readonly sized?: SizedImages;
    }
  | {
      readonly kind: "shapes";
      readonly options: ShapesOptions;
      readonly split: "train" | "validation";
    };

export interface OpenSplit {
  readonly split: Split;
  close(): Promise<void>;
}

/** @throws DataError if a file cannot be opened. */
export async function openSplit(source: SplitSource): Promise<OpenSplit> {
  switch (source.kind) {
    case "cifar10":
    case "cifar100":
      return openCifarSplit(source.kind, source.files);
    case "folder": {
      const split = folderSplit(source.folder, source.classes, source);
      return { split, close: () => Promise.resolve() };
    }
    case "shapes":
      return { split: shapesSplit(source.options, source.split), close: () => Promise.resolve() };
  }
}
