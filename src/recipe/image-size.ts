/** The size of images before `sizes`, as far as a recipe says it without a look at the data. */
import { extentOf } from "./data-kinds.js";
import { isCrop, isSizing, type Recipe } from "./recipe.js";
import type { Extents } from "./sizes.js";

export interface KnownSize {
  readonly size: Extents;
  /** What of the recipe gives it: `crop 32x32`, `resize 224x224`, or the kind of its data. */
  readonly from: string;
}

/**
 * Of what changes the size the last counts: a random crop, else the middle, else a `resize`; where there is none, the
 * data themselves. Where a side is drawn, or follows from an aspect that only the data know, nothing is known.
 */
export function knownImageSize({
  data,
  preprocess,
  augment,
}: Pick<Recipe, "data" | "preprocess" | "augment">): KnownSize | undefined {
  const cropped =
    augment.findLast(isCrop) ?? preprocess.findLast((step) => step.kind === "centercrop");
  if (cropped !== undefined) return sizedBy(cropped);
  if (augment.some(({ kind }) => kind === "scale")) return undefined;
  const resized = preprocess.findLast(({ kind }) => kind === "resize" || kind === "shorter");
  if (resized?.kind === "resize") return sizedBy(resized);
  const extent = extentOf(data);
  if (extent === undefined) return undefined;
  if (resized?.kind !== "shorter") return { size: [extent, extent], from: data.kind };
  const { side } = resized;
  return { size: [side, side], from: `shorter ${side}` };
}

/** Whether a recipe brings images of any sizes to one. */
export function comesToOneSize({
  preprocess,
  augment,
}: Pick<Recipe, "preprocess" | "augment">): boolean {
  if (augment.some(isCrop) || preprocess.some(({ kind }) => kind === "centercrop")) return true;
  const last = preprocess.findLast(({ kind }) => kind === "resize" || kind === "shorter");
  return last?.kind === "resize" && !augment.some(isSizing);
}

function sizedBy(step: {
  readonly kind: string;
  readonly height: number;
  readonly width: number;
}): KnownSize {
  const { kind, height, width } = step;
  return { size: [height, width], from: `${kind} ${height}x${width}` };
}
