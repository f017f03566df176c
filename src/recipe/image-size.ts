/** The size of images before `sizes`, as far as a recipe says it without a look at the data. */
import { knownFacts } from "./data-kinds.js";
import { isCrop, isSizing, type Recipe } from "./recipe.js";
import type { Extents } from "./sizes.js";

export interface KnownSize {
  readonly size: Extents;
  /** What of the recipe gives it: `crop 32x32`, `resize 224x224`, or the kind of its data. */
  readonly from: string;
  /** The same as a place: a step of a chain, the size that it is given, or the data. */
  readonly place: {
    readonly setting: "augment" | "preprocess" | "data";
    readonly step?: number;
    readonly argument?: "size";
  };
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
  const crop = augment.findLastIndex(isCrop);
  const cropping = augment[crop];
  if (cropping !== undefined && isCrop(cropping)) return sizedBy(cropping, "augment", crop);
  const middle = preprocess.findLastIndex((step) => step.kind === "centercrop");
  const middling = preprocess[middle];
  if (middling?.kind === "centercrop") return sizedBy(middling, "preprocess", middle);
  if (augment.some(({ kind }) => kind === "scale")) return undefined;
  const last = preprocess.findLastIndex(({ kind }) => kind === "resize" || kind === "shorter");
  const size = sizedExtents({ data, preprocess });
  const resized = preprocess[last];
  if (size === undefined) return undefined;
  if (resized?.kind === "resize") return sizedBy(resized, "preprocess", last);
  if (resized?.kind !== "shorter") return { size, from: data.kind, place: { setting: "data" } };
  return { size, from: `shorter ${resized.side}`, place: { setting: "preprocess", step: last } };
}

/** What `resize` and `shorter` bring images to, before they are augmented; undefined where that is not known. */
export function sizedExtents({
  data,
  preprocess,
}: Pick<Recipe, "data" | "preprocess">): Extents | undefined {
  const extent = knownFacts(data)?.extent;
  let size: Extents | undefined = extent === undefined ? undefined : [extent, extent];
  for (const step of preprocess) {
    if (step.kind === "resize") size = [step.height, step.width];
    if (step.kind === "shorter") size = size && shortened(size, step.side);
  }
  return size;
}

/** The shorter side to `side`, the longer in proportion. */
function shortened([height, width]: Extents, side: number): Extents {
  const shorter = Math.min(height, width);
  const longer = (extent: number): number => Math.floor((side * extent) / shorter);
  return height <= width ? [side, longer(width)] : [longer(height), side];
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

function sizedBy(
  {
    kind,
    height,
    width,
  }: { readonly kind: string; readonly height: number; readonly width: number },
  setting: "augment" | "preprocess",
  step: number,
): KnownSize {
  return {
    size: [height, width],
    from: `${kind} ${height}x${width}`,
    place: { setting, step, argument: "size" },
  };
}
