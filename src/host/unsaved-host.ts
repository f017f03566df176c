/** The file system with one file as it is not saved yet: it need not be there. */
import type { ReadResult } from "../check/host.js";
import { NodeHost, sourceOf } from "./node-host.js";

export class UnsavedHost extends NodeHost {
  readonly #path: string;
  readonly #read: ReadResult;

  /** @param path the file whose text is given. */
  constructor(path: string, text: string) {
    super();
    this.#path = this.absolute(path);
    this.#read = sourceOf(Buffer.from(text), this.shown(this.#path));
  }

  override read(path: string): ReadResult {
    return this.absolute(path) === this.#path ? this.#read : super.read(path);
  }
}
