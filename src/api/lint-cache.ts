/**
 * What linting found, kept from one run to the next: for each file with the content of everything that it was found
 * from. An entry holds as long as the file, what it imports, its settings and resnetc are the same.
 */
import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReadResult } from "../check/host.js";
import type { KeptFiles } from "../check/kept-files.js";
import { packageVersion } from "../host/version.js";
import type { Linted, LintSettings } from "../lint/lint.js";
import { everyRule } from "../lint/registry.js";
import type { SourceFile } from "../source/source.js";
import { writeAtomically } from "../storage/atomic-write.js";
import { makeFolder } from "../storage/make-folder.js";
import { readRegularFileSync } from "../storage/regular-file.js";

const fileName = "lint-cache";

/** One file's entry. */
interface Entry {
  /** The file as messages name it: another working folder makes another name. */
  readonly file: string;
  /** Every file that was read, with the hash of its text; null where there was none to read. */
  readonly inputs: readonly (readonly [path: string, hash: string | null])[];
  readonly settings: string;
  /** What was found, packed. */
  readonly found: unknown;
}

interface Stored {
  readonly stamp: string;
  readonly entries: Readonly<Record<string, Entry>>;
}

/** The folder of the cache for work in `folder`: that of the nearest package; undefined where there is none. */
export function cacheFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    if (existsSync(modules) || existsSync(join(at, "package.json"))) {
      return join(modules, ".cache", "resnetc");
    }
    if (dirname(at) === at) return undefined;
  }
}

export class LintCache {
  readonly #path: string;
  readonly #before: Readonly<Record<string, Entry>>;
  readonly #now = new Map<string, Entry>();
  readonly #hashes = new WeakMap<SourceFile, string>();
  readonly #stamp = stampOf();
  #changed = false;

  /** Opens the cache of a folder; what is not there or cannot be understood is an empty one. */
  constructor(folder: string) {
    this.#path = join(folder, fileName);
    const stored = readStored(this.#path);
    this.#before = stored?.stamp === this.#stamp ? stored.entries : {};
  }

  /** What was found in a file that has not changed since. */
  find(file: string, settings: LintSettings, kept: KeptFiles): Linted | undefined {
    const key = resolve(file);
    const entry = this.#before[key];
    if (entry?.file !== file || entry.settings !== settingsKey(settings)) return undefined;
    const texts = new Map<string, SourceFile>();
    for (const [path, hash] of entry.inputs) {
      const read = kept.read(path);
      if (this.#hashOf(read) !== hash) return undefined;
      if (read.file) texts.set(read.file.path, read.file);
    }
    this.#now.set(key, entry);
    return unpack(entry.found, texts) as Linted;
  }

  /** Keeps what was found in a file. @param reads what was read for it. */
  keep(
    file: string,
    settings: LintSettings,
    reads: ReadonlyMap<string, ReadResult>,
    found: Linted,
  ): void {
    const inputs = [...reads].map(([path, read]) => [path, this.#hashOf(read)] as const);
    const entry = { file, inputs, settings: settingsKey(settings), found: pack(found) };
    this.#now.set(resolve(file), entry);
    this.#changed = true;
  }

  /** Writes the cache, where anything has changed. @throws the file system's error. */
  async write(): Promise<void> {
    if (!this.#changed) return;
    const others = Object.entries(this.#before).filter(
      ([path]) => !this.#now.has(path) && existsSync(path),
    );
    const entries = Object.fromEntries([...others, ...this.#now]);
    const stored: Stored = { stamp: this.#stamp, entries };
    await makeFolder(dirname(this.#path));
    await writeAtomically(this.#path, [Buffer.from(sealed(stored))]);
  }

  #hashOf({ file }: ReadResult): string | null {
    if (file === undefined) return null;
    let hash = this.#hashes.get(file);
    if (hash === undefined) this.#hashes.set(file, (hash = hashOf(file.text)));
    return hash;
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

const settingsKeys = new WeakMap<LintSettings, string>();

function settingsKey(settings: LintSettings): string {
  let key = settingsKeys.get(settings);
  if (key === undefined) settingsKeys.set(settings, (key = hashOf(JSON.stringify(settings))));
  return key;
}

/** What findings follow from beside the texts: the version, its rules, and the build that runs. */
function stampOf(): string {
  const own = fileURLToPath(import.meta.url);
  const rules = everyRule.map(({ name, level, messages }) => [name, level, messages]);
  return hashOf(JSON.stringify([packageVersion(), own, statSync(own).mtimeMs, rules]));
}

/** What was written; undefined where the file is not there, or holds anything else by now. */
function readStored(path: string): Stored | undefined {
  let text: string;
  try {
    text = readRegularFileSync(path).toString();
  } catch (error) {
    // What cannot be read is no cache; whether one can be written there is seen when it is.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
  const end = text.indexOf("\n");
  const content = text.slice(end + 1);
  return text.slice(0, Math.max(end, 0)) === hashOf(content)
    ? (JSON.parse(content) as Stored)
    : undefined;
}

/** The first line says what the rest is, so that nothing that was damaged or changed is taken for it. */
function sealed(stored: Stored): string {
  const content = JSON.stringify(stored);
  return `${hashOf(content)}\n${content}`;
}

/** How a span is stored: the path of its file, start and end. */
interface PackedSpan {
  readonly "@": readonly [path: string, start: number, end: number];
}

/** Plain data with every span as its file's path and offsets. */
function pack(data: Linted): unknown {
  return JSON.parse(
    JSON.stringify(data, (_key, value: unknown) => {
      if (typeof value !== "object" || value === null || !("file" in value)) return value;
      const { file, start, end } = value as { file: SourceFile; start: number; end: number };
      return { "@": [file.path, start, end] } satisfies PackedSpan;
    }),
  ) as unknown;
}

function unpack(data: unknown, files: ReadonlyMap<string, SourceFile>): unknown {
  if (Array.isArray(data)) return data.map((each) => unpack(each, files));
  if (typeof data !== "object" || data === null) return data;
  if ("@" in data) {
    const [path, start, end] = (data as PackedSpan)["@"];
    return files.get(path)?.span(start, end);
  }
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, unpack(value, files)]),
  );
}
