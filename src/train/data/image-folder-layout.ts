/** Which of the usual layouts an image folder has, told by the names of what lies in it alone. */
import { join } from "node:path";
import { classFiles } from "./class-files.js";
import { DataError } from "./data-set.js";
import { isImageName } from "./decode-image.js";
import { listFolder } from "./list-folder.js";

/** What folders of splits are called, in small letters. */
const trainNames: readonly string[] = ["train", "training"];
/** Test images are for validation where there are no others. */
const testNames: readonly string[] = ["test", "testing"];

/** The names of a folder of validation images; the first that is there is used. */
const validationNames: readonly string[] = ["validation", "val", "valid", "dev", ...testNames];

export interface ImageFolderLayout {
  readonly root: string;
  /** The folder whose sub-folders are the classes. */
  readonly train: string;
  /** The same for validation; absent where it is to be set aside from `train`. */
  readonly validation?: string;
  /** The same for testing, where there is one beside it, or instead of it. */
  readonly test?: string;
  readonly notes: readonly string[];
  /** What is better known before anything is trained on it. */
  readonly cautions: readonly string[];
}

/**
 * Finds the folders of class folders in `folder`, stepping into a lone folder around `train/`.
 *
 * @throws DataError if `folder` is missing, a file, or has validation images without training images.
 */
export async function findImageFolder(folder: string): Promise<ImageFolderLayout> {
  const root = await stepInto(folder);
  const { folders, dangling } = await listFolder(root);
  const lost = dangling.find((name) =>
    [...trainNames, ...validationNames].includes(name.toLowerCase()),
  );
  if (lost !== undefined) {
    throw new DataError(
      `${join(root, lost)} is a link to a folder that is not there`,
      "mend the link, such as by mounting the disk that it leads to, or remove it",
    );
  }
  const training = firstOf(trainNames, folders);
  const validations = validationNames.flatMap((name) => firstOf([name], folders) ?? []);
  const [chosen, ...unused] = validations;
  if (training === undefined || !(await holdsClasses(root, training, folders))) {
    if (chosen !== undefined && folders.length === validations.length) {
      throw new DataError(
        `${root} has a folder ${chosen}, but none named train`,
        `put the class folders of the training images into ${join(root, "train")},` +
          ` or give ${join(root, chosen)} itself as the data`,
      );
    }
    return { root, train: root, notes: [], cautions: [] };
  }
  const known = [training, ...validations];
  const others = folders.filter((name) => !known.includes(name));
  const isTest = (name: string): boolean => testNames.includes(name.toLowerCase());
  const testing = validations.find(isTest);
  const test = testing === undefined ? {} : { test: join(root, testing) };
  const notes = [
    ...[...unused, ...others]
      .filter((name) => name !== testing)
      .map((name) => `${join(root, name)} is not used`),
    ...(testing !== undefined && unused.includes(testing)
      ? [`${join(root, testing)} is for \`resnetc eval --split test\` alone`]
      : []),
  ];
  const train = join(root, training);
  if (chosen === undefined) return { root, train, notes, cautions: [] };
  const validation = join(root, chosen);
  const cautions = chosen === testing ? [noTest(validation)] : [];
  return { root, train, validation, ...test, notes, cautions };
}

/** Of test images that a run chooses its best epoch by. */
function noTest(folder: string): string {
  return `${folder} is used to validate with, as there is no validation folder: what it comes to is not a test`;
}

/** The folder that has the first of these names, whatever its letters' case; that in small letters where there are several. */
function firstOf(names: readonly string[], folders: readonly string[]): string | undefined {
  for (const name of names) {
    if (folders.includes(name)) return name;
    const found = folders.find((folder) => folder.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether folders are splits: one to train on, and one for validation or testing. */
export function holdSplits(folders: readonly string[]): boolean {
  return [trainNames, validationNames].every((names) => firstOf(names, folders) !== undefined);
}

/** Whether a folder of that name holds class folders; else it is a class. */
async function holdsClasses(
  root: string,
  training: string,
  folders: readonly string[],
): Promise<boolean> {
  const isSplit = (name: string): boolean =>
    name === training || validationNames.includes(name.toLowerCase());
  if (folders.every(isSplit)) return true;
  const train = await listFolder(join(root, training));
  if (train.folders.length === 0) return false;
  if (holdSplits(folders) || !train.files.some(isImageName)) return true;
  // With images of its own, beside others that have some, it is a class whose images lie in folders too.
  return !(await haveImages(folders.map((name) => join(root, name))));
}

/** Whether there are images in each of these folders, or below it. */
async function haveImages(folders: readonly string[]): Promise<boolean> {
  const found = await Promise.all(folders.map(classFiles));
  return found.every(({ files }) => files.some(isImageName));
}

/** Archives often extract to one folder around everything: `cifar10-mini/train/…`. */
async function stepInto(folder: string): Promise<string> {
  const { folders } = await listFolder(folder);
  const [only] = folders;
  if (only === undefined || folders.length > 1 || firstOf(trainNames, folders)) return folder;
  const inner = join(folder, only);
  return firstOf(trainNames, (await listFolder(inner)).folders) ? inner : folder;
}
