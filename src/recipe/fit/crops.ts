/** Whether crops fit into images whose size is known. */
import { hasValidation } from "../data-kinds.js";
import { sizedExtents } from "../image-size.js";
import { isCrop, isSizing, type Augmentation, type Preprocessing, type Recipe } from "../recipe.js";
import type { Extents } from "../sizes.js";
import { misfit, type Misfit, type SettingPlace } from "./misfit.js";

type Sizing = Pick<Recipe, "data" | "preprocess" | "augment">;

/** The first crop of training images, or else of validation images, that takes more than there is. */
export function cropMisfits(recipe: Sizing): readonly Misfit[] {
  const { preprocess, augment } = recipe;
  const sized = sizedExtents(recipe);
  // What an augmentation sizes is of another size in every epoch.
  const drawn = augment.some(isSizing) ? undefined : sized;
  const takesMiddle =
    hasValidation(recipe.data) || !augment.some((step) => isCrop(step) || isSizing(step));
  const found =
    firstTooLarge(drawn, augment, "augment") ??
    (takesMiddle ? firstTooLarge(sized, preprocess, "preprocess") : undefined);
  return found === undefined ? [] : [found];
}

function firstTooLarge(
  sized: Extents | undefined,
  steps: readonly (Augmentation | Preprocessing)[],
  setting: "augment" | "preprocess",
): Misfit | undefined {
  let size = sized;
  for (const [index, step] of steps.entries()) {
    if (step.kind === "resizedcrop") size = [step.height, step.width];
    if (step.kind !== "crop" && step.kind !== "centercrop") continue;
    const wanted = [step.height, step.width] as const;
    const padding = step.kind === "crop" ? step.padding : 0;
    if (
      size !== undefined &&
      size.some((extent, axis) => extent + 2 * padding < (wanted[axis] ?? 0))
    ) {
      return tooLarge(step.kind, wanted, size, padding, { setting, step: index });
    }
    size = wanted;
  }
  return undefined;
}

function tooLarge(
  kind: string,
  wanted: Extents,
  size: Extents,
  padding: number,
  place: SettingPlace,
): Misfit {
  const most = size.map((extent) => extent + 2 * padding).join("x");
  const padded = padding === 0 ? "" : `, and ${most} with its padding`;
  const holes = { step: `${kind} ${wanted.join("x")}`, which: `of ${size.join("x")}${padded}` };
  const least = wanted.map((extent) => Math.max(1, extent - 2 * padding)).join("x");
  const help = `take ${most} or less, or bring the images to ${least} or more before it`;
  return misfit("R0506", holes, { place, help });
}
