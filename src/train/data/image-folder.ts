/**
 * Images in one folder per class. An image is decoded when it is read, and kept where all of them are small;
 * memory does not grow with the pixels of others. Classes, order and split depend on the names alone.
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { listed } from "../../diagnostics/lists.js";
import { counted } from "../../diagnostics/numbers.js";
import { DataError, type DataSet, type Split } from "./data-set.js";
import { decodeImage } from "./decode-image.js";
import { keeping, roomFor, type KeptImages } from "./kept-images.js";
import { findImageFolder } from "./image-folder-layout.js";
import { readClasses, type ClassFolder } from "./class-folders.js";
import { roomForSized, type SizedImages } from "./sized-images.js";
import { randomKey } from "../../random/random.js";

export interface ImageFolderOptions {
  /**
   * The share of each class set aside for validation, where the folder has no validation images of
   * its own: 0 (none) to 0.9. Default 0.1.
   */
  readonly validation?: number;
  /** Picks the images set aside. Default 0. */
  readonly seed?: number;
  /** Sets none aside where the folder is not divided and `validation` is left out. */
  readonly whole?: boolean;
}

/**
 * Opens a folder of class folders, or of `train/` and `validation/` (or `val/`, `valid/`, `dev/`, or `test/`) that hold
 * the class folders; `test/` beside one of the others is a split of its own. Classes are the class folders' names, sorted;
 * images of a class may lie in folders below its own. A lone folder around `train/`, as
 * archives make, is stepped into. Hidden files are ignored; files of other kinds are counted in the
 * notes. Images are (H, W, 3), each of its own size; grey ones are repeated over the three channels.
 *
 * @throws DataError naming the folder or file where one is missing, empty or not what it should be.
 */
export async function openImageFolder(
  folder: string,
  options: ImageFolderOptions = {},
): Promise<DataSet> {
  const found = await findImageFolder(folder);
  const [notes, cautions] = [[...found.notes], [...found.cautions]];
  const classes = await readClasses(found.train, notes);
  const names = classes.map((one) => one.name);
  const dataSet = (train: Split, validation: Split, test?: Split): DataSet => ({
    name: basename(found.root),
    classes: names,
    notes,
    cautions,
    train,
    validation,
    test,
    close: () => Promise.resolve(),
  });
  if (found.validation === undefined) {
    const share = options.validation ?? (options.whole === true ? 0 : 0.1);
    const { train, validation } = setAside(classes, share, options.seed ?? 0);
    return dataSet(await keptSplit(found.train, train), await keptSplit(found.train, validation));
  }
  if (options.validation !== undefined) {
    throw new DataError(
      `${found.validation} holds validation images, and \`validation: ${options.validation}\` asks` +
        ` for a share of the training images`,
      `leave \`validation\` out to use ${found.validation}, or move that folder away`,
    );
  }
  const validation = await validationOf(found.validation, found.train, names, notes);
  cautions.push(...unseenClasses(found.validation, found.train, validation));
  const validationSplit = await keptSplit(found.validation, validation);
  const testSplit =
    found.test === found.validation ? validationSplit : await testOf(found.test, names, notes);
  return dataSet(await keptSplit(found.train, classes), validationSplit, testSplit);
}

/** The images for testing; none, with a note, where they cannot be told apart by these classes. */
async function testOf(
  folder: string | undefined,
  names: readonly string[],
  notes: string[],
): Promise<Split | undefined> {
  if (folder === undefined) return undefined;
  try {
    const found = await readClasses(folder, notes, { mayBeEmpty: true });
    const extra = extraOf(found, names, notes);
    if (extra.length > 0) throw new DataError(`it has images of ${list(extra)} as well`);
    return folderSplit(folder, byName(found, names, folder));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    notes.push(`${folder} cannot be used: ${error.message}`);
    return undefined;
  }
}

/** Pixels of an image that is kept as it is stored, whatever a recipe makes of it. */
const small = 256 * 256;

/** A split that keeps images where they are small, as they are, and others as a recipe sizes them. */
async function keptSplit(folder: string, classes: readonly ClassFolder[]): Promise<Split> {
  const split = folderSplit(folder, classes);
  if (split.size === 0) return split;
  try {
    const { image } = await split.read(0);
    const kept = image.height * image.width > small ? undefined : roomFor(split.size, image);
    const sized = roomForSized(split.size, image);
    if (kept === undefined) return folderSplit(folder, classes, { ...(sized && { sized }) });
    const { height, width, channels } = kept;
    const others = sized && { ...sized, except: { height, width, channels } };
    return folderSplit(folder, classes, { kept, ...(others && { sized: others }) });
  } catch (error) {
    // Whoever reads that image is told of it.
    if (error instanceof DataError) return split;
    throw error;
  }
}

/**
 * The images for validation, by the classes that are trained on: some may have none, and none are of others, or labels
 * of one split would mean something else in the other.
 */
async function validationOf(
  folder: string,
  train: string,
  names: readonly string[],
  notes: string[],
): Promise<readonly ClassFolder[]> {
  const found = await readClasses(folder, notes, { mayBeEmpty: true });
  const extra = extraOf(found, names, notes);
  if (extra.length > 0) {
    throw new DataError(
      `${folder} has images of ${list(extra)}, which ${train} has not`,
      `add a folder ${join(train, extra[0] ?? "")} with images, or remove the class from ${folder}`,
    );
  }
  if (found.every(({ files }) => files.length === 0)) {
    throw new DataError(
      `${folder} has class folders, and no images in any`,
      `put images in them, or remove ${folder} to set a share of the training images aside`,
    );
  }
  return byName(found, names, folder);
}

