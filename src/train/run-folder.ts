/**
 * The folder of one run: what its files are called, and which folder a new run takes so that it never
 * overwrites another's weights.
 */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { errorCode } from "../storage/error-code.js";
import { WriteError, writeFailure } from "./errors.js";
import { HeldError, holderOfLock, lockOf, lockRunFolder, type RunLock } from "./run-lock.js";

export interface RunFiles {
  readonly last: string;
  readonly best: string;
  readonly history: string;
  readonly report: string;
  readonly lock: string;
}

export function runFiles(folder: string): RunFiles {
  return {
    last: join(folder, "last.safetensors"),
    best: join(folder, "best.safetensors"),
    history: join(folder, "history.jsonl"),
    report: join(folder, "report.html"),
    lock: lockOf(folder),
  };
}

/**
 * The folder that a run uses: `base` to resume; otherwise `base`, `base-2`, `base-3`, …, the first
 * that holds no checkpoint, no history of epochs, and that no other process is writing. So a run that ended
 * before its first checkpoint, which leaves nothing of worth, has its folder taken again.
 */
export async function chooseRunFolder(base: string, resume: boolean): Promise<string> {
  return resume ? base : firstFree(base, (folder) => folder);
}

/**
 * The same for a run that begins now, and is new: chooses and locks in one, so that of several that begin at once each
 * has a folder of its own. Whoever loses a lock to another takes the next number.
 *
 * @throws WriteError if no folder can be made or written.
 */
export async function lockNewRun(base: string): Promise<LockedFolder> {
  return firstFree(base, async (folder) => {
    const lock = await lockRunFolder(folder).catch(unlessHeld);
    if (lock === undefined) return undefined;
    // A run may have begun and ended there since it was looked at.
    if (!(await isUsed(folder))) return { folder, lock };
    await lock.release();
    return undefined;
  });
}

/** A folder that no other process writes to. */
export interface LockedFolder {
  readonly folder: string;
  readonly lock: RunLock;
}

function unlessHeld(error: unknown): undefined {
  if (!(error instanceof HeldError)) throw error;
}

/** What `take` makes of the first of `base`, `base-2`, … that is free; it may leave one, which is passed over. */
async function firstFree<T>(
  base: string,
  take: (folder: string) => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? base : `${base}-${number}`;
    if ((await isUsed(folder)) || (await holderOfLock(lockOf(folder))) !== undefined) continue;
    const taken = await take(folder);
    if (taken !== undefined) return taken;
  }
}

/** Whether a run has left a checkpoint or epochs in a folder. */
async function isUsed(folder: string): Promise<boolean> {
  const { last, best, history } = runFiles(folder);
  return (await exists(last)) || (await exists(best)) || (await sizeOf(history)) > 0;
}

/**
 * Whether a run's folder could be made and written, as far as can be seen before anything is.
 *
 * @param resume whether it is a run's that is to go on there, and nowhere else.
 * @throws WriteError if a file is in the way or permission is missing.
 */
export async function checkRunFolder(folder: string, resume = false): Promise<void> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    try {
      if (!(await stat(place)).isDirectory()) {
        throw Object.assign(new Error(`${place} is a file`), { code: "ENOTDIR" });
      }
      return await access(place, constants.W_OK);
    } catch (error) {
      if (errorCode(error) === "ENOENT" && place !== dirname(place)) continue;
      const failure = writeFailure(folder, error);
      if (!resume) throw failure;
      const help = "change its permissions, or copy the run elsewhere and `--resume` the copy";
      throw new WriteError(failure.message, help, { cause: error });
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) >= 0;
}

/** In bytes; -1 where there is no such file. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return -1;
    throw writeFailure(path, error);
  }
}
