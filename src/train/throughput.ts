/** How fast a run trains, and how much of its time it waits for data. */
import { Pace } from "./pace.js";

export class Throughput {
  readonly #pace = new Pace();
  /** When the step before was done, or training began or went on. */
  #since = performance.now();
  /** Of the epoch: seconds of training, of these waiting, and images. */
  #seconds = 0;
  #waited = 0;
  #images = 0;

  /** Begins an epoch, or the rest of one. */
  begin(): void {
    [this.#seconds, this.#waited, this.#images] = [0, 0, 0];
    this.resume();
  }

  /** Goes on after something that is no training. */
  resume(): void {
    this.#since = performance.now();
  }

  /** A batch was waited for. */
  waited(seconds: number): void {
    this.#waited += seconds;
  }

  /** A step on so many images is done. */
  took(images: number): void {
    const now = performance.now();
    const seconds = (now - this.#since) / 1000;
    this.#since = now;
    this.#pace.observe(images, seconds);
    this.#seconds += seconds;
    this.#images += images;
  }

  /** Images per second, of late; undefined before the first step. */
  get rate(): number | undefined {
    return this.#pace.rate;
  }

  /** The share of the epoch's time that was spent waiting for data, in [0, 1]. */
  get waiting(): number {
    return this.#seconds > 0 ? Math.min(this.#waited / this.#seconds, 1) : 0;
  }

  /** Of the whole epoch; empty where no step was taken. */
  get ofEpoch(): { readonly imagesPerSecond?: number; readonly waiting?: number } {
    if (this.#seconds === 0) return {};
    return { imagesPerSecond: this.#images / this.#seconds, waiting: this.waiting };
  }
}
