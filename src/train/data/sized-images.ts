/**
 * Images that a recipe has brought to their size, kept in memory that all threads share, so that photographs are decoded
 * in the first epoch alone, as far as there is room; and as they are stored, where a recipe sizes them anew each time or not
 * at all, if all of them have room. What is kept is what was read first: files that change during a run are not read again.
 */
import { randomKey } from "../../random/random.js";
import type { Preprocessing } from "../../recipe/recipe.js";
import type { RawImage } from "./data-set.js";
import { freeMemory } from "./free-memory.js";

/** Plain data, which threads are sent without a copy. */
export interface SizedImages {
  /** Of the steps that the images came through; 0 before the first. Then the bytes that are taken. */
  readonly state: SharedArrayBuffer;
  /** For every image its place and one, height, width and channels; zeros where it is not there. */
  readonly index: SharedArrayBuffer;
  readonly pixels: SharedArrayBuffer;
  /** Whether there is room for all as they are stored. */
  readonly holdsStored: boolean;
  /** The size of images that are kept elsewhere as they are stored, and so not here. */
  readonly except?: Omit<RawImage, "pixels">;
}

/** Whether an image, as it is stored, is kept elsewhere. */
export function isKeptElsewhere(
  { except }: SizedImages,
  { height, width, channels }: Omit<RawImage, "pixels">,
): boolean {
  return except?.height === height && except.width === width && except.channels === channels;
}

/** The most bytes that are kept; an eighth of what is free where that is less. */
const mostBytes = 2 ** 30;
/** What is set aside for an image at most, in bytes, unless it is stored with more: 2048x2048 in colour, and more. */
const mostOfImage = 2 ** 24;
/** Numbers in the index for an image. */
const entry = 4;

/** Room for so many images, one of which is `stored`; nothing where the system gives none. It gives memory as it is filled. */
export function roomForSized(
  count: number,
  stored: RawImage,
  limit = Math.min(mostBytes, Math.floor(freeMemory() / 8)),
): SizedImages | undefined {
  const holdsStored = count * stored.pixels.length <= limit;
  try {
    return {
      state: new SharedArrayBuffer(8),
      index: new SharedArrayBuffer(4 * entry * count),
      pixels: new SharedArrayBuffer(
        Math.min(limit, count * Math.max(stored.pixels.length, mostOfImage)),
      ),
      holdsStored,
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The images that come of these steps, in what is shared; undefined where that is for others, or has no room for them.
 *
 * @param isStored whether they are sized later, by what is drawn.
 */
export function sizedBy(
  shared: SizedImages,
  preprocess: readonly Preprocessing[],
  isStored: boolean,
): SizedStore | undefined {
  const sizing = preprocess.filter(({ kind }) => kind === "resize" || kind === "shorter");
  const isGrey = preprocess.some(({ kind }) => kind === "grey");
  const steps = [...(isGrey ? ["grey"] : []), ...(isStored ? [] : sizing)];
  if ((isStored || sizing.length === 0) && !shared.holdsStored) return undefined;
  const key = randomKey("sized", JSON.stringify(steps)) | 1;
  const before = Atomics.compareExchange(new Int32Array(shared.state), 0, 0, key | 0);
  return before === 0 || before === (key | 0) ? new SizedStore(shared) : undefined;
}

export class SizedStore {
  readonly #state: Int32Array;
  readonly #index: Int32Array;
  readonly #pixels: Uint8Array;

  constructor({ state, index, pixels }: SizedImages) {
    this.#state = new Int32Array(state);
    this.#index = new Int32Array(index);
    this.#pixels = new Uint8Array(pixels);
  }

  /** A copy of its own, which is not shared. */
  get(image: number): RawImage | undefined {
    const at = entry * image;
    const place = Atomics.load(this.#index, at) - 1;
    if (place < 0) return undefined;
    const [height = 0, width = 0, channels = 0] = this.#index.subarray(at + 1, at + entry);
    const pixels = this.#pixels.slice(place, place + height * width * channels);
    return { pixels, height, width, channels };
  }

  /** Keeps an image where there is room. */
  put(image: number, { pixels, height, width, channels }: RawImage): void {
    if (Atomics.load(this.#state, 1) + pixels.length > this.#pixels.length) return;
    const place = Atomics.add(this.#state, 1, pixels.length);
    // Another thread may have taken the last of it meanwhile.
    if (place + pixels.length > this.#pixels.length) return;
    this.#pixels.set(pixels, place);
    const at = entry * image;
    this.#index.set([height, width, channels], at + 1);
    // Last of all: from now on it is there for every thread.
    Atomics.store(this.#index, at, place + 1);
  }
}
