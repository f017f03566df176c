/**
 * Whether a network, a recipe and a data set fit together, asked before the first step: classes,
 * image size, channels, batch, frozen places. Every misfit is said with both numbers and the way to mend it.
 */
import { counted } from "../diagnostics/numbers.js";
import type { Batch } from "../engines/engine.js";
import type { Graph, Node } from "../graph/graph.js";
import { printTakenImages, refusedSizes } from "../graph/refused-sizes.js";
import { inputOf } from "../graph/traversal.js";
import { comesToOneSize } from "../recipe/image-size.js";
import { isCrop, type Recipe, type Sizes } from "../recipe/recipe.js";
import { sizeAt, sizesOver, type Extents } from "../recipe/sizes.js";
import { printDomain, printExtent } from "../shapes/index.js";
import { batches } from "./data/batches.js";
import { DataError, type DataSet, type Split } from "./data/data-set.js";
import { checkClassWeights } from "./class-weights.js";
import { checkDroppedPaths } from "./dropped-paths.js";
import { TrainingError } from "./errors.js";
import { checkFrozenPlaces } from "./frozen-places.js";
import { checkLoneValues } from "./lone-values.js";
import { cropMend, middleMend, type SizeMend } from "./size-mends.js";

/** What to do about an image that cannot be used. */
export const helpOnImages = "`resnetc data` finds all images that cannot be used";

/**
 * Reads an image of each split to learn its size after preprocessing, and some more where they may differ.
 *
 * @throws TrainingError at the first misfit. @throws DataError if those images cannot be read.
 */
export async function checkFit(graph: Graph, recipe: Recipe, dataSet: DataSet): Promise<void> {
  checkFrozenPlaces(graph, recipe.freeze);
  checkDroppedPaths(graph, recipe);
  checkClassWeights(graph, recipe);
  checkClasses(graph, dataSet.name, dataSet.classes);
  const { train, validation } = dataSet;
  if (train.size === 0) {
    throw new TrainingError(`${dataSet.name} has no images to train on`, "choose another data set");
  }
  if (recipe.batch > train.size) {
    throw new TrainingError(
      `a batch of ${recipe.batch} is more than the ${train.size} images of ${dataSet.name}`,
      `train with \`--batch ${train.size}\` or less`,
    );
  }
  if (recipe.accumulate > recipe.batch) {
    throw new TrainingError(
      `a batch of ${recipe.batch} cannot be passed in ${recipe.accumulate} parts`,
      `accumulate ${recipe.batch} or less, or train with \`--batch ${recipe.accumulate}\` or more`,
    );
  }
  await checkImages(graph, recipe, train, true);
  if (validation.size > 0) await checkImages(graph, recipe, validation, false);
}

/**
 * Every head ends in a vector with an entry per class, of which there are at least two.
 *
 * @throws TrainingError naming the head that does not.
 */
export function checkClasses(graph: Graph, name: string, classes: readonly string[]): void {
  if (classes.length < 2) {
    throw new TrainingError(
      `${name} has one class alone, "${classes.join("")}", and there is nothing to tell it from`,
      "give it images of another class, in a folder of their own",
    );
  }
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
        `set the network's parameter, \`--set classes=${classes.length}\`, ` +
          `or end the head with \`dense ${classes.length}\``,
      );
    }
  }
}

async function checkImages(
  graph: Graph,
  recipe: Recipe,
  split: Split,
  training: boolean,
): Promise<void> {
  const subject = `${split.describe(0)} comes to`;
  const shape = await shapeOf(split, recipe, training ? recipe.augment : []);
  checkImageShape(graph, shape, subject, await mendOf(graph, recipe, split, shape, training));
  if (!training) return;
  checkSizes(graph, recipe, shape);
  checkLoneValues(graph, recipe, shape);
}

