/** Which folders have to be watched, so that nothing that could change an answer goes unseen. */
import { dirname, resolve } from "node:path";
import { isFolder } from "../../host/folders.js";
import { partsOf } from "../../host/spec-files.js";

/** A folder that is there, and how many levels below it matter. */
export interface Place {
  readonly folder: string;
  readonly depth: number;
}

/** What makes a part of a path a pattern. */
const magic = /[*?[\]{}]/;

/**
 * The places of files, folders and patterns. Folders are watched and not files, so that a file is seen that is
 * deleted and made again, and one that is new and fits a pattern. For a folder that is missing it is the nearest one
 * above that is there.
 */
export function placesOf(patterns: readonly string[]): readonly Place[] {
  return patterns.map((pattern) => {
    const path = partsOf(pattern).file.replaceAll("\\", "/");
    if (isFolder(path)) return { folder: resolve(path), depth: Infinity };
    const parts = path.split("/");
    const first = parts.findIndex((part) => magic.test(part));
    if (first < 0) return existing(dirname(resolve(path)), 0);
    const base = parts.slice(0, first).join("/");
    const depth = parts.includes("**") ? Infinity : parts.length - first - 1;
    return existing(resolve(path.startsWith("/") && base === "" ? "/" : base), depth);
  });
}

/** The places of files that a check has asked for, whether they were there or not. */
export function placesOfFiles(paths: Iterable<string>): readonly Place[] {
  return [...new Set([...paths].map((path) => dirname(path)))].map((folder) => existing(folder, 0));
}

/** The folders from a file's own up to the working folder, in which its configuration may be. */
export function placesAbove(paths: readonly string[], workingFolder: string): readonly Place[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(resolve(path)); ; at = dirname(at)) {
      folders.add(at);
      if (at === workingFolder || at === dirname(at)) break;
    }
  }
  return [...folders].map((folder) => existing(folder, 0));
}

function existing(folder: string, depth: number): Place {
  let [at, levels] = [folder, depth];
  while (!isFolder(at) && dirname(at) !== at) [at, levels] = [dirname(at), levels + 1];
  return { folder: at, depth: levels };
}
