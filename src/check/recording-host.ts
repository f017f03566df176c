/** A host that reads as another does and keeps what it was asked for, also where there is no such file. */
import type { ReadResult } from "./host.js";
import { LayeredHost } from "./layered-host.js";

export class RecordingHost extends LayeredHost {
  /** What was read, by the path that it was asked by. */
  readonly reads = new Map<string, ReadResult>();

  read(path: string): ReadResult {
    const result = this.base.read(path);
    this.reads.set(path, result);
    return result;
  }
}
