/**
 * The listing of class folders: names only, sorted by code unit so that every machine sees the same
 * order. What is left out (other kinds of files) and what lies deeper is counted, never silent.
 */
import { extname, join } from "node:path";
import { listed } from "../../diagnostics/lists.js";
import { counted } from "../../diagnostics/numbers.js";
import { classFiles, type ClassFiles } from "./class-files.js";
import { DataError } from "./data-set.js";
import { imageExtensions, isImageName, otherFormat } from "./decode-image.js";
import { holdSplits } from "./image-folder-layout.js";
import { listFolder } from "./list-folder.js";

export interface ClassFolder {
  readonly name: string;
  readonly folder: string;
  /** Their paths from the folder, sorted, with `/` between folders. */
  readonly files: readonly string[];
}

/**
 * Lists the class folders of `folder`, sorted, each with at least one image; adds to `notes` what was
 * left out.
 *
 * @param mayBeEmpty lets class folders have nothing in them; one with files that are no images is a mistake still.
 * @throws DataError if there is no class folder, or one without images.
 */
export async function readClasses(
  folder: string,
  notes: string[],
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): Promise<ClassFolder[]> {
  const { folders, files, dangling } = await listFolder(folder);
  // It may be a class; a file's name has an extension.
  const lost = dangling.find((name) => extname(name) === "");
  if (lost !== undefined) {
    throw new DataError(
      `${join(folder, lost)} is a link to a folder or a file that is not there`,
      "mend the link, or remove it",
    );
  }
  if (folders.length === 0) throw noClassFolders(folder, files);
  const found = new Found();
  files.forEach((name) => found.skip(name, "beside the class folders"));
  const classes: ClassFolder[] = [];
  const faults: { readonly name: string; readonly error: DataError }[] = [];
  for (const name of folders) {
    const path = join(folder, name);
    const listing = await classFiles(path);
    if (holdSplits(listing.folders)) throw splitsWithin(path, listing);
    const images = listing.files.filter(isImageName);
    const isFault = images.length === 0 && !(mayBeEmpty && listing.files.length === 0);
    if (isFault) faults.push({ name, error: noImages(path, listing) });
    for (const file of listing.files) {
      if (isImageName(file)) continue;
      found.skip(
        file,
        otherFormat(file) === undefined ? "not images" : "of formats that are not decoded",
      );
    }
    for (const file of images) found.image(path, file);
    // A Mac writes letters with marks as two characters, and others as one.
    classes.push({ name: name.normalize("NFC"), folder: path, files: images });
  }
  const [fault] = faults;
  if (fault !== undefined) {
    if (faults.length === 1) throw fault.error;
    throw new DataError(
      `${faults.length} class folders in ${folder} have no images: ${listed(
        faults.map(({ name }) => name),
        10,
      )}`,
      `put images in them (${imageExtensions.join(" ")}), or remove the folders; of the first: ${fault.error.message}`,
    );
  }
  notes.push(...found.notes(folder));
  classes.sort((a, b) => (a.name < b.name ? -1 : 1));
  const twice = classes.findIndex(({ name }, index) => name === classes[index + 1]?.name);
  if (twice >= 0) {
    const two = classes.slice(twice, twice + 2).map((one) => one.folder);
    throw new DataError(
      `${two.join(" and ")} are two folders of one name, whose letters with marks are written in two ways`,
      "put the images of both into one of them, or rename one",
    );
  }
  return classes;
}

function noClassFolders(folder: string, files: readonly string[]): DataError {
  const help = `make one folder per class in it, named for the class: ${join(folder, "cat")}, ${join(folder, "dog")}`;
  if (files.length === 0) return new DataError(`${folder} is empty`, help);
  const images = files.filter(isImageName).length;
  return new DataError(
    images > 0
      ? `${folder} has no class folders; images lie in it directly (${images} of them)`
      : `${folder} has no class folders; it holds ${kinds(files)}`,
    help,
  );
}

/** A class is said to have splits of its own. */
function splitsWithin(path: string, { folders }: ClassFiles): DataError {
  return new DataError(
    `class folder ${path} has the folders ${listed(folders, 3)}: splits are around the classes, not within them`,
    `if it is no class, give ${path} as the data; else make one folder per class in train/, and in the others`,
  );
}

function noImages(path: string, { files, folders }: ClassFiles): DataError {
  const help = `put images in it (${imageExtensions.join(" ")}), or remove the folder`;
  const others = files.filter((name) => otherFormat(name) !== undefined);
  if (others.length > 0) {
    return new DataError(
      `class folder ${path} has no images but of formats that are not decoded: ${kinds(others)}`,
      `convert them; what can be decoded is ${imageExtensions.join(" ")}`,
    );
  }
  if (files.length > 0) {
    return new DataError(`class folder ${path} has no images; it holds ${kinds(files)}`, help);
  }
  if (folders.length > 0) {
    return new DataError(
      `class folder ${path} has no images, but folders (${folders.slice(0, 3).join(", ")}${folders.length > 3 ? ", …" : ""})`,
      `if those are the classes, give ${path} as the data; put images in them, or remove the folder`,
    );
  }
  return new DataError(`class folder ${path} is empty`, help);
}

/** "3 .txt, 1 without extension": files by extension, the most frequent first. */
function kinds(files: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of files) {
    const kind = extname(name).toLowerCase() || "without extension";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

/** Counts what a listing leaves out, by reason, and what it takes from folders within classes. */
class Found {
  readonly #files = new Map<string, string[]>();
  readonly #within: string[] = [];

  skip(name: string, reason: string): void {
    const names = this.#files.get(reason);
    if (names === undefined) this.#files.set(reason, [name]);
    else names.push(name);
  }

  image(folder: string, file: string): void {
    if (file.includes("/")) this.#within.push(join(folder, file));
  }

  notes(root: string): string[] {
    const notes = [...this.#files].map(
      ([reason, names]) => `${root}: left out files that are ${reason}: ${kinds(names)}`,
    );
    const [first] = this.#within;
    if (first !== undefined) {
      const images = counted(this.#within.length, "image");
      notes.push(`${root}: took ${images} from folders within classes, the first ${first}`);
    }
    return notes;
  }
}
