/** Whether a network takes every size that training images grow through. */
import type { Graph } from "../../graph/graph.js";
import { refusedSizes } from "../../graph/refused-sizes.js";
import { inputOf } from "../../graph/traversal.js";
import { printDomain, printExtent } from "../../shapes/index.js";
import { isCrop, type Recipe, type Sizes } from "../recipe.js";
import { sizeAt, sizesOver, type Extents } from "../sizes.js";
import { misfit, type Misfit } from "./misfit.js";

/**
 * That images do not grow, or that those of an epoch are not taken: the first such one, counted from 1.
 *
 * @param whole the size that they grow to.
 */
export function growthMisfits(
  graph: Graph,
  recipe: Pick<Recipe, "sizes" | "epochs" | "augment" | "preprocess">,
  whole: Extents,
): readonly Misfit[] {
  const { sizes, epochs } = recipe;
  if (sizes.kind === "fixed") return [];
  const { start } = sizes;
  const place = { setting: "sizes" } as const;
  const most = Math.min(...whole);
  if (start > most) {
    const why = `grow from ${start}, and the images are ${whole.join("x")}`;
    const help = `start from at most ${most}, or \`${lastSizing(recipe)}\` the images to more`;
    return [misfit("R0515", { why }, { place: { ...place, argument: "start" }, help })];
  }
  const { spatial, channels } = inputOf(graph).type;
  const isFixed = spatial.every((extent) => typeof extent === "number");
  const wanted = [...spatial, channels].map(printExtent).join("x");
  const open = `declare \`input [H, W, ${printExtent(channels)}]\` in the network, or leave out \`sizes\``;
  if (isFixed && start < most) {
    const why = `train on smaller images first, and ${graph.name} takes ${wanted} alone`;
    return [misfit("R0515", { why }, { place, of: { kind: "input" }, help: open })];
  }
  if (!grows(sizes, whole)) {
    const why =
      `grow from ${start} in multiples of ${sizes.by}, which are whole images, ` +
      `${whole.join("x")}, from the first epoch on`;
    const help = "give a smaller `by`, such as `by: 8`, or a smaller `start`";
    return [misfit("R0515", { why }, { place, help })];
  }
  const refused = sizesOver(sizes, epochs, whole).find(
    ({ size }) => refusedSizes(graph, size).length > 0,
  );
  if (refused === undefined) return [];
  const { epoch, size } = refused;
  const conditions = graph.domains.map((domain) => ` where ${printDomain(domain)}`).join();
  const why =
    `make the images of epoch ${epoch + 1} ${size.join("x")}x${printExtent(channels)}, ` +
    `and ${graph.name} takes ${wanted}${conditions}`;
  const help = isFixed
    ? open
    : "choose `start` and `by` so that every size is one that the network takes";
  return [misfit("R0515", { why }, { place, of: { kind: "input" }, help })];
}

/** Whether rounding to multiples leaves an image of the first epoch smaller than a whole one, where it is to be. */
function grows(sizes: Extract<Sizes, { kind: "growing" }>, whole: Extents): boolean {
  if (sizes.start === Math.min(...whole)) return true;
  return sizeAt(sizes, 0, whole).some((extent, axis) => extent < (whole[axis] ?? 0));
}

/** What of a recipe gives training images their size, or could. */
function lastSizing({ augment, preprocess }: Pick<Recipe, "augment" | "preprocess">): string {
  const crop = augment.findLast(isCrop) ?? preprocess.findLast(({ kind }) => kind === "centercrop");
  return crop?.kind ?? "resize";
}
