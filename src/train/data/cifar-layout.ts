/**
 * Where the files of a published CIFAR archive lie and what they are called. Whatever is amiss with a
 * folder (another version, an archive not yet extracted) is said with the folder's name.
 */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorCode } from "../../storage/error-code.js";
import { DataError } from "./data-set.js";
import { refusalOf } from "./file-errors.js";

export type CifarKind = "cifar10" | "cifar100";

export interface CifarFormat {
  readonly subfolder: string;
  readonly archive: string;
  /** The published archive of another format, by which a wrong download shows. */
  readonly otherFolder: string;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  /** Records of one published file. */
  readonly trainRecords: number;
  readonly validationRecords: number;
  readonly names: string;
  readonly classes: number;
  /** Bytes before the pixels; the last of them is the label. */
  readonly labelBytes: number;
}

export const cifarFormats: { readonly [K in CifarKind]: CifarFormat } = {
  cifar10: {
    subfolder: "cifar-10-batches-bin",
    archive: "cifar-10-binary.tar.gz",
    otherFolder: "cifar-10-batches-py",
    train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
    validation: ["test_batch.bin"],
    trainRecords: 10_000,
    validationRecords: 10_000,
    names: "batches.meta.txt",
    classes: 10,
    labelBytes: 1,
  },
  cifar100: {
    subfolder: "cifar-100-binary",
    archive: "cifar-100-binary.tar.gz",
    otherFolder: "cifar-100-python",
    train: ["train.bin"],
    validation: ["test.bin"],
    trainRecords: 50_000,
    validationRecords: 10_000,
    names: "fine_label_names.txt",
    classes: 100,
    labelBytes: 2,
  },
};

/**
 * The folder itself if one of the files lies there, else the published sub-folder.
 *
 * @throws DataError if neither is so, with what the folder holds instead where that is known.
 */
export async function findCifarFolder(kind: CifarKind, folder: string): Promise<string> {
  const format = cifarFormats[kind];
  const entries = await listFolder(kind, folder);
  const isOurs = (name: string): boolean =>
    format.train.includes(name) || format.validation.includes(name);
  if (entries.some(isOurs)) return folder;
  if (entries.includes(format.subfolder)) {
    const inner = join(folder, format.subfolder);
    if ((await listFolder(kind, inner)).some(isOurs)) return inner;
    throw new DataError(`${inner} holds no ${kind} files`, archiveHelp(kind));
  }
  if (entries.includes(format.archive)) {
    throw new DataError(
      `${folder} holds the archive ${format.archive}, not yet extracted`,
      `extract it there: tar xzf ${format.archive}`,
    );
  }
  if (entries.includes(format.otherFolder) || basename(folder) === format.otherFolder) {
    throw new DataError(
      `${folder} holds the Python version of ${kind} (${format.otherFolder}), which is not read`,
      archiveHelp(kind),
    );
  }
  throw new DataError(
    `${folder} holds neither ${format.train[0] ?? ""} nor a folder ${format.subfolder}`,
    archiveHelp(kind),
  );
}

async function listFolder(kind: CifarKind, folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") {
      throw new DataError(`${folder} does not exist`, archiveHelp(kind));
    }
    if (code === "ENOTDIR") {
      throw new DataError(
        `${folder} is a file; ${kind} needs the folder that its archive extracts to`,
        archiveHelp(kind),
      );
    }
    throw new DataError(`${folder} cannot be read: ${refusalOf(error)}`);
  }
}

/** Where the files come from, by the archive's published name. */
export function archiveHelp(kind: CifarKind): string {
  const { archive, subfolder } = cifarFormats[kind];
  return (
    `take ${archive} from the CIFAR page of Alex Krizhevsky (University of Toronto), extract it,` +
    ` and give the folder that holds ${subfolder}`
  );
}
