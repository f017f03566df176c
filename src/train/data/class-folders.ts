/**
 * The listing of class folders: names only, sorted by code unit so that every machine sees the same
 * order. What is left out (other kinds of files, folders within a class) is counted, never silent.
 */
import { readdir, stat } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { extname, join } from "node:path";
import { listed } from "../../diagnostics/lists.js";
import { DataError } from "./data-set.js";
import { imageExtensions, otherFormat } from "./decode-image.js";
import { errorCode, refusalOf } from "./file-errors.js";

export interface ClassFolder {
  readonly name: string;
  readonly folder: string;
  /** File names within the folder. */
  readonly files: readonly string[];
}

/** Archives that macOS makes have its own files in such a folder, beside what was packed. */
const macArchiveFolder = "__MACOSX";

/** What lies in a folder, hidden entries left out; both lists sorted. */
export interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Those of the files that are links to what is not there. */
  readonly dangling: readonly string[];
}

/**
 * Lists a folder.
 *
 * @throws DataError if it does not exist, is a file or cannot be read.
 */
export async function listFolder(folder: string): Promise<Listing> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") {
      throw new DataError(
        `${folder} does not exist`,
        "name the folder that holds the images, in the recipe or with `--data FOLDER`",
      );
    }
    if (code === "ENOTDIR") {
      throw new DataError(
        `${folder} is a file where a folder of images is needed`,
        "give the folder of class folders; extract it first if it is an archive",
      );
    }
    throw new DataError(`${folder} cannot be read: ${refusalOf(error)}`);
  }
  const folders: string[] = [];
  const files: string[] = [];
  const dangling: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === macArchiveFolder) continue;
    const leads = await leadsTo(folder, entry);
    if (leads === "folder") folders.push(entry.name);
    else files.push(entry.name);
    if (leads === "nothing") dangling.push(entry.name);
  }
  return { folders: folders.sort(), files: files.sort(), dangling };
}

/** A link counts as what it leads to; one that leads nowhere as a file as well, which fails when it is read. */
async function leadsTo(parent: string, entry: Dirent): Promise<"folder" | "file" | "nothing"> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? "folder" : "file";
  try {
    return (await stat(join(parent, entry.name))).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (["ENOENT", "ELOOP"].includes(errorCode(error) ?? "")) return "nothing";
    throw new DataError(`${join(parent, entry.name)} cannot be read: ${refusalOf(error)}`);
  }
}

/** Whether a file's name has the extension of an image. */
export function isImageName(name: string): boolean {
  return imageExtensions.includes(extname(name).toLowerCase());
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
  const skipped = new Skipped();
  files.forEach((name) => skipped.file(name, "beside the class folders"));
  const classes: ClassFolder[] = [];
  const faults: { readonly name: string; readonly error: DataError }[] = [];
  for (const name of folders) {
    const path = join(folder, name);
    const listing = await listFolder(path);
    const images = listing.files.filter(isImageName);
    const isFault = images.length === 0 && !(mayBeEmpty && listing.files.length === 0);
    if (isFault) faults.push({ name, error: noImages(path, listing) });
    for (const file of listing.files) {
      if (isImageName(file)) continue;
      skipped.file(
        file,
        otherFormat(file) === undefined ? "not images" : "of formats that are not decoded",
      );
    }
    for (const inner of listing.folders) skipped.folder(join(path, inner));
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
  notes.push(...skipped.notes(folder));
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

function noImages(path: string, { files, folders }: Listing): DataError {
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
      `if those are the classes, give ${path} as the data; images of a class lie in its folder directly`,
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

/** Counts what a listing leaves out, by reason. */
class Skipped {
  readonly #files = new Map<string, string[]>();
  readonly #folders: string[] = [];

  file(name: string, reason: string): void {
    const names = this.#files.get(reason);
    if (names === undefined) this.#files.set(reason, [name]);
    else names.push(name);
  }

  folder(path: string): void {
    this.#folders.push(path);
  }

  notes(root: string): string[] {
    const notes = [...this.#files].map(
      ([reason, names]) => `${root}: left out files that are ${reason}: ${kinds(names)}`,
    );
    const [first] = this.#folders;
    if (first !== undefined) {
      notes.push(
        `${root}: left out folders within classes: ${this.#folders.length}, the first ${first}`,
      );
    }
    return notes;
  }
}
