/**
 * The lock of a run's folder, which keeps two processes out of it. One that a crash leaves behind is taken over: on the
 * same machine at once, of another after ten minutes without a sign of life.
 */
import { constants } from "node:fs";
import {
  copyFile,
  link,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { partialSuffix } from "../storage/atomic-write.js";
import { errorCode } from "../storage/error-code.js";
import { makeFolder } from "../storage/make-folder.js";
import { readRegularFile } from "../storage/regular-file.js";
import { WriteError, writeFailure } from "./errors.js";

/** The file that is the lock of a folder. */
export function lockOf(folder: string): string {
  return join(folder, "run.lock");
}

/**
 * Who holds a lock, in words, as far as can be told; undefined where nobody does.
 *
 * @throws WriteError where it cannot be read.
 */
export async function holderOfLock(lock: string): Promise<string | undefined> {
  try {
    const found = await readLock(lock);
    return found && (await liveHolder(lock, found));
  } catch (error) {
    throw lockFailure(lock, error);
  }
}

/** Held until it is released; a lock that a crash leaves behind is taken over by the next run. */
export interface RunLock {
  /** @throws WriteError where another process has taken it over meanwhile, as of one that was thought dead. */
  check(): Promise<void>;
  /** @throws WriteError where the lock cannot be removed any more. */
  release(): Promise<void>;
}

/** Who holds a lock. `started` tells a process from a later one of the same number. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly started: string;
}

/** How often a run that lives says so, and after how long a silence one on another machine is dead. */
const secondsBetweenSigns = 30;
const secondsOfSilence = 600;

/** After this time an empty lock is a crash's, not one that is being written. */
const secondsToWrite = 10;

/** Locks that this process holds or is about to: its own number in a file proves nothing after a restart. Absolute. */
const held = new Set<string>();

/** The error of a folder that another run holds. */
export class HeldError extends WriteError {}

/**
 * Makes the folder if need be, locks it and clears away what a crash left half written.
 *
 * @throws HeldError if another run holds the folder. @throws WriteError if it cannot be written.
 */
export async function lockRunFolder(folder: string): Promise<RunLock> {
  const lock = lockOf(folder);
  const own = resolve(lock);
  if (held.has(own)) throw locked(folder, lock, wordsOf({ host: hostname(), pid: process.pid }));
  held.add(own);
  let text: string;
  try {
    await makeFolder(folder);
    text = await takeLock(folder, lock);
    for (const name of await readdir(folder)) {
      if (name.endsWith(partialSuffix)) await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    held.delete(own);
    throw lockFailure(folder, error);
  }
  const signs = setInterval(() => void signOfLife(lock, text), secondsBetweenSigns * 1000);
  signs.unref();
  return {
    async check() {
      const found = await readLock(lock).catch((error: unknown) => {
        throw lockFailure(folder, error);
      });
      if (found !== undefined && found.text !== text) throw lostLock(folder, found);
    },
    async release() {
      clearInterval(signs);
      try {
        if ((await readLock(lock))?.text === text) await unlink(lock);
      } catch (error) {
        if (errorCode(error) !== "ENOENT") throw lockFailure(lock, error);
      } finally {
        held.delete(own);
      }
    },
  };
}

/** @param place what could not be written for it. */
function lockFailure(place: string, error: unknown): WriteError {
  return error instanceof WriteError ? error : writeFailure(place, error);
}

/** Tells other machines, which see nothing of this process, that it lives: a container that is killed comes back as another. */
async function signOfLife(lock: string, text: string): Promise<void> {
  try {
    const now = new Date(await clockOf(lock));
    if ((await readLock(lock))?.text === text) await utimes(lock, now, now);
  } catch (error) {
    // A disk that does not answer is heard of where something is written; the next sign may come through.
    if (errorCode(error) === undefined && !(error instanceof WriteError)) throw error;
  }
}

/**
 * What `work` comes to, in a folder that no other process writes to meanwhile.
 *
 * @throws WriteError as `lockRunFolder`, and what `work` throws.
 */
export async function whileLocked<T>(
  folder: string,
  work: (lock: RunLock) => Promise<T>,
): Promise<T> {
  return whileHeld(await lockRunFolder(folder), work);
}

/** The same, under a lock that is held already. It is released in the end. */
export async function whileHeld<T>(lock: RunLock, work: (lock: RunLock) => Promise<T>): Promise<T> {
  const [worked] = await Promise.allSettled([work(lock)]);
  const [released] = await Promise.allSettled([lock.release()]);
  // What work failed on comes first: where nothing can be written any more, no lock can be removed either.
  if (worked.status === "rejected") throw worked.reason;
  if (released.status === "rejected") throw released.reason;
  return worked.value;
}

/** @returns the text of the lock. */
async function takeLock(folder: string, lock: string): Promise<string> {
  const started = (await startOf(process.pid)) ?? "";
  const self: Holder = { host: hostname(), pid: process.pid, started };
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const text = `${JSON.stringify(self)}\n`;
      await writeLock(lock, text);
      return text;
    } catch (error) {
      const code = errorCode(error);
      // Whoever has taken the lock meanwhile has cleared away what was half written.
      if (code !== "EEXIST" && code !== "ENOENT") throw error;
    }
    const found = await readLock(lock);
    if (found === undefined) continue;
    const holder = isOfThis(found) ? undefined : await liveHolder(lock, found);
    if (holder !== undefined) throw locked(folder, lock, holder, holderOf(found.text)?.host);
    await removeStale(lock, found.text);
  }
  throw locked(folder, lock, "it changes hands too often to say which");
}

