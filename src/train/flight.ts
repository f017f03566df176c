/**
 * The steps that were handed to an engine and whose metrics have not come back: the device is never idle
 * while the loop looks at a number, and never more than a few steps behind it.
 */
import type { Metrics } from "../engines/engine.js";

/** One waits in the device's queue while another runs. */
const most = 2;

export class Flight {
  readonly #metrics: Promise<Metrics>[] = [];

  /** Adds a step. A failure is kept until the step is landed. */
  give(metrics: Promise<Metrics>): void {
    metrics.catch(() => undefined);
    this.#metrics.push(metrics);
  }

  get isFull(): boolean {
    return this.#metrics.length >= most;
  }

  get isEmpty(): boolean {
    return this.#metrics.length === 0;
  }

  /** The metrics of the oldest step. @throws what the engine threw for it. */
  async land(): Promise<Metrics> {
    const oldest = this.#metrics.shift();
    if (oldest === undefined) throw new RangeError("no step is under way");
    return oldest;
  }

  /** Waits for all steps, whatever comes of them. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#metrics.splice(0));
  }
}
