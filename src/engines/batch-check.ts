/** Checks that a network can take a batch, before anything is computed from it. */
import type { Graph } from "../graph/graph.js";
import { elementCount } from "../shapes/index.js";
import { EngineError, type Batch } from "./engine.js";
import { areFinite } from "./finite.js";

/** @throws EngineError where the images do not fit the network's input, or hold a NaN or an infinity. */
export function checkImages(graph: Graph, images: Float32Array, shape: Batch["shape"]): void {
  const input = graph.nodes.find(({ op }) => op === "input");
  if (input === undefined) throw new EngineError("the network has no input");
  const expected = [...input.type.spatial, input.type.channels];
  const fits = expected.every((extent, i) => typeof extent !== "number" || extent === shape[i + 1]);
  if (fits && images.length === elementCount(shape)) return checkNumbers(images, shape);
  const show = (extents: readonly unknown[]): string =>
    extents.map((extent) => (typeof extent === "number" ? extent : "any")).join("x");
  throw new EngineError(
    `the images are ${show(shape.slice(1))}, but the network's input is ${show(expected)}`,
    "resize the images in the recipe's `preprocess`, or change the network's input",
    input.name,
  );
}

/**
 * Runtimes do not treat a NaN alike: in some it spreads to the loss, in others `relu` turns it into a number.
 *
 * @throws EngineError naming the first value that is NaN or infinite, and where it is.
 */
function checkNumbers(images: Float32Array, shape: Batch["shape"]): void {
  if (areFinite(images)) return;
  const index = images.findIndex((value) => !Number.isFinite(value));
  const [, height, width, channels] = shape;
  const pixel = Math.floor(index / channels);
  const [row, column] = [Math.floor(pixel / width) % height, pixel % width];
  const place = `row ${row}, column ${column}, channel ${index % channels}`;
  throw new EngineError(
    `image ${Math.floor(pixel / (width * height))} of the batch has the value ${images[index]} at ${place}`,
    "make it a finite number: look for a division by 0, as by a deviation of 0, or for a damaged image; " +
      "image, row, column and channel count from 0",
  );
}

/** @throws EngineError where labels, or those mixed in, are too many, too few, or name no class of some head. */
export function checkLabels(
  graph: Graph,
  { labels, shape, mix }: Pick<Batch, "labels" | "shape" | "mix">,
): void {
  const [images] = shape;
  const classes = Math.min(
    ...graph.outputs.map(
      ({ node }) => graph.nodes.find(({ name }) => name === node)?.type.channels ?? 0,
    ),
  );
  checkClasses(labels, images, classes, "label");
  if (mix !== undefined) checkClasses(mix.labels, images, classes, "mixed label");
}

function checkClasses(labels: Int32Array, images: number, classes: number, what: string): void {
  if (labels.length !== images) {
    throw new EngineError(`a batch of ${images} images has ${labels.length} ${what}s`);
  }
  const image = labels.findIndex((label) => label < 0 || label >= classes);
  if (image === -1) return;
  throw new EngineError(
    `image ${image} of the batch has ${what} ${labels[image]}, but the network has ${classes} classes`,
    "labels count from 0: set the network's number of classes to that of the data",
  );
}
