/** Finds the runs of a recipe: the folder it was trained into, or the latest of several. */
import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CheckpointError } from "../train/errors.js";
import { runFiles } from "../train/run-folder.js";

/** Where the runs of a recipe go by default. */
export function defaultRunFolder(recipe: string): string {
  return join("runs", recipe);
}

/**
 * The run folder `base`, `base-2`, `base-3`, … whose last checkpoint is the latest.
 *
 * @throws CheckpointError where none of them holds a checkpoint.
 */
export function latestRun(base: string): string {
  const parent = dirname(base);
  const name = basename(base);
  const runs = foldersIn(parent).flatMap((folder) => {
    const number = folder === name ? "1" : folder.slice(name.length + 1);
    if (!folder.startsWith(name) || !/^\d+$/.test(number)) return [];
    if (folder !== name && folder[name.length] !== "-") return [];
    const path = join(parent, folder);
    const written = modified(runFiles(path).last);
    return written === undefined ? [] : [{ path, written }];
  });
  const latest = runs.sort((a, b) => b.written - a.written)[0];
  if (latest !== undefined) return latest.path;
  throw new CheckpointError(
    `there is no run in ${base}`,
    "train first, or name a checkpoint with `--checkpoint FILE`",
  );
}

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function modified(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The best checkpoint of a run, or the last where no epoch has ended yet. */
export function bestOf(run: string): string {
  const { best, last } = runFiles(run);
  return modified(best) === undefined ? last : best;
}
