/**
 * Taking up a run where its last checkpoint left it: what must be the same for that to make sense,
 * and what differs so that the numbers will too.
 */
import { compareRecipes } from "../compare/recipes.js";
import type { NamedTensor, State } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import { frozenNodes } from "../recipe/frozen.js";
import { wholeOptions } from "../recipe/data-kinds.js";
import type { Recipe } from "../recipe/recipe.js";
import { rateAfterFalls } from "../recipe/plateau.js";
import { rateFactor } from "../recipe/schedule.js";
import { elementCount } from "../shapes/index.js";
import { checkArchitecture } from "./architecture.js";
import type { Checkpoint, KnownData, Progress } from "./checkpoint.js";
import type { DataSet } from "./data/data-set.js";
import { batchCount } from "./data/batches.js";
import { CheckpointError } from "./errors.js";
import { fallsOf } from "./falls.js";
import { knownAgainBy, type CheckpointOptions } from "./run-checkpoints.js";
import { isSamePreparation } from "./weights/image-steps.js";

/**
 * Whether a checkpoint can be gone on from with this network, recipe and data.
 *
 * @param path the checkpoint's, for the messages.
 * @returns what differs from the run so far and may, each as `optimizer.rate 0.1 -> 0.01`.
 * @throws CheckpointError if the network, the classes, the kind of optimizer or, within an epoch, the number
 * of images or the batches are others.
 */
export function checkResumable(
  path: string,
  checkpoint: Checkpoint,
  {
    graph,
    recipe,
    dataSet,
    engine,
  }: Pick<CheckpointOptions, "graph" | "recipe" | "dataSet" | "engine">,
): readonly string[] {
  checkArchitecture(path, checkpoint, graph);
  const { progress, classes } = checkpoint;
  // Names of folders, which may hold any character.
  if (JSON.stringify(classes) !== JSON.stringify(dataSet.classes)) {
    throw new CheckpointError(
      `${path} was trained on the classes ${listOf(classes)}, and ${dataSet.name} has ` +
        listOf(dataSet.classes),
      "resume with the data of that run",
    );
  }
  const [before, now] = [checkpoint.recipe.optimizer.kind, recipe.optimizer.kind];
  if (before !== now) {
    throw new CheckpointError(
      `${path} is of a run with ${before}, and the state of ${now} is another`,
      `resume with ${before}, or start a new run from its weights: \`--weights ${path}\``,
    );
  }
  const known = knownAgainBy(dataSet);
  const { images } = known;
  if (progress.position > 0) checkBatches(path, checkpoint, recipe, dataSet);
  const changed = (what: string, was: unknown, is: unknown): string[] =>
    was === is ? [] : [`${what} ${was} -> ${is}`];
  return [
    ...changed("network", checkpoint.graph.name, graph.name),
    ...changed("recipe", checkpoint.recipe.name, recipe.name),
    ...changed("data.path", checkpoint.recipe.data.path, recipe.data.path),
    ...recipeChanges(checkpoint.recipe, recipe),
    ...rateChange(checkpoint, recipe, images),
    ...changed("images", progress.images, images),
    ...otherImages(progress, known),
    ...changed("engine", checkpoint.engine, engine.name),
    ...measureChange(checkpoint, recipe, known),
  ];
}

/** That as many images to train on have other names, or are in other classes. */
function otherImages(before: Progress, now: KnownData): readonly string[] {
  const [was, is] = [before.digests?.train, now.digests?.train];
  if (was === undefined || is === undefined || was === is || before.images !== now.images)
    return [];
  const within =
    before.position > 0
      ? ", so that this epoch may see some of them twice and some not at all"
      : "";
  return [`the images to train on are others, as many as before${within}`];
}

/** That the best epoch so far is none any more, where others are to come. */
function measureChange(checkpoint: Checkpoint, now: Recipe, known: KnownData): readonly string[] {
  const { best, epoch } = checkpoint.progress;
  const isOver = epoch >= now.epochs;
  if (isOver || best === undefined || !isMeasuredAnew(checkpoint, now, known)) return [];
  const what = checkpoint.recipe.best.kind === now.best.kind ? "validation is another, the" : "the";
  return [`${what} best epoch is looked for anew`];
}

/**
 * Whether validation measures something else than in the run so far, so that epochs cannot be compared across: by another
 * measure, other data, or another preparation. Where images have no names to tell, another folder of as many to train on is taken for the same
 * data, moved.
 */
