/** A host whose files are those of another, but for texts that stand for what some of them hold. */
import { SourceFile } from "../source/source.js";
import type { ReadResult, SourceHost } from "./host.js";
import { LayeredHost } from "./layered-host.js";

export class OverlayHost extends LayeredHost {
  /** What has been read through this host: paths, as messages show them. */
  readonly paths = new Set<string>();

  constructor(
    base: SourceHost,
    private readonly texts: ReadonlyMap<string, string>,
  ) {
    super(base);
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
