/** Whether images have the channels that a network takes, and that a recipe normalises. */
import { counted } from "../../diagnostics/numbers.js";
import type { Graph } from "../../graph/graph.js";
import { printTakenImages } from "../../graph/refused-sizes.js";
import { inputOf } from "../../graph/traversal.js";
import { printExtent } from "../../shapes/index.js";
import type { Recipe } from "../recipe.js";
import { misfit, type Misfit, type SettingPlace } from "./misfit.js";

/** What can be changed where an image does not fit: the recipe, the image itself, or what a program gives. */
export type Mendable = "recipe" | "image" | "program";

/**
 * What keeps images of so many channels from going into the network.
 *
 * @param subject the beginning of the message: whose they are, and a verb. @param found what they come to.
 */
export function channelMisfit(
  graph: Graph,
  channels: number,
  subject: string,
  found: string,
  mend: Mendable,
): Misfit | undefined {
  const { spatial, channels: wanted } = inputOf(graph).type;
  if (channels === wanted) return undefined;
  const size = spatial.map(printExtent).join("x");
  const helps: Readonly<Record<Mendable, string>> = {
    recipe: `${greyMend(Number(wanted), channels)}declare \`input ${size}x${channels}\` in the network`,
    image: `give images with ${counted(Number(wanted), "channel")}`,
    program: "give images as (N, H, W, C), the channels last",
  };
  const holes = { images: subject, found, network: graph.name, taken: printTakenImages(graph) };
  const details = { place: { setting: "preprocess" }, of: { kind: "input" } } as const;
  return misfit("R0513", holes, { ...details, help: helps[mend] });
}

/** What of `grey` mends a number of channels, as the beginning of a help: all data are of three. */
function greyMend(wanted: number, found: number): string {
  if (wanted === 1 && found === 3) return "add `grey` to the recipe's `preprocess`, or ";
  if (wanted === 3 && found === 1) return "leave `grey` out of the recipe's `preprocess`, or ";
  return "";
}

/** What gives images their channels: `grey`, or the data themselves. */
export function channelPlace({ preprocess }: Pick<Recipe, "preprocess">): SettingPlace {
  const step = preprocess.findIndex(({ kind }) => kind === "grey");
  return step < 0 ? { setting: "data" } : { setting: "preprocess", step };
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
export function channelsOf({ preprocess }: Pick<Recipe, "preprocess">): number {
  return preprocess.some(({ kind }) => kind === "grey") ? 1 : 3;
}
