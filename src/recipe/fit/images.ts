/** Whether images, as a recipe makes them, can go into a network. */
import { counted } from "../../diagnostics/numbers.js";
import type { Graph } from "../../graph/graph.js";
import { printTakenImages, refusedSizes } from "../../graph/refused-sizes.js";
import { inputOf } from "../../graph/traversal.js";
import { hasValidation } from "../data-kinds.js";
import { knownImageSize } from "../image-size.js";
import { isCrop, type Recipe } from "../recipe.js";
import type { Extents } from "../sizes.js";
import { channelMisfit, channelPlace, channelsOf, type Mendable } from "./channels.js";
import { misfit, type Misfit } from "./misfit.js";
import { cropMend, middleMend, resizeMend, type SizeMend } from "./size-mends.js";

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
  const [wantedHeight = height, wantedWidth = width] = inputOf(graph).type.spatial;
  const found = shape.join("x");
  const holes = { images: subject, found, network: graph.name, taken: printTakenImages(graph) };
  const of = { kind: "input" } as const;
  const others = channelMisfit(
    graph,
    channels,
    subject,
    found,
    typeof mend === "string" ? mend : "recipe",
  );
  if (others !== undefined) return others;
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
  if (known === undefined) {
    const others = channelMisfit(graph, channels, subject, counted(channels, "channel"), "recipe");
    return others && { ...others, place: channelPlace(recipe) };
  }
  const { size, place } = known;
  const before = isTraining ? knownImageSize({ ...recipe, augment: [] })?.size : undefined;
  const mend = sizeMend(graph, recipe, size, before, isTraining);
  const found = imageMisfit(graph, [...size, channels], subject, mend);
  if (found === undefined) return undefined;
  if (channels !== inputOf(graph).type.channels) return { ...found, place: channelPlace(recipe) };
  const wanted = inputOf(graph).type.spatial;
  const isFixed = wanted.every((extent) => typeof extent === "number");
  if (!isFixed || place.argument === undefined) return { ...found, place };
  return { ...found, place, mend: { text: wanted.join("x"), applicability: "unsafe" } };
}

/**
 * That the network takes no images of the channels, or of the size, that training or validation images are known to
 * have; where one setting makes both so, of training images alone.
 */
export function knownImageMisfits(graph: Graph, recipe: Sizing): readonly Misfit[] {
  const training = knownMisfit(graph, recipe, true);
  const validation = hasValidation(recipe.data) ? knownMisfit(graph, recipe, false) : undefined;
  const places = [training, validation].map((each) => JSON.stringify(each?.place));
  const both = [training ?? [], validation ?? []].flat();
  return places[0] === places[1] ? both.slice(0, 1) : both;
}
