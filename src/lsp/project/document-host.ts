/**
 * The checker's files as an editor has them: open documents lie over the file system. A file that has not changed is
 * always the very same object, so that whatever was made of it can be kept.
 */
import type { ReadResult, SourceHost } from "../../check/host.js";
import { SourceFile } from "../../source/source.js";

interface OnDisk {
  readonly revision: number;
  readonly result: ReadResult;
}

export class DocumentHost implements SourceHost {
  readonly #open = new Map<string, ReadResult>();
  readonly #disk = new Map<string, OnDisk>();
  #revision = 0;

  constructor(private readonly below: SourceHost) {}

  /** Grows whenever any file may have changed. */
  get revision(): number {
    return this.#revision;
  }

  get openPaths(): readonly string[] {
    return [...this.#open.keys()];
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  /** Takes the text of an open document in place of the file's. */
  open(path: string, text: string): void {
    this.#revision++;
    if (this.#open.get(path)?.file?.text === text) return;
    this.#open.set(path, { file: new SourceFile(path, text) });
  }

  /** Goes back to the file's own text. */
  close(path: string): void {
    this.#revision++;
    this.#open.delete(path);
  }

  /** Files on disk may have changed: each is looked at again when it is next read. */
  refresh(): void {
    this.#revision++;
  }

  resolve(specifier: string, importer: string): string {
    return this.below.resolve(specifier, importer);
  }

  locate(path: string, from: string): string {
    return this.below.locate(path, from);
  }

  read(path: string): ReadResult {
    const open = this.#open.get(path);
    if (open) return open;
    const known = this.#disk.get(path);
    if (known?.revision === this.#revision) return known.result;
    const read = this.below.read(path);
    const result = known && isSame(known.result, read) ? known.result : read;
    this.#disk.set(path, { revision: this.#revision, result });
    return result;
  }
}

function isSame(before: ReadResult, now: ReadResult): boolean {
  if (before.file && now.file) return before.file.text === now.file.text;
  return before.problem !== undefined && before.problem.message === now.problem?.message;
}
