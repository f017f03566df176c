/**
 * The checker's files on a real file system: reads, decodes and names them as the user sees them
 * (relative to the working directory), and finds what ships with the compiler under `std/`.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReadResult, SourceHost } from "../check/host.js";
import { nearest } from "../diagnostics/nearest.js";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import { SourceFile } from "../source/source.js";

/** A spec larger than this is no spec. */
export const sizeLimitKilobytes = 512;

/** Where values stand that no file has, in messages. */
export const givenPaths = {
  commandLine: "<command line>",
  /** Of a program's call. */
  options: "<options>",
  /** What a run that goes on has kept from when it began. */
  run: "<kept from the run>",
} as const;

/** Whether a place is no file but a value that was given. */
export function isGivenPath(path: string): boolean {
  return Object.values<string>(givenPaths).includes(path);
}

export class NodeHost implements SourceHost {
  /** @param workingDirectory what relative paths are relative to, and shown relative to. */
  constructor(private readonly workingDirectory: string = process.cwd()) {}

  resolve(specifier: string, importer: string): string {
    const file = extname(specifier) === ".resnet" ? specifier : `${specifier}.resnet`;
    if (file.startsWith("std/")) return this.shown(join(packageRoot(), file));
    return this.shown(resolve(this.absolute(importer), "..", file));
  }

  locate(path: string, from: string): string {
    if (isAbsolute(path)) return path;
    const base = isGivenPath(from) ? this.workingDirectory : dirname(this.absolute(from));
    return resolve(base, path);
  }

  read(path: string): ReadResult {
    const shown = this.shown(this.absolute(path));
    const bytes = readBytes(this.absolute(path), shown);
    if ("code" in bytes) return { problem: bytes };
    return sourceOf(bytes, shown);
  }

  /** The absolute path of one that is shown. */
  absolute(path: string): string {
    return resolve(this.workingDirectory, path);
  }

  /** A path as messages show it: relative to the working directory, where it is not far from it. */
  shown(path: string): string {
    const nearby = relative(this.workingDirectory, path);
    return nearby.startsWith(join("..", "..")) || nearby === "" ? path : nearby;
  }
}

/** The spec that some bytes are, unless they are too many or no text. */
export function sourceOf(bytes: Uint8Array, shown: string): ReadResult {
  const size = Math.ceil(bytes.length / 1024);
  if (size > sizeLimitKilobytes) {
    const holes = { path: shown, size, limit: sizeLimitKilobytes };
    return { problem: diagnostic("R0004", undefined, holes) };
  }
  const text = decode(bytes, shown);
  return typeof text === "string" ? { file: new SourceFile(shown, text) } : { problem: text };
}

/** Whole bytes of a regular file, or why not. A named pipe or a device is not waited for. */
function readBytes(path: string, shown: string): Buffer | Diagnostic {
  let descriptor: number | undefined;
  try {
    // Without the flag, opening a named pipe would wait for someone to write to it.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (status.isDirectory()) return folderProblem(path, shown);
    if (!status.isFile()) {
      const reason = "it is a pipe or a device, not a file";
      return diagnostic("R0003", undefined, { path: shown, reason });
    }
    const size = Math.ceil(status.size / 1024);
    if (size > sizeLimitKilobytes) {
      return diagnostic("R0004", undefined, { path: shown, size, limit: sizeLimitKilobytes });
    }
    const limit = sizeLimitKilobytes * 1024;
    // Some files hold more than they say, as those below /proc do.
    let buffer: Buffer = Buffer.allocUnsafe(status.size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limit; length += read) {
      if (length === buffer.length) {
        buffer = Buffer.concat([buffer], limit + 1);
      }
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length <= limit) return buffer.subarray(0, length);
    const holes = { path: shown, size: `over ${sizeLimitKilobytes}`, limit: sizeLimitKilobytes };
    return diagnostic("R0004", undefined, holes);
  } catch (error) {
    return readProblem(error as NodeJS.ErrnoException, path, shown);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A folder in a spec's place, with a spec that is in it. */
function folderProblem(absolute: string, path: string): Diagnostic {
  const [first] = specsIn(absolute).sort();
  const help =
    first === undefined ? {} : { help: `name one in it, such as \`${join(path, first)}\`` };
  return diagnostic("R0002", undefined, { path }, help);
}

/** The spec beside a missing one that was most likely meant, as its path would be shown. */
function nearFile(absolute: string, shown: string): string | undefined {
  const wanted = basename(absolute);
  const specs = specsIn(dirname(absolute));
  const near = nearSpec(wanted, specs);
  return near === undefined ? undefined : join(dirname(shown), near);
}

/** The ending that all have makes no two names alike. */
function nearSpec(wanted: string, specs: readonly string[]): string | undefined {
  const ending = ".resnet";
  if (specs.includes(`${wanted}${ending}`)) return `${wanted}${ending}`;
  if (extname(wanted) !== ending) return nearest(wanted, specs);
  const stems = specs.map((name) => basename(name, ending));
  const near = nearest(basename(wanted, ending), stems);
  return near === undefined ? undefined : `${near}${ending}`;
}

/** The names of the specs that lie in a folder itself. */
function specsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => extname(name) === ".resnet");
  } catch {
    // A folder that is not there or not readable has no names to suggest: the finding itself says what is wrong.
    return [];
  }
}

