/**
 * Mean and standard deviation of every channel over images, as `normalize` takes them: of values from 0 to 1,
 * over all pixels, every image counting the same whatever its size, as it does once it is resized.
 */
import type { RawImage } from "../data/data-set.js";

export interface ChannelStatistics {
  /** A number per channel, from 0 to 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Sums over images; all must have the same number of channels to come to anything. */
export class ChannelSums {
  #images = 0;
  /** Of the images' mean values and mean squares, by channel. */
  #means: number[] = [];
  #squares: number[] = [];
  #differ = false;

  add({ pixels, channels }: RawImage): void {
    if (this.#images === 0) {
      this.#means = new Array<number>(channels).fill(0);
      this.#squares = new Array<number>(channels).fill(0);
    }
    if (channels !== this.#means.length) this.#differ = true;
    if (this.#differ) return;
    this.#images += 1;
    const count = pixels.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      // Sums of bytes and of their squares are whole numbers, and exact.
      let [sum, squares] = [0, 0];
      for (let at = channel; at < pixels.length; at += channels) {
        const value = pixels[at] ?? 0;
        sum += value;
        squares += value * value;
      }
      this.#means[channel] = (this.#means[channel] ?? 0) + sum / count / 255;
      this.#squares[channel] = (this.#squares[channel] ?? 0) + squares / count / 255 ** 2;
    }
  }

  get statistics(): ChannelStatistics | undefined {
    if (this.#images === 0 || this.#differ) return undefined;
    const mean = this.#means.map((sum) => sum / this.#images);
    const std = this.#squares.map((sum, channel) =>
      Math.sqrt(Math.max(0, sum / this.#images - (mean[channel] ?? 0) ** 2)),
    );
    return { mean, std };
  }
}
