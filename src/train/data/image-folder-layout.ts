/** Which of the usual layouts an image folder has, told by the names of its sub-folders alone. */
import { join } from "node:path";
import { listFolder } from "./class-folders.js";
import { DataError } from "./data-set.js";

/** The name of a folder of test images, which are for validation where there are no others. */
const testName = "test";

/** The names of a folder of validation images; the first that is there is used. */
export const validationNames: readonly string[] = ["validation", "val", "valid", testName];

export interface ImageFolderLayout {
  readonly root: string;
  /** The folder whose sub-folders are the classes. */
  readonly train: string;
  /** The same for validation; absent where it is to be set aside from `train`. */
  readonly validation?: string;
  /** The same for testing, where there is one beside it, or instead of it. */
  readonly test?: string;
  readonly notes: readonly string[];
}

/**
 * Finds the folders of class folders in `folder`, stepping into a lone folder around `train/`.
 *
 * @throws DataError if `folder` is missing, a file, or has validation images without training images.
 */
export async function findImageFolder(folder: string): Promise<ImageFolderLayout> {
  const root = await stepInto(folder);
  const { folders } = await listFolder(root);
  const validations = validationNames.filter((name) => folders.includes(name));
  const [chosen, ...unused] = validations;
  if (!(await holdsTraining(root, folders))) {
    if (chosen !== undefined && folders.length === validations.length) {
      throw new DataError(
        `${root} has a folder ${chosen}, but none named train`,
        `put the class folders of the training images into ${join(root, "train")},` +
          ` or give ${join(root, chosen)} itself as the data`,
      );
    }
    return { root, train: root, notes: [] };
  }
  const known = ["train", ...validations];
  const others = folders.filter((name) => !known.includes(name));
  const test = validations.includes(testName) ? { test: join(root, testName) } : {};
  const notes = [
    ...[...unused, ...others]
      .filter((name) => name !== testName)
      .map((name) => `${join(root, name)} is not used`),
    ...(unused.includes(testName)
      ? [`${join(root, testName)} is left for \`resnetc eval --split test\``]
      : []),
  ];
  const train = join(root, "train");
  return chosen === undefined
    ? { root, train, notes }
    : { root, train, validation: join(root, chosen), ...test, notes };
}

/** Whether `train` holds class folders. With images of its own beside other folders it is a class. */
async function holdsTraining(root: string, folders: readonly string[]): Promise<boolean> {
  if (!folders.includes("train")) return false;
  if (folders.every((name) => name === "train" || validationNames.includes(name))) return true;
  return (await listFolder(join(root, "train"))).folders.length > 0;
}

/** Archives often extract to one folder around everything: `cifar10-mini/train/…`. */
async function stepInto(folder: string): Promise<string> {
  const { folders } = await listFolder(folder);
  const [only] = folders;
  if (only === undefined || folders.length > 1 || only === "train") return folder;
  const inner = join(folder, only);
  return (await listFolder(inner)).folders.includes("train") ? inner : folder;
}
