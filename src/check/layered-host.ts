/** A host that is laid over another: a name means the same file in both, and the layer says how that is read. */
import type { ReadResult, SourceHost } from "./host.js";

export abstract class LayeredHost implements SourceHost {
  constructor(protected readonly base: SourceHost) {}

  resolve(specifier: string, importer: string): string {
    return this.base.resolve(specifier, importer);
  }

  locate(path: string, from: string): string {
    return this.base.locate(path, from);
  }

  abstract read(path: string): ReadResult;
}
