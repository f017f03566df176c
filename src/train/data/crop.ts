/** Windows of images, in bytes: anywhere, in the middle, or of a random size and aspect. */
import { randomBelow, randomUniform } from "../../random/random.js";
import { DataError, type RawImage } from "./data-set.js";

/** A part of an image, whose first pixel is (top, left). */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** What lies outside of the image, on any side, is zero. */
export function cropImage(image: RawImage, { top, left, height, width }: Window): RawImage {
  const { channels } = image;
  const pixels = new Uint8Array(height * width * channels);
  const first = Math.max(0, left);
  const last = Math.min(image.width, left + width);
  for (let row = 0; row < height; row++) {
    const source = top + row;
    if (source < 0 || source >= image.height || last <= first) continue;
    const start = source * image.width;
    pixels.set(
      image.pixels.subarray((start + first) * channels, (start + last) * channels),
      (row * width + first - left) * channels,
    );
  }
  return { pixels, height, width, channels };
}

/**
 * The middle, as torchvision's `CenterCrop` takes it.
 *
 * @throws DataError if the image is smaller.
 */
export function cropMiddle(image: RawImage, height: number, width: number): RawImage {
  const [rows, columns] = [image.height - height, image.width - width];
  if (rows < 0 || columns < 0) {
    throw new DataError(
      `\`centercrop ${height}x${width}\` does not fit into an image of ${image.height}x${image.width}`,
      `give larger images, or train with \`shorter ${Math.max(height, width)}\`, or more, in the recipe's \`preprocess\``,
    );
  }
  if (rows === 0 && columns === 0) return image;
  return cropImage(image, { top: half(rows), left: half(columns), height, width });
}

/** Half of a number, rounded to the even neighbour. */
function half(room: number): number {
  const below = Math.floor(room / 2);
  return room % 2 === 1 && below % 2 === 1 ? below + 1 : below;
}

/** The aspects, width by height, of random windows: from 3:4 to 4:3. */
const widest = 4 / 3;

/** How often a window is drawn before the middle is taken. */
const tries = 10;

/**
 * A window of a share of the image uniform in [area, 1], an aspect log-uniform in [3/4, 4/3] and a uniform place
 * (Szegedy et al. 2015, "Going Deeper with Convolutions", section 6). Where ten draws do not fit into the image, as
 * in a long one, the largest window in its middle whose aspect is allowed.
 *
 * @param key what the draws follow from.
 */
export function randomWindow(
  { height: rows, width: columns }: Pick<RawImage, "height" | "width">,
  area: number,
  key: number,
): Window {
  for (let attempt = 0; attempt < tries; attempt++) {
    const counter = 4 * attempt;
    const share = area + (1 - area) * randomUniform(key, counter);
    const aspect = widest ** (2 * randomUniform(key, counter + 1) - 1);
    const width = Math.round(Math.sqrt(rows * columns * share * aspect));
    const height = Math.round(Math.sqrt((rows * columns * share) / aspect));
    if (width < 1 || height < 1 || width > columns || height > rows) continue;
    const top = randomBelow(key, counter + 2, rows - height + 1);
    const left = randomBelow(key, counter + 3, columns - width + 1);
    return { top, left, height, width };
  }
  const height = Math.min(rows, Math.max(1, Math.round(columns * widest)));
  const width = Math.min(columns, Math.max(1, Math.round(rows * widest)));
  const [top, left] = [Math.floor((rows - height) / 2), Math.floor((columns - width) / 2)];
  return { top, left, height, width };
}
