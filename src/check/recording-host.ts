/** A host that reads as another does and keeps what it was asked for, also where there is no such file. */
import type { ReadResult, SourceHost } from "./host.js";

export class RecordingHost implements SourceHost {
  /** What was read, by the path that it was asked by. */
  readonly reads = new Map<string, ReadResult>();

  constructor(private readonly base: SourceHost) {}

  resolve(specifier: string, importer: string): string {
    return this.base.resolve(specifier, importer);
  }

  locate(path: string, from: string): string {
    return this.base.locate(path, from);
  }

  read(path: string): ReadResult {
    const result = this.base.read(path);
    this.reads.set(path, result);
    return result;
  }
}
