/**
 * Augmentation by operations drawn at random from a list, each as strong as a level of 30 says: RandAugment (Cubuk et al.
 * 2020), some of one level, and TrivialAugment (Müller and Hutter 2021), one of any level. Operations and strengths are
 * torchvision's (`RandAugment`, `TrivialAugmentWide`).
 */
import { randomBelow, randomBits } from "../../random/random.js";
import type { Augmentation } from "../../recipe/recipe.js";
import { rotated, shearedColumns, shearedRows, translated } from "./affine.js";
import type { RawImage } from "./data-set.js";
import {
  autocontrasted,
  equalised,
  posterised,
  solarised,
  withBrightness,
  withColour,
  withContrast,
  withSharpness,
} from "./tones.js";

/** The strongest level. */
export const strongest = 30;

/** How strong the strongest level is; of what goes both ways, in each direction. */
interface Strengths {
  /** As a share of the distance from the edge. */
  readonly shear: number;
  /** In pixels, of an extent. */
  readonly translation: (extent: number) => number;
  /** In degrees. */
  readonly rotation: number;
  /** What the factors of brightness, colour, contrast and sharpness differ from 1 by. */
  readonly blend: number;
  /** The bits that are taken away. */
  readonly bits: number;
}

const ofRandAugment: Strengths = {
  shear: 0.3,
  translation: (extent) => (150 / 331) * extent,
  rotation: 30,
  blend: 0.9,
  bits: 4,
};

const ofTrivialAugment: Strengths = {
  shear: 0.99,
  translation: () => 32,
  rotation: 135,
  blend: 0.99,
  bits: 6,
};

/** @param level from 0 to 1. @param side 1 or -1, for what goes both ways. */
type Operation = (image: RawImage, level: number, side: number, most: Strengths) => RawImage;

const operations: readonly Operation[] = [
  (image) => image,
  (image, level, side, { shear }) => shearedRows(image, side * level * shear),
  (image, level, side, { shear }) => shearedColumns(image, side * level * shear),
  (image, level, side, { translation }) =>
    translated(image, side * level * translation(image.width), 0),
  (image, level, side, { translation }) =>
    translated(image, 0, side * level * translation(image.height)),
  (image, level, side, { rotation }) => rotated(image, side * level * rotation),
  (image, level, side, { blend }) => withBrightness(image, 1 + side * level * blend),
  (image, level, side, { blend }) => withColour(image, 1 + side * level * blend),
  (image, level, side, { blend }) => withContrast(image, 1 + side * level * blend),
  (image, level, side, { blend }) => withSharpness(image, 1 + side * level * blend),
  (image, level, _, { bits }) => posterised(image, 8 - Math.round(level * bits)),
  (image, level) => solarised(image, 255 * (1 - level)),
  (image) => autocontrasted(image),
  (image) => equalised(image),
];

/** Some operations of one level, one after the other, each drawn from all. @param key what the draws follow from. */
export function randAugmented(
  image: RawImage,
  { operations: count, magnitude }: Extract<Augmentation, { kind: "randaugment" }>,
  key: number,
): RawImage {
  let current = image;
  for (let i = 0; i < count; i++) {
    current = operated(current, key, 3 * i, magnitude, ofRandAugment);
  }
  return current;
}

/** One operation of any level. @param key what the draws follow from. */
export function triviallyAugmented(image: RawImage, key: number): RawImage {
  return operated(image, key, 0, randomBelow(key, 2, strongest + 1), ofTrivialAugment);
}

/** @param counter of the first of two draws. */
function operated(
  image: RawImage,
  key: number,
  counter: number,
  level: number,
  most: Strengths,
): RawImage {
  const operation = operations[randomBelow(key, counter, operations.length)];
  const side = (randomBits(key, counter + 1) & 1) === 1 ? 1 : -1;
  return operation?.(image, level / strongest, side, most) ?? image;
}
