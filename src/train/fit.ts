/**
 * Whether a network, a recipe and a data set fit together, asked before the first step: what the recipe and the
 * network say of each other, and what the data are. Every misfit is said with both numbers and the way to mend it.
 */
import type { Batch } from "../engines/engine.js";
import type { Graph, Node } from "../graph/graph.js";
import { refusedSizes } from "../graph/refused-sizes.js";
import { printExtent } from "../shapes/index.js";
import { batchOver, loneValueMisfits, partMisfits } from "../recipe/fit/batches.js";
import { networkMisfits } from "../recipe/fit/fit.js";
import { growthMisfits } from "../recipe/fit/growing-sizes.js";
import type { Mendable } from "../recipe/fit/channels.js";
import { imageMisfit, sizeMend } from "../recipe/fit/images.js";
import type { Misfit } from "../recipe/fit/misfit.js";
import type { SizeMend } from "../recipe/fit/size-mends.js";
import { comesToOneSize } from "../recipe/image-size.js";
import type { Recipe } from "../recipe/recipe.js";
import type { Extents } from "../recipe/sizes.js";
import { batches } from "./data/batches.js";
import { DataError, type DataSet, type Split } from "./data/data-set.js";
import { TrainingError } from "./errors.js";

/** What to do about an image that cannot be used. */
export const helpOnImages = "`resnetc data` finds all images that cannot be used";

/** @throws TrainingError saying the first misfit, where there is any. */
export function refuse([first]: readonly Misfit[]): void {
  if (first !== undefined) throw new TrainingError(first.message, first.help);
}

/**
 * Reads an image of each split to learn its size after preprocessing, and some more where they may differ.
 *
 * @throws TrainingError at the first misfit. @throws DataError if those images cannot be read.
 */
export async function checkFit(graph: Graph, recipe: Recipe, dataSet: DataSet): Promise<void> {
  refuse(networkMisfits(graph, recipe));
  checkClasses(graph, dataSet.name, dataSet.classes);
  const { train, validation } = dataSet;
  if (train.size === 0) {
    throw new TrainingError(`${dataSet.name} has no images to train on`, "choose another data set");
  }
  refuse(batchOver(recipe.batch, train.size, dataSet.name));
  refuse(partMisfits(recipe));
  await checkImages(graph, recipe, train, true);
  if (validation.size > 0) await checkImages(graph, recipe, validation, false);
}

/**
 * Every head ends in a vector with an entry per class, of which there are at least two.
 *
 * @throws TrainingError naming the head that does not.
 */
export function checkClasses(graph: Graph, name: string, classes: readonly string[]): void {
  checkSeveral(name, classes);
  for (const output of graph.outputs) {
    const { spatial, channels } = nodeOf(graph, output.node).type;
    if (spatial.length > 0) {
      throw new TrainingError(
        `the head ${output.name} of ${graph.name} ends in a map, ` +
          `${spatial.map(printExtent).join("x")}x${channels}, not in a number per class`,
        `end it with \`globalavgpool\` and \`dense ${classes.length}\``,
      );
    }
    if (channels !== classes.length) {
      throw new TrainingError(
        `the head ${output.name} of ${graph.name} tells ${channels} classes apart, ` +
          `and ${name} has ${classes.length}`,
        `end the head with \`dense ${classes.length}\`, or where it has a parameter for that, set it: ` +
          `\`--set classes=${classes.length}\``,
      );
    }
  }
}

/** @throws TrainingError where there is one class alone. */
export function checkSeveral(name: string, classes: readonly string[]): void {
  if (classes.length > 1) return;
  throw new TrainingError(
    `${name} has one class alone, "${classes.join("")}", and there is nothing to tell it from`,
    "give it images of another class, in a folder of their own",
  );
}

async function checkImages(
  graph: Graph,
  recipe: Recipe,
  split: Split,
  training: boolean,
): Promise<void> {
  const shape = await shapeOf(split, recipe, training ? recipe.augment : []);
  const [, height, width] = shape;
  const subject = `${split.describe(0)} comes to`;
  const isTaken = refusedSizes(graph, [height, width]).length === 0;
  const before = isTaken || !training ? undefined : await sizeBefore(split, recipe);
  const mend = isTaken ? "recipe" : sizeMend(graph, recipe, [height, width], before, training);
  checkImageShape(graph, shape, subject, mend);
  if (!training) return;
  refuse(growthMisfits(graph, recipe, [height, width]));
  refuse(loneValueMisfits(graph, recipe, [height, width], split.size));
}

/** The size of training images that nothing augments. */
async function sizeBefore(split: Split, recipe: Recipe): Promise<Extents> {
  const [, height, width] = await shapeOf(split, recipe, []);
  return [height, width];
}

/** How many images are looked at where nothing of a recipe brings them to one size. */
const samples = 8;

/**
 * What the images of a split come out as: the first of them, and some others where they may differ.
 *
 * @throws DataError naming one of another size.
 */
async function shapeOf(
  split: Split,
  { preprocess, seed }: Recipe,
  augment: Recipe["augment"],
): Promise<Batch["shape"]> {
  const count = comesToOneSize({ preprocess, augment }) ? 1 : Math.min(samples, split.size);
  const order = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * split.size) / count));
  const making = { order, from: 0, batch: count, preprocess, augment, seed, epoch: 0 };
  for await (const { shape } of batches(split, making)) return shape;
  throw new RangeError(`${split.describe(0)} comes in no batch`);
}

/**
 * Whether images of this shape can go into the network.
 *
 * @param subject the beginning of the message: whose shape it is, and a verb.
 * @throws TrainingError saying both shapes.
 */
export function checkImageShape(
  graph: Graph,
  [, height, width, channels]: Batch["shape"],
  subject: string,
  mend: Mendable | SizeMend = "recipe",
): void {
  const found = imageMisfit(graph, [height, width, channels], subject, mend);
  if (found !== undefined) refuse([found]);
}

/** @throws DataError naming the sample of the first label that is no class. */
export function checkLabels(
  labels: Int32Array,
  classes: number,
  describe: (position: number) => string,
): void {
  const position = labels.findIndex((label) => label < 0 || label >= classes);
  if (position < 0) return;
  throw new DataError(
    `${describe(position)} has label ${labels[position]}, and there are ${classes} classes, from 0`,
    "mend the data set's labels",
  );
}

function nodeOf(graph: Graph, name: string): Node {
  const node = graph.nodes.find((other) => other.name === name);
  if (node === undefined) throw new RangeError(`${graph.name} has no node ${name}`);
  return node;
}