/** Which classes images are of that are not among these; adds to `notes` the folders of such that are empty. */
function extraOf(
  found: readonly ClassFolder[],
  names: readonly string[],
  notes: string[],
): readonly string[] {
  const extra = found.filter(({ name }) => !names.includes(name));
  const empty = extra.filter(({ files }) => files.length === 0);
  notes.push(
    ...empty.map(({ folder }) => `${folder} is not used: it is empty, and no class of training`),
  );
  return extra.filter((one) => !empty.includes(one)).map(({ name }) => name);
}

/** A class for every name, without images where there are none. */
function byName(
  found: readonly ClassFolder[],
  names: readonly string[],
  folder: string,
): readonly ClassFolder[] {
  const known = new Map(found.map((one) => [one.name, one]));
  return names.map((name) => known.get(name) ?? { name, folder: join(folder, name), files: [] });
}

/** What is to be said of classes that cannot be validated. */
function unseenClasses(
  folder: string,
  train: string,
  classes: readonly ClassFolder[],
): readonly string[] {
  const unseen = classes.filter(({ files }) => files.length === 0).map(({ name }) => name);
  return unseen.length === 0
    ? []
    : [
        `${folder} has no images of ${list(unseen)}, which ${train} has: ` +
          `nothing is measured of ${unseen.length === 1 ? "that class" : "those classes"}`,
      ];
}

function list(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return listed(quoted, 5);
}

/**
 * Sets a share of every class aside: those whose names hash lowest, at least one, never all. So the
 * choice depends on the seed and the names, not on the order in which a disk lists them.
 */
function setAside(
  classes: readonly ClassFolder[],
  share: number,
  seed: number,
): { train: ClassFolder[]; validation: ClassFolder[] } {
  const train: ClassFolder[] = [];
  const validation: ClassFolder[] = [];
  const countOf = ({ files }: ClassFolder): number =>
    share === 0 ? 0 : Math.max(1, Math.round(files.length * share));
  refuseFew(
    classes.filter((one) => countOf(one) >= one.files.length),
    countOf,
  );
  for (const one of classes) {
    const count = countOf(one);
    const hashed = one.files
      .map((name) => ({
        name,
        hash: randomKey(seed, "validation", `${basename(one.folder)}/${name}`),
      }))
      .sort((a, b) => a.hash - b.hash || (a.name < b.name ? -1 : 1));
    const aside = new Set(hashed.slice(0, count).map((file) => file.name));
    train.push({ ...one, files: one.files.filter((name) => !aside.has(name)) });
    validation.push({ ...one, files: one.files.filter((name) => aside.has(name)) });
  }
  return { train, validation };
}

/** @throws DataError naming the classes that have too few images to set some aside, if there are any. */
function refuseFew(few: readonly ClassFolder[], countOf: (one: ClassFolder) => number): void {
  const [first] = few;
  if (first === undefined) return;
  const help = "add images, set `validation: 0`, or give the folder validation/ of its own";
  const has = ({ files }: ClassFolder): string => counted(files.length, "image");
  throw new DataError(
    few.length === 1
      ? `${first.folder} has ${has(first)}: too few to set ${countOf(first)} aside for validation`
      : `${few.length} classes have too few images to set some aside for validation: ` +
          listed(
            few.map((one) => `${one.folder} (${one.files.length})`),
            10,
          ),
    help,
  );
}

/** Of the names of classes and of their files, wherever they are. */
function digestOf(classes: readonly ClassFolder[]): string {
  const hash = createHash("sha256");
  for (const { name, files } of classes) hash.update(JSON.stringify([name, files]));
  return hash.digest("hex").slice(0, 32);
}

/**
 * Samples in the order of classes, and of names within a class.
 * @param memory where decoded images stay, or those that a recipe has brought to their size.
 */
export function folderSplit(
  folder: string,
  classes: readonly ClassFolder[],
  { kept, sized }: { readonly kept?: KeptImages; readonly sized?: SizedImages } = {},
): Split {
  const starts: number[] = [];
  let size = 0;
  for (const one of classes) {
    starts.push(size);
    size += one.files.length;
  }
  const locate = (index: number): { path: string; label: number } => {
    if (!(index >= 0 && index < size)) {
      throw new RangeError(`sample ${index} of a split of ${size} (${folder})`);
    }
    const label = starts.findLastIndex((start) => start <= index);
    const one = classes[label];
    const name = one?.files[index - (starts[label] ?? 0)];
    if (one === undefined || name === undefined) {
      throw new RangeError(`sample ${index} is no whole number (${folder})`);
    }
    return { path: join(one.folder, name), label };
  };
  let digest: string | undefined;
  const image = keeping(kept, (index) => decodeImage(locate(index).path));
  return {
    size,
    label: (index) => locate(index).label,
    describe: (index) => locate(index).path,
    digest: () => (digest ??= digestOf(classes)),
    read: async (index) => {
      const { label } = locate(index);
      return { image: await image(index), label };
    },
    ...(sized && { sized }),
    source: { kind: "folder", folder, classes, ...(kept && { kept }), ...(sized && { sized }) },
  };
}
