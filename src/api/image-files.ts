/** Which image files are meant where folders and patterns are named beside files. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isFolder } from "../host/folders.js";
import { isPattern, specFiles } from "../host/spec-files.js";
import { DataError } from "../train/data/data-set.js";
import { imageExtensions, isImageName, otherFormat } from "../train/data/decode-image.js";
import { refusalOf } from "../train/data/file-errors.js";
import { UsageError } from "./errors.js";

/**
 * Files as they are named, every folder as the images below it, and every pattern as what fits it: each in its
 * place, sorted. Folders below a folder are gone through, links to folders are not, and hidden files are left out.
 *
 * @throws UsageError where a folder has no image, or nothing fits a pattern. @throws DataError where a folder
 * cannot be read.
 */
export async function imageFiles(given: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of given) {
    if (isFolder(path)) files.push(...(await imagesBelow(path)));
    else if (isPattern(path)) files.push(...(await fitting(path)));
    else files.push(path);
  }
  return files;
}

async function imagesBelow(folder: string): Promise<readonly string[]> {
  const all = await namesBelow(folder);
  // What cannot be decoded is told of each; nothing that a person would call an image is left out unsaid.
  const names = all.filter((name) => isImageName(name) || otherFormat(name) !== undefined);
  if (names.some(isImageName)) return names.sort().map((name) => join(folder, name));
  throw new UsageError(
    `there is no image below ${folder}`,
    `what can be decoded is ${imageExtensions.join(" ")}`,
  );
}

/** Every file below a folder, by its path from there; hidden ones, and what only a link leads to, are left out. */
async function namesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new DataError(`${folder} cannot be read: ${refusalOf(error)}`);
  });
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    if (!entry.isDirectory()) names.push(entry.name);
    else {
      const below = await namesBelow(join(folder, entry.name));
      names.push(...below.map((name) => join(entry.name, name)));
    }
  }
  return names;
}

async function fitting(pattern: string): Promise<readonly string[]> {
  const files = await specFiles([pattern]);
  if (files.some((file) => file !== pattern)) return files;
  throw new UsageError(
    `no image fits the pattern ${pattern}`,
    "patterns are from the working folder; in a shell, put them in quotes",
  );
}
