/** The ways a run can fail that a person can mend; each says what is wrong and what to do. */
import { errorCode } from "../storage/error-code.js";
import { messageOf } from "./data/file-errors.js";

/** A run that cannot start or cannot go on: data and network disagree, or the loss is lost. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";
  /** @param help what to do about it. */
  constructor(
    message: string,
    readonly help: string,
  ) {
    super(message);
  }
}

/** A checkpoint or run folder that cannot be read, written or used. */
export class CheckpointError extends Error {
  override readonly name: string = "CheckpointError";
  /** @param help what to do about it. */
  constructor(
    message: string,
    readonly help: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Bytes that are not those of a whole file of their kind; the message says which rule of it they break. */
export class DamagedFileError extends Error {
  override readonly name: string = "DamagedFileError";
}

/** A place that what is made cannot be written to. */
export class WriteError extends CheckpointError {
  override readonly name = "WriteError";
}

/** For whoever wrote a command, and for whoever called a function. */
const elsewhere = "choose another folder (`-o` of the command)";

const writeFailures: Readonly<Record<string, readonly [problem: string, help: string]>> = {
  ENOSPC: ["the disk is full", `free some space, or ${elsewhere}`],
  EDQUOT: ["the disk quota is used up", `free some space, or ${elsewhere}`],
  EFBIG: ["the file would be larger than is allowed here", "raise the limit (`ulimit -f`)"],
  EACCES: ["there is no permission to write there", elsewhere],
  EPERM: ["there is no permission to write there", elsewhere],
  EROFS: ["the file system is read-only", elsewhere],
  ENOENT: ["its folder does not exist, or cannot be made", elsewhere],
  ENOTDIR: ["a part of its path is a file, not a folder", elsewhere],
  ERR_ACCESS_DENIED: ["node has no permission", "give it to node, with `--allow-fs-write`"],
  EISDIR: ["there is a folder of that name", "name a file in it, or elsewhere"],
};

/** What can be nothing but a folder's name: `build/`, `.`, `../..`. */
const folderName = /(^|[\\/])\.{1,2}$|[\\/]$/;

/** What systems say where a file is to take the place of a folder that is so named. */
const folderCodes: readonly string[] = ["EBUSY", "EINVAL", "ENOTDIR"];

/** What to say where writing `path` failed. What stood at `path` before is untouched. */
export function writeFailure(path: string, error: unknown): WriteError {
  const code = errorCode(error) ?? "";
  const isFolder = folderName.test(path) && folderCodes.includes(code);
  const known = writeFailures[isFolder ? "EISDIR" : code];
  const reason = known?.[0] ?? messageOf(error);
  const help = known?.[1] ?? elsewhere;
  return new WriteError(`cannot write ${path}: ${reason}`, help, { cause: error });
}
