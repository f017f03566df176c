/**
 * What images are made of changed by itself, in bytes: brightness, colour, contrast, sharpness, the number of tones and
 * where they lie. To the byte what Pillow's `ImageEnhance` and `ImageOps` make of them, but for rounding.
 */
import type { RawImage } from "./data-set.js";
import { greyImage } from "./grey.js";

/** From what the image would be without the quality (0) over the image (1) to more of it, as Pillow's `Image.blend`. */
function blended(without: RawImage["pixels"], image: RawImage, factor: number): RawImage {
  const share = Math.fround(factor);
  const pixels = image.pixels.map((byte, i) => {
    const from = without[i] ?? 0;
    const value = Math.fround(from + Math.fround(share * (byte - from)));
    return Math.max(0, Math.min(255, Math.trunc(value)));
  });
  return { ...image, pixels };
}

export function withBrightness(image: RawImage, factor: number): RawImage {
  return blended(new Uint8Array(image.pixels.length), image, factor);
}

export function withColour(image: RawImage, factor: number): RawImage {
  const { channels } = image;
  const grey = greyImage(image).pixels;
  if (channels !== 3) return image;
  return blended(
    image.pixels.map((_, i) => grey[Math.floor(i / channels)] ?? 0),
    image,
    factor,
  );
}

export function withContrast(image: RawImage, factor: number): RawImage {
  const grey = greyImage(image).pixels;
  const mean = Math.floor(grey.reduce((sum, value) => sum + value, 0) / grey.length + 0.5);
  return blended(new Uint8Array(image.pixels.length).fill(mean), image, factor);
}

export function withSharpness(image: RawImage, factor: number): RawImage {
  return blended(smoothed(image), image, factor);
}

/** Each pixel five parts of thirteen, and one of each neighbour; those at the edges as they are. */
function smoothed({ pixels, height, width, channels }: RawImage): Uint8Array {
  const smooth = pixels.slice();
  const row = width * channels;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * row + channels; i < (y + 1) * row - channels; i++) {
      let sum = 4 * (pixels[i] ?? 0);
      for (const line of [i - row, i, i + row]) {
        for (const at of [line - channels, line, line + channels]) sum += pixels[at] ?? 0;
      }
      smooth[i] = Math.floor(sum / 13 + 0.5);
    }
  }
  return smooth;
}

/** The first `bits` of every byte. */
export function posterised(image: RawImage, bits: number): RawImage {
  const mask = 0xff & ~(2 ** (8 - bits) - 1);
  return { ...image, pixels: image.pixels.map((byte) => byte & mask) };
}

/** Bytes from `threshold` on turned over: 255 - x. */
export function solarised(image: RawImage, threshold: number): RawImage {
  return { ...image, pixels: image.pixels.map((byte) => (byte < threshold ? byte : 255 - byte)) };
}

/** Every channel from its least byte at 0 to its largest at 255. */
export function autocontrasted(image: RawImage): RawImage {
  return byChannel(image, (counts) => {
    const least = counts.findIndex((count) => count > 0);
    const most = counts.findLastIndex((count) => count > 0);
    if (most <= least) return undefined;
    const scale = 255 / (most - least);
    return (byte) => Math.trunc(byte * scale - least * scale);
  });
}

/** Every channel so that its bytes are spread evenly from 0 to 255. */
export function equalised(image: RawImage): RawImage {
  return byChannel(image, (counts) => {
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((counts.reduce((sum, count) => sum + count, 0) - last) / 255);
    if (step === 0) return undefined;
    const places = new Float64Array(256);
    for (let byte = 0, sum = Math.floor(step / 2); byte < 256; byte++) {
      places[byte] = Math.floor(sum / step);
      sum += counts[byte] ?? 0;
    }
    return (byte) => places[byte] ?? 0;
  });
}

/** Every channel by a function of its bytes, which follows from how many there are of each; as it is where there is none. */
function byChannel(
  image: RawImage,
  change: (counts: readonly number[]) => ((byte: number) => number) | undefined,
): RawImage {
  const { channels } = image;
  const pixels = image.pixels.slice();
  for (let channel = 0; channel < channels; channel++) {
    const counts = new Array<number>(256).fill(0);
    for (let i = channel; i < pixels.length; i += channels) {
      const byte = pixels[i] ?? 0;
      counts[byte] = (counts[byte] ?? 0) + 1;
    }
    const made = change(counts);
    if (made === undefined) continue;
    for (let i = channel; i < pixels.length; i += channels) {
      pixels[i] = Math.max(0, Math.min(255, made(pixels[i] ?? 0)));
    }
  }
  return { ...image, pixels };
}
