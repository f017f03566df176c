/**
 * Replaces texts that were read before: a file is changed only if it still holds what was read, keeps its
 * permissions, its byte order mark and the link that leads to it, and is written whole or not at all.
 */
import { constants } from "node:fs";
import { access, readFile, realpath, stat } from "node:fs/promises";
import { writeAtomically } from "./atomic-write.js";

export interface TextReplacement {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A file that cannot be replaced; the message says which and why. */
export class ReplacementError extends Error {
  override readonly name = "ReplacementError";
  /** @param help what to do about it. */
  constructor(
    message: string,
    readonly help: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

interface Prepared {
  readonly target: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/**
 * Writes every text, after it has been seen that each of them can be written.
 *
 * @throws ReplacementError where a file is read-only or holds another text by now; none is written then.
 * A disk that fails in the middle leaves whole files: some old, some new.
 */
export async function replaceTexts(replacements: readonly TextReplacement[]): Promise<void> {
  const prepared: { readonly path: string; readonly file: Prepared }[] = [];
  for (const each of replacements) prepared.push({ path: each.path, file: await prepare(each) });
  for (const { path, file } of prepared) {
    try {
      await writeAtomically(file.target, [file.bytes], file.mode);
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }
}

const byteOrderMark = "\ufeff";

async function prepare({ path, before, after }: TextReplacement): Promise<Prepared> {
  try {
    const target = await realpath(path);
    const { mode } = await stat(target);
    if ((mode & 0o222) === 0) {
      throw new ReplacementError(
        `${path} is read-only: it is left as it is`,
        `allow writing to it (chmod u+w ${path}), or make the change by hand`,
      );
    }
    await access(target, constants.W_OK);
    const held = await readFile(target, "utf8");
    const mark = held.startsWith(byteOrderMark) ? byteOrderMark : "";
    if (held.slice(mark.length) !== before) {
      throw new ReplacementError(`${path} has changed since it was read`, "run the command again");
    }
    return { target, mode: mode & 0o7777, bytes: Buffer.from(`${mark}${after}`) };
  } catch (error) {
    throw error instanceof ReplacementError ? error : cannotWrite(path, error);
  }
}

/** What is said of a file that the system does not let be written. */
export function cannotWrite(path: string, error: unknown): ReplacementError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? message : (reasons[code] ?? code);
  return new ReplacementError(
    `${path} cannot be written: ${reason}`,
    "it is left as it is; mend this and run the command again",
    error,
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "its file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "it is not there any more",
  ENOTDIR: "a file is in the place of a folder above it",
  EISDIR: "a folder is in its place",
  EINVAL: "a pipe or a device is in its place",
};