/**
 * Writes a lock that is not there yet: whole, so that a kill leaves none without a holder, which would have to be
 * waited for.
 *
 * @throws the file system's error; EEXIST where there is one.
 */
async function writeLock(lock: string, text: string): Promise<void> {
  const whole = `${lock}.${process.pid}.new${partialSuffix}`;
  try {
    await writeFile(whole, text);
    await link(whole, lock).catch(async (error: unknown) => {
      const code = errorCode(error);
      if (code === "EEXIST" || code === "ENOENT") throw error;
      // Some file systems have no links.
      await copyFile(whole, lock, constants.COPYFILE_EXCL);
    });
  } finally {
    await rm(whole, { force: true });
  }
}

/** Moves a dead lock away; if another run has replaced it meanwhile, that one's is put back. */
async function removeStale(lock: string, text: string): Promise<void> {
  const aside = `${lock}.${process.pid}${partialSuffix}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) === text) await rm(aside);
  else await rename(aside, lock);
}

/** Whether a lock that this process does not hold has its number: it is of an earlier one. */
function isOfThis({ text }: LockFile): boolean {
  const holder = holderOf(text);
  return holder?.host === hostname() && holder.pid === process.pid;
}

function locked(folder: string, lock: string, holder: string, host = hostname()): HeldError {
  const elsewhere =
    host === hostname() ? "" : ` (one that is silent for ${secondsOfSilence / 60} minutes is dead)`;
  return new HeldError(
    `another run is writing to ${folder} (${holder})`,
    `wait for it, or train in another folder; if no run is alive there${elsewhere}, delete ${lock}`,
  );
}

/** The error of a run whose lock another has. */
function lostLock(folder: string, { text }: LockFile): WriteError {
  const holder = holderOf(text);
  const who = holder === undefined ? "another process" : wordsOf(holder);
  return new WriteError(
    `${who} has taken over ${folder}, where this one was thought dead`,
    "nothing more is written there; `--resume` goes on once no other run does",
  );
}

interface LockFile {
  readonly text: string;
  /** When it was written, or its run last said that it lives: by the clock of whoever keeps the files, in ms. */
  readonly at: number;
}

/** The clock of whoever keeps the files beside a lock, which is not this machine's where a network lies between, in ms. */
async function clockOf(lock: string): Promise<number> {
  const probe = `${lock}.${process.pid}.clock${partialSuffix}`;
  try {
    await writeFile(probe, "");
    return (await stat(probe)).mtimeMs;
  } catch (error) {
    // Where nothing can be written, nothing is taken over either.
    if (errorCode(error) === undefined) throw error;
    return Date.now();
  } finally {
    await rm(probe, { force: true });
  }
}

async function readLock(lock: string): Promise<LockFile | undefined> {
  try {
    const status = await stat(lock);
    if (status.isDirectory()) {
      throw new WriteError(
        `${lock} is a folder, where the lock of a run has to be`,
        "move it away, or train in another folder",
      );
    }
    return { text: (await readRegularFile(lock)).toString(), at: status.mtimeMs };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Who holds a lock, in words, if that process lives, or may: of another machine only its last sign is known. */
async function liveHolder(lock: string, { text, at }: LockFile): Promise<string | undefined> {
  const holder = holderOf(text);
  const isRecent = async (seconds: number): Promise<boolean> =>
    (await clockOf(lock)) - at < seconds * 1000;
  if (holder === undefined) {
    return (await isRecent(secondsToWrite)) ? "it has just begun" : undefined;
  }
  const words = wordsOf(holder);
  if (holder.host !== hostname()) return (await isRecent(secondsOfSilence)) ? words : undefined;
  if (holder.pid === process.pid) return held.has(resolve(lock)) ? words : undefined;
  if (!isAlive(holder.pid)) return undefined;
  const started = await startOf(holder.pid);
  if (started === dead) return undefined;
  const another = started !== undefined && holder.started !== "" && started !== holder.started;
  return another ? undefined : words;
}

function wordsOf({ pid, host }: Pick<Holder, "pid" | "host">): string {
  return `process ${pid} on ${host}`;
}

/** What a lock file says; undefined where it is empty or cut short. */
function holderOf(text: string): Holder | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>>;
    if (typeof host === "string" && typeof pid === "number" && typeof started === "string") {
      return { host, pid, started };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Of a process that has ended, whose parent has not asked for its status yet. */
const dead = "dead";

/**
 * When a process started, in the kernel's clock ticks since boot, or that it is dead; undefined where /proc has it not.
 */
async function startOf(pid: number): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
  // The second field, the command, may hold spaces and brackets; the state is the third, the start the 22nd (proc(5)).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? dead : fields[19];
}
