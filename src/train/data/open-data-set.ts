/**
 * From a recipe's data reference to the open data set: one row per kind. What the reference says that
 * its kind does not know is an error that lists what the kind knows.
 */
import { closest } from "fastest-levenshtein";
import {
  dataKinds,
  dataOptionFault,
  isDataKind,
  type DataKind,
  type DataKindName,
} from "../../recipe/data-kinds.js";
import type { DataReference } from "../../recipe/recipe.js";
import { openCifar } from "./cifar.js";
import { DataError, type DataSet } from "./data-set.js";
import { openImageFolder } from "./image-folder.js";
import { openShapes } from "./shapes.js";
import { threadCount, workerFile, WorkerPool } from "./worker-pool.js";

/** What a kind's opener is given: `path` is "" for kinds that take none. */
interface Request {
  readonly path: string;
  readonly whole: boolean;
  /** The option's value, or its default. */
  number(name: string): number;
  /** The option's value, or undefined where it was not given. */
  given(name: string): number | undefined;
}

const openers: { readonly [K in DataKindName]: (request: Request) => Promise<DataSet> } = {
  cifar10: ({ path }) => openCifar("cifar10", path),
  cifar100: ({ path }) => openCifar("cifar100", path),
  folder: ({ path, number, given, whole }) => {
    const validation = given("validation");
    const seed = number("seed");
    return openImageFolder(path, { seed, whole, ...(validation !== undefined && { validation }) });
  },
  shapes: async ({ number }) =>
    openShapes({
      size: number("size"),
      train: number("train"),
      validation: number("validation"),
      classes: number("classes"),
      seed: number("seed"),
    }),
};

export interface OpenOptions {
  /** Sets no images aside for validation where the data are not divided, as for data that are not trained on. */
  readonly whole?: boolean;
  /** How many threads make batches; 0 for none but the one that uses them. By the cores where left out. */
  readonly threads?: number;
  /** The file that they start from; the build's where left out. */
  readonly file?: URL;
}

/**
 * Opens the data set that a recipe names. Its batches are made by threads that start when they are
 * needed and end when it is closed; where the code runs from its sources, by the one that uses them.
 *
 * @throws DataError if the kind, an option or its value is unknown or inadmissible, if a path is
 * missing or superfluous, or if the data themselves cannot be used.
 */
export async function openDataSet(
  reference: DataReference,
  { threads = threadCount(), file = workerFile(), whole = false }: OpenOptions = {},
): Promise<DataSet> {
  const { kind } = reference;
  if (!isDataKind(kind)) {
    const names = Object.keys(dataKinds);
    throw new DataError(
      `unknown kind of data \`${kind}\``,
      `did you mean \`${closest(kind, names)}\`? The kinds are ${quoted(names)}`,
    );
  }
  optionsAreKnown(kind, dataKinds[kind], reference.options);
  const opened = await openers[kind]({
    ...requestOf(kind, dataKinds[kind], reference),
    whole,
  });
  return file === undefined || threads === 0 ? opened : threaded(opened, file, threads);
}

function threaded(opened: DataSet, file: URL, threads: number): DataSet {
  const pool = new WorkerPool(file, threads);
  const validation = pool.adopt(opened.validation);
  return {
    ...opened,
    train: pool.adopt(opened.train),
    validation,
    // One split stays one.
    test: opened.test === opened.validation ? validation : opened.test && pool.adopt(opened.test),
    close: async () => {
      await pool.close();
      await opened.close();
    },
  };
}

function optionsAreKnown(
  kind: string,
  { options }: DataKind,
  given: DataReference["options"],
): void {
  const names = Object.keys(options);
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      throw new DataError(
        `\`${kind}\` has no option \`${name}\``,
        names.length === 0
          ? `\`${kind}\` takes no options`
          : `did you mean \`${closest(name, names)}\`? The options are ${quoted(names)}`,
      );
    }
    const wanted = dataOptionFault(option, value);
    if (wanted !== undefined) {
      throw new DataError(
        `\`${kind}\`: \`${name}: ${String(value)}\` is not ${wanted}`,
        `\`${name}\` is ${option.doc}`,
      );
    }
  }
}

function requestOf(
  kind: string,
  known: DataKind,
  { path, options }: DataReference,
): Omit<Request, "whole"> {
  if (known.path !== undefined && (path === undefined || path === "")) {
    throw new DataError(`\`${kind}\` needs a path`, `give ${known.path}`);
  }
  if (known.path === undefined && path !== undefined) {
    throw new DataError(`\`${kind}\` takes no path, and was given ${path}`, "leave the path out");
  }
  const given = (name: string): number | undefined => {
    const value = options[name];
    return typeof value === "number" ? value : undefined;
  };
  return {
    path: path ?? "",
    given,
    number: (name) => {
      const value = given(name) ?? known.options[name]?.default;
      if (value === undefined) throw new RangeError(`\`${kind}\` has no option \`${name}\``);
      return value;
    },
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
