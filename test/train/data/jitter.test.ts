import { expect, test } from "vitest";
import { randomUniform } from "../../../src/random/random.js";
import type { RawImage } from "../../../src/train/data/data-set.js";
import { jitterImage } from "../../../src/train/data/jitter.js";

function drawn(channels: number, value: (pixel: number, channel: number) => number): RawImage {
  const pixels = Uint8Array.from({ length: 20 * channels }, (_, i) =>
    value(Math.floor(i / channels), i % channels),
  );
  return { pixels, height: 4, width: 5, channels };
}

const jitter = (brightness: number, contrast: number, saturation: number) =>
  ({ kind: "jitter", brightness, contrast, saturation }) as const;

const colours = drawn(3, (pixel, channel) => (37 * pixel + 91 * channel) % 256);

/** Draw `draw` of a key, from 1 - setting to 1 + setting. */
function factor(setting: number, key: number, draw: number): number {
  return 1 - setting + 2 * setting * randomUniform(key, draw);
}

const clamp = (value: number): number => Math.min(255, Math.max(0, value));
const grey = ([red = 0, green = 0, blue = 0]: number[]): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

test("colours against the formula, one setting after the other", () => {
  for (let key = 0; key < 50; key++) {
    const pixels = Array.from({ length: 20 }, (_, i) => [
      ...colours.pixels.slice(3 * i, 3 * i + 3),
    ]);
    const bright = pixels.map((pixel) => pixel.map((value) => clamp(value * factor(0.5, key, 0))));
    const mean = bright.reduce((sum, pixel) => sum + grey(pixel), 0) / bright.length;
    const contrasted = bright.map((pixel) =>
      pixel.map((value) => clamp(mean + factor(0.3, key, 1) * (value - mean))),
    );
    const saturated = contrasted.map((pixel) =>
      pixel.map((value) => clamp(grey(pixel) + factor(0.8, key, 2) * (value - grey(pixel)))),
    );
    const found = jitterImage(colours, jitter(0.5, 0.3, 0.8), key).pixels;
    saturated.flat().forEach((value, i) => {
      expect(Math.abs((found[i] ?? -1) - value)).toBeLessThanOrEqual(0.5 + 1e-3);
    });
  }
});

test("settings of 0 change nothing; grey has no saturation, in three channels or in one", () => {
  expect(jitterImage(colours, jitter(0, 0, 0), 7)).toEqual(colours);
  const greys = drawn(3, (pixel) => 12 * pixel);
  expect(jitterImage(greys, jitter(0, 0, 1), 7)).toEqual(greys);
  const single = drawn(1, (pixel) => 12 * pixel);
  expect(jitterImage(single, jitter(0, 0, 1), 7)).toEqual(single);
  const [three, one] = [greys, single].map((each) => jitterImage(each, jitter(0.4, 0.4, 0), 3));
  const firsts = three?.pixels.filter((_, i) => i % 3 === 0);
  firsts?.forEach((value, i) => expect(Math.abs(value - (one?.pixels[i] ?? -9))).toBeLessThan(2));
});

test("the image itself is never changed, and the outcome is the key's", () => {
  const before = colours.pixels.slice();
  const outcomes = [1, 2, 1].map((key) => jitterImage(colours, jitter(0.4, 0.4, 0.4), key));
  expect(colours.pixels).toEqual(before);
  expect(outcomes[0]).toEqual(outcomes[2]);
  expect(outcomes[0]).not.toEqual(outcomes[1]);
});