/** How images of a shape are to be mended, should the network not take it. */
async function mendOf(
  graph: Graph,
  recipe: Recipe,
  split: Split,
  [, height, width]: Batch["shape"],
  training: boolean,
): Promise<SizeMend | "recipe"> {
  if (refusedSizes(graph, [height, width]).length === 0) return "recipe";
  const crop = training ? recipe.augment.findLast(isCrop) : undefined;
  if (crop === undefined) return middleMend(recipe, graph, [height, width]) ?? "recipe";
  const [, rows, columns] = await shapeOf(split, recipe, []);
  return cropMend(crop, recipe.augment, refusedSizes(graph, [rows, columns]).length === 0);
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
 * Whether the network takes every size that training images will have.
 *
 * @param whole the shape of a batch at the size that they grow to.
 * @throws TrainingError naming the first epoch (from 1) whose size it does not take.
 */
function checkSizes(
  graph: Graph,
  recipe: Pick<Recipe, "sizes" | "epochs" | "augment" | "preprocess">,
  [, height, width, channels]: Batch["shape"],
): void {
  const { sizes, epochs } = recipe;
  if (sizes.kind === "fixed") return;
  if (sizes.start > Math.min(height, width)) {
    throw new TrainingError(
      `\`sizes\` grow from ${sizes.start}, and the images are ${height}x${width}`,
      `start from at most ${Math.min(height, width)}, or \`${lastSizing(recipe)}\` the images to more`,
    );
  }
  checkGrowth(sizes, [height, width]);
  const [down, across] = inputOf(graph).type.spatial;
  if (down === undefined || across === undefined) return;
  for (const { epoch, size } of sizesOver(sizes, epochs, [height, width])) {
    if (refusedSizes(graph, size).length === 0) continue;
    const wanted = `${printExtent(down)}x${printExtent(across)}x${channels}`;
    const conditions = graph.domains.map((domain) => ` where ${printDomain(domain)}`).join();
    const fixed = typeof down === "number" && typeof across === "number";
    throw new TrainingError(
      `with \`sizes\` the images of epoch ${epoch + 1} are ${size.join("x")}x${channels}, ` +
        `and ${graph.name} takes ${wanted}${conditions}`,
      fixed
        ? `declare \`input [H, W, ${channels}]\` in the network, or leave out \`sizes\``
        : "choose `start` and `by` so that every size is one that the network takes",
    );
  }
}

/** What of a recipe gives training images their size, or could. */
function lastSizing({ augment, preprocess }: Pick<Recipe, "augment" | "preprocess">): string {
  const crop = augment.findLast(isCrop) ?? preprocess.findLast(({ kind }) => kind === "centercrop");
  return crop?.kind ?? "resize";
}

/** @throws TrainingError where rounding to multiples makes the images whole from the first epoch on. */
function checkGrowth(sizes: Extract<Sizes, { kind: "growing" }>, whole: Extents): void {
  if (sizes.start === Math.min(...whole)) return;
  if (sizeAt(sizes, 0, whole).some((extent, axis) => extent < (whole[axis] ?? 0))) return;
  throw new TrainingError(
    `\`sizes\` grow from ${sizes.start} in multiples of ${sizes.by}, which are whole images, ` +
      `${whole.join("x")}, from the first epoch on`,
    "give a smaller `by`, such as `by: 8`, or a smaller `start`",
  );
}

/** What can be changed where an image does not fit: the recipe, the image itself, or what a program gives. */
export type Mendable = "recipe" | "image" | "program";

/**
 * Whether images of this shape can go into the network.
 *
 * @param subject the beginning of the message: whose shape it is, and a verb.
 * @throws TrainingError saying both shapes.
 */
export function checkImageShape(
  graph: Graph,
  shape: Batch["shape"],
  subject: string,
  mend: Mendable | SizeMend = "recipe",
): void {
  const [, height, width, channels] = shape;
  const { spatial, channels: wanted } = inputOf(graph).type;
  const [wantedHeight, wantedWidth] = spatial;
  if (wantedHeight === undefined || wantedWidth === undefined) {
    throw new TrainingError(`the input of ${graph.name} is not an image`, "train another network");
  }
  const found = `${height}x${width}x${channels}`;
  const message = `${subject} ${found}, and ${graph.name} takes ${printTakenImages(graph)}`;
  if (channels !== wanted) {
    const size = `${printExtent(wantedHeight)}x${printExtent(wantedWidth)}`;
    const helps: Readonly<Record<Mendable, string>> = {
      recipe: `${greyMend(wanted, channels)}declare \`input ${size}x${channels}\` in the network`,
      image: `give images with ${counted(wanted, "channel")}`,
      program: "give images as (N, H, W, C), the channels last",
    };
    throw new TrainingError(message, helps[typeof mend === "string" ? mend : "recipe"]);
  }
  const refused = refusedSizes(graph, [height, width]);
  if (refused.length === 0) return;
  const fixed = typeof wantedHeight === "number" && typeof wantedWidth === "number";
  const size = fixed ? `${wantedHeight}x${wantedWidth}` : "an admissible size";
  const helps: Readonly<Record<Mendable, string>> = {
    recipe: fixed
      ? `add \`resize ${size}\` to the recipe's \`preprocess\`, ` +
        `or declare \`input ${found}\` in the network`
      : `add a \`resize\` to ${size} to the recipe's \`preprocess\``,
    image: `resize the image to ${size}, or train with a \`resize\` in the recipe's \`preprocess\``,
    program: `resize the images to ${size}`,
  };
  const why = fixed ? [] : refused;
  const help = typeof mend === "string" ? helps[mend] : mend(fixed ? size : undefined);
  throw new TrainingError(message, [...why, help].join("; "));
}

/** What of `grey` mends a number of channels, as the beginning of a help: all data are of three. */
function greyMend(wanted: number, found: number): string {
  if (wanted === 1 && found === 3) return "add `grey` to the recipe's `preprocess`, or ";
  if (wanted === 3 && found === 1) return "leave `grey` out of the recipe's `preprocess`, or ";
  return "";
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
