/** Files that are read once however many specs import them, with a record of what each check asked for. */
import type { SourceFile } from "../source/source.js";
import { parse, type Parsed } from "../syntax/parse.js";
import type { ReadResult } from "./host.js";
import { LayeredHost } from "./layered-host.js";
import { RecordingHost } from "./recording-host.js";

export class KeptFiles extends LayeredHost {
  readonly #read = new Map<string, ReadResult>();
  readonly #parsed = new WeakMap<SourceFile, Parsed>();

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
    return new RecordingHost(this);
  }
}
