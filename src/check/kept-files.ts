/** Files that are read once however many specs import them, with a record of what each check asked for. */
import type { SourceFile } from "../source/source.js";
import { parse, type Parsed } from "../syntax/parse.js";
import type { ReadResult, SourceHost } from "./host.js";

export class KeptFiles {
  readonly #read = new Map<string, ReadResult>();
  readonly #parsed = new WeakMap<SourceFile, Parsed>();

  constructor(private readonly base: SourceHost) {}

  /** What the file at `path` holds. */
  read(path: string): ReadResult {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const result = this.base.read(path);
    this.#read.set(path, result);
    // The path by which messages and mends name the file, where it was asked for by another.
    if (result.file && !this.#read.has(result.file.path)) this.#read.set(result.file.path, result);
    return result;
  }

  /** A file's syntax: read once, too. */
  readonly parse = (file: SourceFile): Parsed => {
    let parsed = this.#parsed.get(file);
    if (parsed === undefined) this.#parsed.set(file, (parsed = parse(file)));
    return parsed;
  };

  /** A host for one check. */
  recording(): RecordingHost {
    return new RecordingHost(this.base, this);
  }
}

/** A host that takes note of what is read through it. */
export class RecordingHost implements SourceHost {
  /** What was asked for, by the path that it was asked by. */
  readonly reads = new Map<string, ReadResult>();

  constructor(
    private readonly base: SourceHost,
    private readonly kept: KeptFiles,
  ) {}

  resolve(specifier: string, importer: string): string {
    return this.base.resolve(specifier, importer);
  }

  locate(path: string, from: string): string {
    return this.base.locate(path, from);
  }

  read(path: string): ReadResult {
    const result = this.kept.read(path);
    this.reads.set(path, result);
    return result;
  }
}
