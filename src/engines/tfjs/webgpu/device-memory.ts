/**
 * Keeps the buffers of a device from adding up over the kinds of work that it does in turn: steps, an epoch's smaller
 * last batch, validation. TensorFlow.js never destroys a buffer, and gives a free one out for its exact size alone, so
 * that each kind and each shape would keep its own for good.
 *
 * While all buffers together are few, they stay, and so does every recording. Where they are many, a turn to other work
 * ends what was recorded of work before, and destroys what is free: the memory that is needed is that of the kind that
 * needs most. What it costs is a few steps by TensorFlow.js until the next recording, where steps take long in any case.
 */
import { flush, type DeviceWork } from "./device-work.js";

/** What is few, in bytes: next to nothing on any GPU that trains. */
export const fewBytes = 2 ** 30;

/** Work of one kind, which may be recorded for one shape of its batches. */
export interface Recorder {
  /** The shape for which it is recorded, if it is. */
  readonly shape: string | undefined;
  release(): void;
}

export class DeviceMemory {
  static readonly #known = new WeakMap<DeviceWork, DeviceMemory>();
  readonly #recorders = new Set<Recorder>();
  #last: { readonly recorder: Recorder; readonly shape: string } | undefined;

  /** That of a device, the same for all sessions on it. */
  static of(work: DeviceWork): DeviceMemory {
    const known = this.#known.get(work) ?? new DeviceMemory(work);
    this.#known.set(work, known);
    return known;
  }

  private constructor(private readonly work: DeviceWork) {}

  /** To be called before each piece of work. @param few above how many bytes room is made for it. */
  turnTo(recorder: Recorder, shape: string, few: number): void {
    const isNew = recorder !== this.#last?.recorder || shape !== this.#last.shape;
    this.#recorders.add(recorder);
    this.#last = { recorder, shape };
    if (!isNew || this.work.bufferManager.numBytesAllocated <= few) return;
    flush(this.work);
    for (const each of this.#recorders) {
      if (each !== recorder || each.shape !== shape) each.release();
    }
    this.#destroyFree();
  }

  leave(recorder: Recorder): void {
    this.#recorders.delete(recorder);
    if (this.#last?.recorder === recorder) this.#last = undefined;
  }

  #destroyFree(): void {
    const pool = this.work.bufferManager;
    for (const buffers of pool.freeBuffers.values()) {
      for (const buffer of buffers.splice(0)) {
        // What was handed over with it is done first.
        buffer.destroy();
        pool.numFreeBuffers--;
        pool.numBytesAllocated -= buffer.size;
      }
    }
  }
}
