/** The size of training images before `sizes`, as far as a recipe says it without a look at the data. */
import { extentOf } from "./data-kinds.js";
import type { Recipe } from "./recipe.js";
import type { Extents } from "./sizes.js";

export interface KnownSize {
  readonly size: Extents;
  /** What of the recipe gives it: `crop 32x32`, `resize 224x224`, or the kind of its data. */
  readonly from: string;
}

/** Of what changes the size the last counts: a crop, else a `resize`; where there is none, the data themselves. */
export function knownImageSize({
  data,
  preprocess,
  augment,
}: Pick<Recipe, "data" | "preprocess" | "augment">): KnownSize | undefined {
  const last =
    augment.findLast((step) => step.kind === "crop") ??
    preprocess.findLast((step) => step.kind === "resize");
  if (last !== undefined) {
    const { kind, height, width } = last;
    return { size: [height, width], from: `${kind} ${height}x${width}` };
  }
  const extent = extentOf(data);
  return extent === undefined ? undefined : { size: [extent, extent], from: data.kind };
}
