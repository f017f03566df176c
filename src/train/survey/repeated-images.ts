/**
 * Images that are there more than once, pixel for pixel: within a split, in several, or under two classes. A
 * few bytes are kept of every image.
 */
import { createHash } from "node:crypto";
import type { RawImage } from "../data/data-set.js";

export interface ImagePlace {
  readonly split: "train" | "validation" | "test";
  readonly sample: string;
  readonly class: string;
}

/** The places of one picture, two or more, in the order in which they were met. */
export type RepeatedImage = readonly ImagePlace[];

export class RepeatedImages {
  /** The first place of every picture, and all places of those that came again. */
  readonly #places = new Map<string, { first: () => ImagePlace; all?: ImagePlace[] }>();

  /** @param place is only asked for where a picture comes again. */
  add(image: RawImage, place: () => ImagePlace): void {
    const key = keyOf(image);
    const known = this.#places.get(key);
    if (known === undefined) this.#places.set(key, { first: place });
    else (known.all ??= [known.first()]).push(place());
  }

  get all(): readonly RepeatedImage[] {
    return [...this.#places.values()].flatMap(({ all }) => (all === undefined ? [] : [all]));
  }
}

/** 128 bits are enough for two pictures never to share them by chance. */
function keyOf({ pixels, height, width, channels }: RawImage): string {
  return createHash("sha256")
    .update(`${height}x${width}x${channels}:`)
    .update(pixels)
    .digest("base64")
    .slice(0, 22);
}

/** Whether a picture is in several splits, so that what is measured on one may be learnt by heart from another. */
export function isInSeveralSplits(places: RepeatedImage): boolean {
  return new Set(places.map(({ split }) => split)).size > 1;
}

/** Whether a picture is said to be of several classes. */
export function isOfSeveralClasses(places: RepeatedImage): boolean {
  return new Set(places.map((place) => place.class)).size > 1;
}
