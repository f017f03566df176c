/**
 * The kinds of data that a recipe can name, with their options: the one table that the checker, the
 * help and the code that opens the data share. Nothing here reads a file.
 */

import type { DataReference } from "./recipe.js";

export type DataOptionValue = number | string | boolean;

/** What a kind's option may be, as data, so that it can be checked, listed and completed. */
export interface DataOption {
  /** Every option so far is a number. */
  readonly type: "number";
  /** What it is when left out. */
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Whether only whole numbers will do. */
  readonly whole: boolean;
  readonly doc: string;
}

export interface DataKind {
  /** One line for help and hover. */
  readonly doc: string;
  /** What the path must be; absent where the kind takes none. */
  readonly path?: string;
  readonly options: Readonly<Record<string, DataOption>>;
}

const seed: DataOption = {
  type: "number",
  default: 0,
  minimum: 0,
  maximum: 2 ** 32 - 1,
  whole: true,
  doc: "what every random choice of the data set follows from",
};

const images = (split: string, count: number, minimum: number): DataOption => ({
  type: "number",
  default: count,
  minimum,
  maximum: 2 ** 31 - 1,
  whole: true,
  doc: `how many ${split} images there are`,
});

export const dataKinds = {
  cifar10: {
    doc: "CIFAR-10 in its published binary format: 10 classes, 32x32x3",
    path: "the folder that holds data_batch_1.bin to data_batch_5.bin, test_batch.bin and batches.meta.txt, or the cifar-10-batches-bin folder",
    options: {},
  },
  cifar100: {
    doc: "CIFAR-100 in its published binary format, with the 100 fine classes: 32x32x3",
    path: "the folder that holds train.bin, test.bin and fine_label_names.txt, or the cifar-100-binary folder",
    options: {},
  },
  folder: {
    doc: "images in one folder per class, under train/ and validation/ (or val/, valid/, dev/, or test/) or split by `validation`; files are turned upright as their EXIF data say, grey becomes three equal channels, transparency is dropped, and of an animation the first frame is taken",
    path: "the folder of class folders, or of train/ and validation/ folders of class folders",
    options: {
      validation: {
        type: "number",
        default: 0.1,
        minimum: 0,
        maximum: 0.9,
        whole: false,
        doc: "the share of every class set aside for validation, where the folder has no validation images of its own",
      },
      seed,
    },
  },
  shapes: {
    doc: "coloured shapes drawn on the fly, no files: circle, square, triangle, cross, ring, star, bar, half-disc",
    options: {
      size: {
        type: "number",
        default: 32,
        minimum: 16,
        maximum: 512,
        whole: true,
        doc: "height and width of the images in pixels",
      },
      train: images("training", 4096, 1),
      validation: images("validation", 512, 0),
      classes: {
        type: "number",
        default: 4,
        minimum: 2,
        maximum: 8,
        whole: true,
        doc: "how many of the shapes take part, in the order listed",
      },
      seed,
    },
  },
} as const satisfies Readonly<Record<string, DataKind>>;

export type DataKindName = keyof typeof dataKinds;

/** The options of data with those that are left out, as they are then, in one order. */
export function wholeOptions({ kind, options }: DataReference): DataReference["options"] {
  if (!isDataKind(kind)) return options;
  const table: Readonly<Record<string, DataOption>> = dataKinds[kind].options;
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, options[name] ?? option.default]),
  );
}

/** What is known of data without a look at them. */
export interface DataFacts {
  /** As a person calls them. */
  readonly name: string;
  readonly classes: number;
  readonly trainImages: number;
  readonly validationImages: number;
  /** Height and width of all images, in pixels. */
  readonly extent: number;
}

/** Of data of a kind that is always the same, or as its options say. */
export function knownFacts({ kind, options }: DataReference): DataFacts | undefined {
  const published = { trainImages: 50_000, validationImages: 10_000, extent: 32 };
  switch (kind) {
    case "cifar10":
      return { name: "CIFAR-10", classes: 10, ...published };
    case "cifar100":
      return { name: "CIFAR-100", classes: 100, ...published };
    case "shapes": {
      const of = (name: keyof typeof dataKinds.shapes.options): number =>
        Number(options[name] ?? dataKinds.shapes.options[name].default);
      return {
        name: "shapes",
        classes: of("classes"),
        trainImages: of("train"),
        validationImages: of("validation"),
        extent: of("size"),
      };
    }
    default:
      return undefined;
  }
}

/** Whether there are validation images, or may be: a folder may have none to set aside, and none of its own. */
export function hasValidation(data: DataReference): boolean {
  return (knownFacts(data)?.validationImages ?? data.options["validation"]) !== 0;
}

/** Whether `name` is a kind of data that this version knows. */
export function isDataKind(name: string): name is DataKindName {
  return Object.hasOwn(dataKinds, name);
}

/** What `value` should have been ("a whole number from 2 to 8"), or undefined where it is admissible. */
export function dataOptionFault(option: DataOption, value: DataOptionValue): string | undefined {
  const admissible =
    typeof value === "number" &&
    value >= option.minimum &&
    value <= option.maximum &&
    (!option.whole || Number.isInteger(value));
  if (admissible) return undefined;
  return `a ${option.whole ? "whole " : ""}number from ${option.minimum} to ${option.maximum}`;
}
