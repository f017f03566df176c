/** The file system with one file as it is not saved yet: it need not be there. */
import type { ReadResult, SourceHost } from "../check/host.js";
import { NodeHost, sourceOf } from "./node-host.js";

export class UnsavedHost implements SourceHost {
  readonly #files = new NodeHost();
  readonly #path: string;
  readonly #read: ReadResult;

  /** @param path the file whose text is given. */
  constructor(path: string, text: string) {
    this.#path = this.#files.absolute(path);
    this.#read = sourceOf(Buffer.from(text), this.#files.shown(this.#path));
  }

  resolve(specifier: string, importer: string): string {
    return this.#files.resolve(specifier, importer);
  }

  locate(path: string, from: string): string {
    return this.#files.locate(path, from);
  }

  read(path: string): ReadResult {
    return this.#files.absolute(path) === this.#path ? this.#read : this.#files.read(path);
  }
}
