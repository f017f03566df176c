/** A host whose files are those of another, but for texts that stand for what some of them hold. */
import { SourceFile } from "../source/source.js";
import type { ReadResult, SourceHost } from "./host.js";

export class OverlayHost implements SourceHost {
  /** What has been read through this host: paths, as messages show them. */
  readonly paths = new Set<string>();

  constructor(
    private readonly base: SourceHost,
    private readonly texts: ReadonlyMap<string, string>,
  ) {}

  resolve(specifier: string, importer: string): string {
    return this.base.resolve(specifier, importer);
  }

  locate(path: string, from: string): string {
    return this.base.locate(path, from);
  }

  read(path: string): ReadResult {
    const read = this.base.read(path);
    if (read.file === undefined) return read;
    const { path: shown } = read.file;
    this.paths.add(shown);
    const text = this.texts.get(shown);
    return text === undefined ? read : { file: new SourceFile(shown, text) };
  }
}
