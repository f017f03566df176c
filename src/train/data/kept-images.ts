/**
 * Decoded images of one size, kept in memory that all threads share, so that small images are decoded in the
 * first epoch alone. What is kept is what was read first: files that change during a run are not read again.
 */
import type { RawImage } from "./data-set.js";
import { freeMemory } from "./free-memory.js";

/** Plain data, which threads are sent without a copy. */
export interface KeptImages {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** A number for every image: 1 once its pixels are there, 2 where its file has more bits than they have. */
  readonly known: SharedArrayBuffer;
  readonly pixels: SharedArrayBuffer;
}

/** The most bytes that are kept; a quarter of what is free where that is less. */
const mostBytes = 2 ** 30;

/**
 * Room for so many images of the size of `first`; undefined where they would take too much. The system gives the
 * memory as it is filled.
 */
export function roomFor(
  count: number,
  { height, width, channels }: RawImage,
  limit = Math.min(mostBytes, freeMemory() / 4),
): KeptImages | undefined {
  const bytes = count * height * width * channels;
  if (bytes > limit || count === 0) return undefined;
  const known = new SharedArrayBuffer(4 * count);
  return { height, width, channels, known, pixels: new SharedArrayBuffer(bytes) };
}

/** An image of the size that is kept. */
export interface Keepable {
  readonly index: number;
  readonly pixels: Uint8Array;
  /** Whether its file has more bits than they have. */
  readonly deep: boolean;
}

interface KeptStore {
  /** An image with pixels of its own, which are not shared; undefined where it is not kept yet. */
  get(index: number): RawImage | undefined;
  put(image: Keepable): void;
}

export function storeOf({ height, width, channels, ...shared }: KeptImages): KeptStore {
  const known = new Int32Array(shared.known);
  const all = new Uint8Array(shared.pixels);
  const size = height * width * channels;
  return {
    get: (index) => {
      const state = Atomics.load(known, index);
      if (state === 0) return undefined;
      const pixels = all.slice(index * size, (index + 1) * size);
      return { height, width, channels, pixels, ...(state === 2 && { deep: true }) };
    },
    put: ({ index, pixels, deep }) => {
      all.set(pixels, index * size);
      // Two that decode the same image write the same bytes.
      Atomics.store(known, index, deep ? 2 : 1);
    },
  };
}

/** Reads by `decode` what is not kept yet. An image of another size is never kept. */
export function keeping(
  kept: KeptImages | undefined,
  decode: (index: number) => Promise<RawImage>,
): (index: number) => Promise<RawImage> {
  if (kept === undefined) return decode;
  const { height, width, channels } = kept;
  const store = storeOf(kept);
  return async (index) => {
    const known = store.get(index);
    if (known !== undefined) return known;
    const image = await decode(index);
    if (image.height === height && image.width === width && image.channels === channels) {
      store.put({ index, pixels: image.pixels, deep: image.deep === true });
    }
    return image;
  };
}
