/**
 * A curve of any length in bounded memory: neighbouring points are merged to their mean as more come
 * in, so that the whole run is always there, as finely as the bound allows.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Bucket {
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/** The most points that a series keeps. */
export const mostPoints = 2048;

export class Series {
  #buckets: Bucket[] = [];
  /** How many points a full bucket stands for: a power of two. */
  #width = 1;

  #latest: Point | undefined;

  constructor(private readonly most = mostPoints) {}

  /** The point that came last, merged with no other. */
  get latest(): Point | undefined {
    return this.#latest;
  }

  /** Takes in the next point. One that is not finite is left out. */
  add(x: number, y: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    this.#latest = { x, y };
    const last = this.#buckets.at(-1);
    const point = { x, y, count: 1 };
    if (last !== undefined && last.count < this.#width) {
      this.#buckets[this.#buckets.length - 1] = merged(last, point);
      return;
    }
    if (this.#buckets.length >= this.most) {
      this.#buckets = pairs(this.#buckets);
      this.#width *= 2;
    }
    this.#buckets.push(point);
  }

  /** The points in their order, at most `most` of them. */
  points(most = this.most): readonly Point[] {
    let buckets = this.#buckets;
    while (buckets.length > most) buckets = pairs(buckets);
    return buckets;
  }
}

function pairs(buckets: readonly Bucket[]): Bucket[] {
  const halves: Bucket[] = [];
  for (let index = 0; index < buckets.length; index += 2) {
    const [first, second] = [buckets[index], buckets[index + 1]];
    if (first !== undefined) halves.push(second === undefined ? first : merged(first, second));
  }
  return halves;
}

function merged(one: Bucket, other: Bucket): Bucket {
  const count = one.count + other.count;
  const mean = (a: number, b: number): number => (a * one.count + b * other.count) / count;
  return { x: mean(one.x, other.x), y: mean(one.y, other.y), count };
}
