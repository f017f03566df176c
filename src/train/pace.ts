/** How fast images go by: an exponential mean of the time per image that is right from the first. */

/** The share of the mean that a second-long observation replaces. */
const weightPerSecond = 0.1;

export class Pace {
  #weightedSeconds = 0;
  #weightedImages = 0;

  /** Takes in `images` that took `seconds`. Longer observations weigh more, older ones fade. */
  observe(images: number, seconds: number): void {
    const kept = (1 - weightPerSecond) ** seconds;
    this.#weightedSeconds = this.#weightedSeconds * kept + seconds;
    this.#weightedImages = this.#weightedImages * kept + images;
  }

  /** Images per second; undefined before anything was observed. */
  get rate(): number | undefined {
    return this.#weightedSeconds > 0 ? this.#weightedImages / this.#weightedSeconds : undefined;
  }
}