export function isMeasuredAnew(
  { graph, recipe: before, progress }: Checkpoint,
  now: Recipe,
  { images, digests }: KnownData,
): boolean {
  const [was, is] = [before, now].map(({ data }) => {
    const { train: _training, ...validation } = wholeOptions(data);
    return JSON.stringify([data.kind, validation]);
  });
  if (before.best.kind !== now.best.kind) return true;
  const isSame = was === is && isSamePreparation(graph, before.preprocess, now.preprocess);
  const [one, other] = [progress.digests?.validation, digests?.validation];
  if (one !== undefined && other !== undefined) return !isSame || one !== other;
  const isElsewhere = before.data.path !== now.data.path;
  return !isSame || (isElsewhere && progress.images !== images);
}

/**
 * A checkpoint's state as a run by this recipe takes it up: where it keeps a moving average and had none, that
 * starts from the weights; what is no longer averaged or trained lets its tensors go, and what was frozen
 * starts with slots of zeros. Its step is that of its epoch by the batches of now, so that the schedule keeps to
 * the epochs where there are more or fewer of them than before.
 *
 * @param stepsPerEpoch of this recipe and its data.
 */
export function stateFor(
  { state, progress }: Checkpoint,
  graph: Graph,
  recipe: Recipe,
  stepsPerEpoch: number,
): State {
  const tensors = new Map(state.tensors);
  const frozen = frozenNodes(graph, recipe.freeze);
  const slots = new Set(
    [...tensors.keys()].flatMap((name) => /^optimizer\/([^/]+)\//.exec(name)?.[1] ?? []),
  );
  for (const { key, node, trainable, shape } of graphParameters(graph)) {
    const weight = tensors.get(`weights/${key}`);
    const average = `average/${key}`;
    if (recipe.ema === 0) tensors.delete(average);
    else if (weight !== undefined && !tensors.has(average)) tensors.set(average, weight);
    for (const slot of trainable ? slots : []) {
      const name = `optimizer/${slot}/${key}`;
      if (frozen.has(node)) tensors.delete(name);
      else if (!tensors.has(name)) tensors.set(name, zeros(shape));
    }
  }
  return { step: progress.epoch * stepsPerEpoch + progress.position, tensors };
}

function zeros(shape: readonly number[]): NamedTensor {
  return { shape, data: new Float32Array(elementCount(shape)) };
}

/** Within an epoch the place is a number of batches, in the order that the seed and the number of images give. */
function checkBatches(
  path: string,
  { recipe: before, progress }: Checkpoint,
  now: Recipe,
  { name, train }: DataSet,
): void {
  if (progress.images !== train.size) {
    throw new CheckpointError(
      `${path} stands within an epoch of ${progress.images} images, and ${name} has ` +
        `${train.size} to train on`,
      "resume with the images of that run (where an epoch has ended, there may be others), " +
        `or start a new run from its weights: \`--weights ${path}\``,
    );
  }
  for (const key of ["batch", "seed", "shuffle"] as const) {
    if (before[key] === now[key]) continue;
    throw new CheckpointError(
      `${path} stands within an epoch that has ${key} ${before[key]}, not ${now[key]}`,
      `resume with ${key} ${before[key]}; it may change where an epoch has ended`,
    );
  }
}

/** The settings of two recipes that differ, in the recipe's order; names and paths do not count. */
function recipeChanges(before: Recipe, now: Recipe): readonly string[] {
  return compareRecipes(before, now)
    .filter(({ setting }) => setting !== "data.path")
    .map(({ setting, before: was = "none", after = "none" }) => `${setting} ${was} -> ${after}`);
}

/** Rates that are this many times another's are told. */
const muchMore = 1.5;

/**
 * The rate of the step that comes next, where the schedule has another for it than it had: a cosine that ends later
 * begins to fall anew.
 *
 * @param images to train on.
 */
function rateChange(
  { recipe: before, progress }: Checkpoint,
  now: Recipe,
  images: number,
): readonly string[] {
  const { epoch, position } = progress;
  if (epoch >= now.epochs) return [];
  const factorOf = (recipe: Recipe, count: number): number => {
    const { schedule, batch, epochs } = recipe;
    const stepsPerEpoch = batchCount(count, batch);
    const fallen = rateAfterFalls(1, schedule, fallsOf(recipe, progress.history));
    return fallen * rateFactor(schedule, epoch * stepsPerEpoch + position, stepsPerEpoch, epochs);
  };
  const [was, is] = [factorOf(before, progress.images), factorOf(now, images)];
  if (Math.max(was, is) <= muchMore * Math.min(was, is)) return [];
  const rate = (value: number): number => Number(value.toPrecision(2));
  const [from, to] = [rate(before.optimizer.rate * was), rate(now.optimizer.rate * is)];
  return [`the next step's rate ${from} -> ${to}`];
}

function listOf(classes: readonly string[]): string {
  const shown = classes.slice(0, 5).join(", ");
  return classes.length > 5 ? `${shown}, … (${classes.length})` : shown;
}
