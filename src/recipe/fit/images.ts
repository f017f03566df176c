/** Whether images, as a recipe makes them, can go into a network. */
import { counted } from "../../diagnostics/numbers.js";
import type { Graph } from "../../graph/graph.js";
import { printTakenImages, refusedSizes } from "../../graph/refused-sizes.js";
import { inputOf } from "../../graph/traversal.js";
import { printExtent } from "../../shapes/index.js";
import { knownFacts } from "../data-kinds.js";
import { knownImageSize } from "../image-size.js";
import { isCrop, type Recipe } from "../recipe.js";
import type { Extents } from "../sizes.js";
import { misfit, type Misfit, type SettingPlace } from "./misfit.js";
import { cropMend, middleMend, resizeMend, type SizeMend } from "./size-mends.js";

/** What can be changed where an image does not fit: the recipe, the image itself, or what a program gives. */
export type Mendable = "recipe" | "image" | "program";

type Sizing = Pick<Recipe, "data" | "preprocess" | "augment">;

/**
 * What keeps images of this shape from going into the network.
 *
 * @param subject the beginning of the message: whose shape it is, and a verb.
 */
export function imageMisfit(
  graph: Graph,
  shape: readonly [height: number, width: number, channels: number],
  subject: string,
  mend: Mendable | SizeMend = "recipe",
): Misfit | undefined {
  const [height, width, channels] = shape;
  const { spatial, channels: wanted } = inputOf(graph).type;
  const [wantedHeight = height, wantedWidth = width] = spatial;
  const found = shape.join("x");
  const holes = { images: subject, found, network: graph.name, taken: printTakenImages(graph) };
  const of = { kind: "input" } as const;
  if (channels !== wanted) {
    const size = `${printExtent(wantedHeight)}x${printExtent(wantedWidth)}`;
    const helps: Readonly<Record<Mendable, string>> = {
      recipe: `${greyMend(wanted, channels)}declare \`input ${size}x${channels}\` in the network`,
      image: `give images with ${counted(Number(wanted), "channel")}`,
      program: "give images as (N, H, W, C), the channels last",
    };
    const help = helps[typeof mend === "string" ? mend : "recipe"];
    return misfit("R0513", holes, { place: { setting: "preprocess" }, of, help });
  }
  const refused = refusedSizes(graph, [height, width]);
  if (refused.length === 0) return undefined;
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
  const help = [...why, typeof mend === "string" ? helps[mend] : mend(fixed ? size : undefined)];
  return misfit("R0513", holes, { place: { setting: "data" }, of, help: help.join("; ") });
}

/** What of `grey` mends a number of channels, as the beginning of a help: all data are of three. */
function greyMend(wanted: number, found: number): string {
  if (wanted === 1 && found === 3) return "add `grey` to the recipe's `preprocess`, or ";
  if (wanted === 3 && found === 1) return "leave `grey` out of the recipe's `preprocess`, or ";
  return "";
}

/**
 * How images of a size are to be mended, should the network not take it.
 *
 * @param found the height and width that they come to.
 * @param before those that training images have before a crop, where that is known.
 */
export function sizeMend(
  graph: Graph,
  recipe: Pick<Recipe, "preprocess" | "augment">,
  found: Extents,
  before: Extents | undefined,
  isTraining: boolean,
): SizeMend | "recipe" {
  const crop = isTraining ? recipe.augment.findLast(isCrop) : undefined;
  if (crop === undefined) {
    return middleMend(recipe, graph, found) ?? resizeMend(recipe) ?? "recipe";
  }
  const isWholeTaken = before !== undefined && refusedSizes(graph, before).length === 0;
  return cropMend(crop, recipe.augment, isWholeTaken);
}

