/**
 * The steps that were handed to an engine and whose metrics have not come back: the device is never idle
 * while the loop looks at a number, and never more than a few steps behind it.
 */
import type { Metrics } from "../engines/engine.js";

/** One waits in the device's queue while another runs. */
const most = 2;

export class Flight {
  readonly #metrics: Promise<Metrics>[] = [];
  /** How many of the steps that were given the device has not done. */
  #running = 0;
  #idleSince = -Infinity;

  /** Adds a step. A failure is kept until the step is landed. */
  give(metrics: Promise<Metrics>): void {
    this.#running += 1;
    const done = (): void => {
      this.#running -= 1;
      if (this.#running === 0) this.#idleSince = performance.now();
    };
    metrics.then(done, done);
    this.#metrics.push(metrics);
  }

  /** For how many milliseconds the device has had nothing to do. */
  get idle(): number {
    return this.#running > 0 ? 0 : performance.now() - this.#idleSince;
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
