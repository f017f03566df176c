/** Finds the runs that are meant: the folder that is named, or the latest of several of a recipe. */
import { readdirSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CheckpointError } from "../train/errors.js";
import { runFiles } from "../train/run-folder.js";

/** Where the runs of a recipe go by default. */
export function defaultRunFolder(recipe: string): string {
  return join("runs", recipe);
}

/**
 * The run of a folder that is named: the one in it, or where it holds none, the latest of `folder-2`, ….
 *
 * @throws CheckpointError where none of them holds a checkpoint.
 */
export function runIn(folder: string): string {
  return saved(folder) === undefined ? latestRun(folder) : folder;
}

const resumeHelp =
  "leave out `--resume` to train from the start, or name the folder of a run: `--resume FOLDER`";

/**
 * The folder of the run to go on with: of the latest run of `base` where nothing is named, and otherwise
 * the one that is, itself or by its last checkpoint.
 *
 * @throws CheckpointError where there is no run, or another checkpoint than its last is named.
 */
export function resumedRun(base: string, named: string | true): string {
  if (named === true) return latestRun(base, resumeHelp);
  const { last } = runFiles(dirname(named));
  if (/\.safetensors$/.test(named) && modified(named) !== undefined) {
    if (basename(named) === basename(last)) return dirname(named);
    throw new CheckpointError(
      `a run goes on from ${last}, not from ${named}`,
      `\`--resume ${dirname(named)}\` does that; \`--weights ${named}\` starts a new run from those weights`,
    );
  }
  if (saved(named) !== undefined) return named;
  throw noRun(
    named,
    resumeHelp,
    `\`-o ${named}\` instead of \`--resume\` trains from the start in it`,
  );
}

/**
 * The run folder `base`, `base-2`, `base-3`, … whose last checkpoint is the latest.
 *
 * @param help what to do where none of them holds a checkpoint.
 * @throws CheckpointError with it.
 */
export function latestRun(base: string, help = trainFirst): string {
  const parent = dirname(base);
  const name = basename(base);
  const runs = foldersIn(parent).flatMap((folder) => {
    const number = folder === name ? "1" : folder.slice(name.length + 1);
    if (!folder.startsWith(name) || !/^\d+$/.test(number)) return [];
    if (folder !== name && folder[name.length] !== "-") return [];
    const path = join(parent, folder);
    const written = saved(path);
    return written === undefined ? [] : [{ path, written }];
  });
  const latest = runs.sort((a, b) => b.written - a.written)[0];
  if (latest !== undefined) return latest.path;
  const fresh = "leave out `--resume` to train from the start, in the same folder";
  throw noRun(base, help, help === resumeHelp ? fresh : help);
}

/**
 * When a run last saved itself, in milliseconds; undefined where there is none. A run that is killed between its first
 * two checkpoints has the best alone.
 */
function saved(folder: string): number | undefined {
  const { last, best } = runFiles(folder);
  return modified(last) ?? modified(best);
}

/**
 * The refusal of a folder without a checkpoint.
 *
 * @param help what to do. @param fresh what to do where a run began there that never came to its first.
 */
function noRun(folder: string, help: string, fresh: string): CheckpointError {
  const history = statOf(runFiles(folder).history);
  if (history === undefined) return new CheckpointError(`there is no run in ${folder}`, help);
  if (history.size > 0) {
    const message = `${folder} has the history of a run, and none of its checkpoints is there`;
    return new CheckpointError(message, help);
  }
  const message = `the run in ${folder} has come to no checkpoint`;
  return new CheckpointError(message, fresh);
}

const trainFirst = "train first, or name a checkpoint with `--checkpoint FILE`";

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function modified(path: string): number | undefined {
  return statOf(path)?.mtimeMs;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
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