/** Of images that a recipe makes, training ones or others: nothing where they fit, or nothing is known of their size. */
function knownMisfit(graph: Graph, recipe: Sizing, isTraining: boolean): Misfit | undefined {
  const channels = channelsOf(recipe);
  const subject = `${isTraining ? "training" : "validation"} images come to`;
  const known = knownImageSize(isTraining ? recipe : { ...recipe, augment: [] });
  if (known === undefined) return channelMisfit(graph, recipe, subject);
  const { size, place } = known;
  const before = isTraining ? knownImageSize({ ...recipe, augment: [] })?.size : undefined;
  const mend = sizeMend(graph, recipe, size, before, isTraining);
  const found = imageMisfit(graph, [...size, channels], subject, mend);
  if (found === undefined) return undefined;
  if (channels !== inputOf(graph).type.channels) return { ...found, place: channelPlace(recipe) };
  const wanted = inputOf(graph).type.spatial;
  const isFixed = wanted.every((extent) => typeof extent === "number");
  const isStep = place.step !== undefined && !known.from.startsWith("shorter");
  if (!isFixed || !isStep) return { ...found, place };
  const written = { text: wanted.join("x"), applicability: "unsafe" } as const;
  return { ...found, place: { ...place, argument: "size" }, mend: written };
}

/** Where the size of images is not known, their channels are all the same. */
function channelMisfit(graph: Graph, recipe: Sizing, subject: string): Misfit | undefined {
  const channels = channelsOf(recipe);
  const { name: network } = graph;
  const { spatial, channels: wanted } = inputOf(graph).type;
  if (channels === wanted) return undefined;
  const size = spatial.map(printExtent).join("x");
  const help = `${greyMend(Number(wanted), channels)}declare \`input ${size}x${channels}\` in the network`;
  const found = counted(channels, "channel");
  const holes = { images: subject, found, network, taken: printTakenImages(graph) };
  return misfit("R0513", holes, { place: channelPlace(recipe), of: { kind: "input" }, help });
}

/** What gives images their channels: `grey`, or the data themselves. */
function channelPlace({ preprocess }: Pick<Recipe, "preprocess">): SettingPlace {
  const step = preprocess.findIndex(({ kind }) => kind === "grey");
  return step < 0 ? { setting: "data" } : { setting: "preprocess", step };
}

/** Whether there are validation images, or may be. */
export function validates({ data }: Pick<Recipe, "data">): boolean {
  const images = knownFacts(data)?.validationImages ?? data.options["validation"];
  return images !== 0;
}

/**
 * That the network takes no images of the channels, or of the size, that training or validation images are known to
 * have; where one setting makes both so, of training images alone.
 */
export function knownImageMisfits(graph: Graph, recipe: Sizing): readonly Misfit[] {
  const training = knownMisfit(graph, recipe, true);
  const validation = validates(recipe) ? knownMisfit(graph, recipe, false) : undefined;
  const places = [training, validation].map((each) => JSON.stringify(each?.place));
  const both = [training ?? [], validation ?? []].flat();
  return places[0] === places[1] ? both.slice(0, 1) : both;
}

/** Of every `normalize`, a list that is for another number of channels than images have. */
export function normalisationMisfits(recipe: Pick<Recipe, "preprocess">): readonly Misfit[] {
  const channels = channelsOf(recipe);
  return recipe.preprocess.flatMap((step, index) => {
    if (step.kind !== "normalize") return [];
    return (["mean", "std"] as const).flatMap((name) => {
      const { length: count } = step[name];
      if (count === 1 || count === channels) return [];
      const place = { setting: "preprocess", step: index, argument: name } as const;
      const holes = { count, name, channels: counted(channels, "channel") };
      const help =
        channels === 1 ? "give one number" : `give one number for every channel, or ${channels}`;
      return [misfit("R0514", holes, { place, help })];
    });
  });
}

/** Red, green and blue, as all data have them, or the one that `grey` makes of them. */
function channelsOf({ preprocess }: Pick<Recipe, "preprocess">): number {
  return preprocess.some(({ kind }) => kind === "grey") ? 1 : 3;
}
