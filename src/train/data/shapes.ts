/**
 * Coloured shapes drawn on the fly: real images to learn from without a file. Every sample is a pure
 * function of (seed, split, index); colour, place, size and angle are drawn alike for every class, so
 * only the outline tells the class.
 */
import { randomBits, randomKey, randomUniform } from "../../random/random.js";
import { DataError, type DataSet, type RawImage, type Split } from "./data-set.js";
import { outlines, reach, type Outline } from "./shape-outlines.js";

export interface ShapesOptions {
  /** Height and width in pixels. */
  readonly size: number;
  /** How many training images there are. */
  readonly train: number;
  readonly validation: number;
  /** How many of the shapes take part, in the order of `shapeNames`. Default 4. */
  readonly classes?: number;
  readonly seed: number;
}

export const shapeNames: readonly string[] = outlines.map(([name]) => name);

const defaultClasses = 4;

/** Half of the noise's width, in grey levels of 255: uniform and independent per pixel and channel. */
const noise = 16;

/** The grey levels of one of the 1,024 steps of the noise. */
const grain = noise / 511.5;

/** How far the background's colour runs from one side of the image to the other, per channel. */
const gradient = 30;

/** The least distance of the shape's colour from the background's, over the three channels. */
const contrast = 130;

/**
 * The ranges that a channel of the background and of the shape is drawn from. They overlap, so no
 * brightness tells shape from ground; but shapes are on the whole the lighter, for a network that
 * also had to learn that dark on light is the same shape would need several times the steps.
 */
const groundRange = [0, 130] as const;
const shapeRange = [80, 255] as const;

/**
 * Opens the shapes: `train` and `validation` images (size, size, 3), sample i of class i mod classes.
 *
 * @throws DataError if an option is not a whole number of its range.
 */
export function openShapes(options: ShapesOptions): DataSet {
  const { classes = defaultClasses } = options;
  requireWhole("size", options.size, 16, 512);
  requireWhole("train", options.train, 1, 2 ** 31 - 1);
  requireWhole("validation", options.validation, 0, 2 ** 31 - 1);
  requireWhole("classes", classes, 2, outlines.length);
  return {
    name: "shapes",
    classes: shapeNames.slice(0, classes),
    train: shapesSplit(options, "train"),
    validation: shapesSplit(options, "validation"),
    close: () => Promise.resolve(),
  };
}

/** One split of the shapes; the options must be of their ranges. */
export function shapesSplit(options: ShapesOptions, name: "train" | "validation"): Split {
  const { seed, size, classes = defaultClasses, [name]: count } = options;
  return {
    size: count,
    label: (index) => index % classes,
    describe: (index) => `shapes, ${name} image ${index} (seed ${seed})`,
    read: async (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        throw new RangeError(`sample ${index} of a split of ${count}`);
      }
      const label = index % classes;
      const key = randomKey("shapes", seed, name, index);
      return { image: drawShape(label, size, key), label };
    },
    source: { kind: "shapes", options, split: name },
  };
}

function requireWhole(name: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw new DataError(
    `shapes: \`${name}: ${value}\` is not a whole number from ${minimum} to ${maximum}`,
  );
}

/** What is drawn: where the shape lies, and its colour and the background's. */
interface Scene {
  readonly centreX: number;
  readonly centreY: number;
  /** The radius of the disc of the shape's area, in pixels. */
  readonly radius: number;
  readonly angle: number;
  readonly colour: readonly [number, number, number];
  /** The background at the image's centre. */
  readonly background: readonly [number, number, number];
  /** How the background changes per pixel to the right and downwards. */
  readonly slopeX: readonly [number, number, number];
  readonly slopeY: readonly [number, number, number];
}

