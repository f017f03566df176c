/** CutMix: a rectangle of every image taken from another of its batch, with what their targets become. */
import type { Batch } from "../../engines/engine.js";
import { randomBeta } from "../../random/beta.js";
import { randomBelow, randomKey, randomPermutation } from "../../random/random.js";
import { withPartners } from "./partners.js";

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/**
 * The pixels of one rectangle become those of image p(i) in every image i, for a permutation p of the batch. Its sides
 * are sqrt(1 - l) of the image's, l of Beta(alpha, alpha), its middle is uniform over the pixels, and what of it lies
 * outside is cut off; a label's share is that of its image's pixels (Yun et al. 2019, "CutMix"), and the label with more
 * of them stands first. All follows from `key`.
 */
export function cutBatch(batch: Batch, alpha: number, key: number): Batch {
  const { images, labels, shape } = batch;
  const [count, height, width, channels] = shape;
  const { top, left, bottom, right } = rectangle(height, width, alpha, key);
  const partners = randomPermutation(randomKey(key, "partners"), count);
  withPartners(images, height * width * channels, partners, (at, partner) => {
    for (let row = top; row < bottom; row++) {
      const [from, to] = [left, right].map((column) => (row * width + column) * channels);
      images.set(partner.subarray(from, to), at + (from ?? 0));
    }
  });
  const share = 1 - ((bottom - top) * (right - left)) / (height * width);
  const others = Int32Array.from(partners, (partner) => labels[partner] ?? 0);
  // An image counts as of the class that has most of it.
  if (share >= 0.5) return { ...batch, mix: { labels: others, share } };
  return { ...batch, labels: others, mix: { labels, share: 1 - share } };
}

function rectangle(height: number, width: number, alpha: number, key: number): Rectangle {
  const side = Math.sqrt(1 - randomBeta(randomKey(key, "share"), alpha));
  const place = randomKey(key, "place");
  const [top, bottom] = span(height, side, randomBelow(place, 0, height));
  const [left, right] = span(width, side, randomBelow(place, 1, width));
  return { top, left, bottom, right };
}

/** A share `side` of an extent around a middle, cut off at both ends. */
function span(extent: number, side: number, middle: number): readonly [number, number] {
  const half = Math.floor((extent * side) / 2);
  return [Math.max(0, middle - half), Math.min(extent, middle + half)];
}