/** Where a link leads that is at a path, as it is written in it; undefined where there is none. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // What is there is no link, or nothing is.
    return undefined;
  }
}

/** @param path as it is shown. */
function readProblem(error: NodeJS.ErrnoException, absolute: string, path: string): Diagnostic {
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR": {
      const target = linkAt(absolute);
      if (target !== undefined) {
        const reason = `it is a link that leads nowhere, to ${target}`;
        return diagnostic("R0003", undefined, { path, reason });
      }
      const near = nearFile(absolute, path);
      const help = near === undefined ? {} : { help: `did you mean \`${near}\`?` };
      return diagnostic("R0001", undefined, { path }, help);
    }
    case "EISDIR":
      return folderProblem(absolute, path);
    case "EACCES":
    case "EPERM":
      return diagnostic("R0003", undefined, { path, reason: "permission denied" });
    case "ELOOP":
      return diagnostic("R0003", undefined, { path, reason: "its links make a circle" });
    case "ERR_INVALID_ARG_VALUE":
      return diagnostic("R0003", undefined, { path, reason: "its name holds a NUL character" });
    case "ENAMETOOLONG":
      return diagnostic("R0003", undefined, {
        path: `${path.slice(0, 60)}…`,
        reason: "the name is too long",
      });
    default:
      return diagnostic("R0003", undefined, { path, reason: error.code ?? error.message });
  }
}

const newline = 10;

/** The text of UTF-8 bytes without their byte order mark, or where they stop being UTF-8. */
function decode(bytes: Uint8Array, path: string): string | Diagnostic {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidByte(bytes);
    const line = 1 + bytes.subarray(0, offset).filter((byte) => byte === newline).length;
    return diagnostic("R0005", undefined, { path, offset, line }, { help: helpFor(bytes) });
  }
}

/** What to do with bytes that are not UTF-8. */
function helpFor(bytes: Uint8Array): string {
  const isMark = (first: number, second: number): boolean =>
    bytes[0] === first && bytes[1] === second;
  if (isMark(0xff, 0xfe) || isMark(0xfe, 0xff)) return "it looks like UTF-16: save it as UTF-8";
  return bytes.includes(0) ? "it looks like no text at all: name a spec" : "save it as UTF-8";
}

/** Where the first character begins that is none: bisects for the longest valid prefix. */
function firstInvalidByte(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, middle), true)) valid = middle;
    else invalid = middle;
  }
  // Up to three bytes at the end are the beginning of the character that breaks off.
  while (valid > 0 && !isUtf8(bytes.subarray(0, valid), false)) valid--;
  return valid;
}

/** @param open whether the last character may be cut short. */
function isUtf8(bytes: Uint8Array, open: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: open });
    return true;
  } catch {
    return false;
  }
}

/** The folder that holds `package.json` and `std/`, wherever the compiled code lies below it. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!folder.endsWith("src") && !folder.endsWith("dist") && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return dirname(folder);
}

/** Whether an absolute path is of what ships with the compiler. */
export function isShipped(path: string): boolean {
  return path.startsWith(join(packageRoot(), "std") + sep);
}