/** Draws the shape of class `label` as (size, size, 3), everything else following from `key`. */
export function drawShape(label: number, size: number, key: number): RawImage {
  const outline = outlines[label]?.[1];
  if (outline === undefined) throw new RangeError(`shape ${label} of ${outlines.length}`);
  const scene = drawScene(size, key);
  // Writing through the clamped view rounds and clamps to 0 … 255.
  const pixels = new Uint8ClampedArray(size * size * 3);
  paint(pixels, size, scene, outline, randomKey(key, "noise"));
  return { pixels: new Uint8Array(pixels.buffer), height: size, width: size, channels: 3 };
}

function drawScene(size: number, key: number): Scene {
  let counter = 0;
  const between = (low: number, high: number): number =>
    low + (high - low) * randomUniform(key, counter++);
  const triple = (low: number, high: number): readonly [number, number, number] => [
    between(low, high),
    between(low, high),
    between(low, high),
  ];
  const radius = between(0.2, 0.28) * size;
  const margin = reach * radius;
  const centreX = between(margin, size - margin);
  const centreY = between(margin, size - margin);
  const angle = between(0, 2 * Math.PI);
  const background = triple(...groundRange);
  const slopeX = triple(-gradient / size, gradient / size);
  const slopeY = triple(-gradient / size, gradient / size);
  let colour = triple(...shapeRange);
  while (distance(colour, background) < contrast) colour = triple(...shapeRange);
  return { centreX, centreY, radius, angle, colour, background, slopeX, slopeY };
}

function distance(
  a: readonly [number, number, number],
  b: readonly [number, number, number],
): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/**
 * colour = background + coverage (shape - background) + noise, with the coverage of a pixel taken
 * from its centre's distance to the outline: clamp(1/2 - distance in pixels, 0, 1). The channels are
 * written out one by one because this loop sets how many images a second there are.
 */
function paint(
  pixels: Uint8ClampedArray,
  size: number,
  scene: Scene,
  outline: Outline,
  noiseKey: number,
): void {
  const { centreX, centreY, radius } = scene;
  const [red, green, blue] = scene.colour;
  const [redX, greenX, blueX] = scene.slopeX;
  const cos = Math.cos(scene.angle) / radius;
  const sin = Math.sin(scene.angle) / radius;
  const far = reach * radius + 1;
  // Half a pixel: colours and distances are those at the pixel's centre.
  const left = 0.5 - size / 2;
  for (let row = 0, at = 0; row < size; row++) {
    const dy = row + 0.5 - centreY;
    const rowIsNear = dy > -far && dy < far;
    const [underRed, underGreen, underBlue] = backgroundAt(scene, left, left + row);
    for (let column = 0; column < size; column++, at += 3) {
      const dx = column + 0.5 - centreX;
      const bits = randomBits(noiseKey, at);
      const r = underRed + column * redX;
      const g = underGreen + column * greenX;
      const b = underBlue + column * blueX;
      let coverage = 0;
      if (rowIsNear && dx > -far && dx < far) {
        const inside = 0.5 - radius * outline(cos * dx + sin * dy, cos * dy - sin * dx);
        coverage = inside <= 0 ? 0 : inside >= 1 ? 1 : inside;
      }
      // Three draws of ten bits each out of one of thirty-two.
      pixels[at] = r + coverage * (red - r) + ((bits & 1023) - 511.5) * grain;
      pixels[at + 1] = g + coverage * (green - g) + (((bits >>> 10) & 1023) - 511.5) * grain;
      pixels[at + 2] = b + coverage * (blue - b) + (((bits >>> 20) & 1023) - 511.5) * grain;
    }
  }
}

/** The background's colour at (x, y) pixels from the image's centre. */
function backgroundAt(
  { background, slopeX, slopeY }: Scene,
  x: number,
  y: number,
): readonly [number, number, number] {
  return [
    background[0] + x * slopeX[0] + y * slopeY[0],
    background[1] + x * slopeX[1] + y * slopeY[1],
    background[2] + x * slopeX[2] + y * slopeY[2],
  ];
}
