/** How to mend images of a size that a network does not take, by what of the recipe gave it to them. */
import type { Graph } from "../../graph/graph.js";
import { inputOf } from "../../graph/traversal.js";
import { isCrop, isSizing, type Augmentation, type Recipe } from "../recipe.js";

/** The words, where the network takes one `size` alone, or others. */
export type SizeMend = (size: string | undefined) => string;

type Crop = Extract<Augmentation, { kind: "crop" | "resizedcrop" }>;

/**
 * How to mend training images that a crop brings to a size that the network does not take.
 *
 * @param augment all of them.
 * @param isWholeTaken whether the network takes them as they are before it.
 */
export function cropMend(
  step: Crop,
  augment: readonly Augmentation[],
  isWholeTaken: boolean,
): SizeMend {
  const { kind, height, width } = step;
  const pad = kind === "crop" && step.padding > 0 ? `, pad: ${step.padding}` : "";
  return (size) => {
    const crop =
      size === undefined
        ? "crop to an admissible size in the recipe's `augment`"
        : `write \`${kind} ${size}${pad}\` for \`${kind} ${height}x${width}\` in the recipe's \`augment\``;
    if (isWholeTaken) return `${crop}, or leave the crop out`;
    if (kind === "resizedcrop") return crop;
    if (augment.some(isSizing)) return `${crop}, and let \`scale\` begin at no less`;
    const resize = size === undefined ? "a `resize` to that size" : `\`resize ${size}\``;
    return `${crop}, and add ${resize} to its \`preprocess\``;
  };
}

/**
 * How to mend images that no augmentation crops, where it is their middle that is to be another, or that is to be
 * taken; undefined where neither is so.
 *
 * @param found the height and width that they come to.
 */
export function middleMend(
  { preprocess, augment }: Pick<Recipe, "preprocess" | "augment">,
  graph: Graph,
  found: readonly number[],
): SizeMend | undefined {
  const middle = preprocess.findLast(({ kind }) => kind === "centercrop");
  if (middle?.kind === "centercrop") {
    const written = `centercrop ${middle.height}x${middle.width}`;
    return (size) =>
      size === undefined
        ? `let \`${written}\` in the recipe's \`preprocess\` take an admissible size`
        : `write \`centercrop ${size}\` for \`${written}\` in the recipe's \`preprocess\``;
  }
  const keepsAspect = augment.some(isCrop) || preprocess.some(({ kind }) => kind === "shorter");
  if (!keepsAspect) return undefined;
  const { spatial } = inputOf(graph).type;
  const wanted = spatial.flatMap((extent) => (typeof extent === "number" ? [extent] : []));
  if (wanted.length < 2) {
    return () => "add a `centercrop` to an admissible size to the recipe's `preprocess`";
  }
  if (!wanted.every((extent, axis) => extent <= (found[axis] ?? 0))) return undefined;
  const isSized = preprocess.some(({ kind }) => kind === "shorter" || kind === "resize");
  const first = isSized ? "" : `shorter ${Math.max(...wanted)} -> `;
  return (size) => `add \`${first}centercrop ${String(size)}\` to the recipe's \`preprocess\``;
}

/** How to mend images that a `resize` brings to a size that the network does not take; undefined where none does. */
export function resizeMend({ preprocess }: Pick<Recipe, "preprocess">): SizeMend | undefined {
  const last = preprocess.findLast(({ kind }) => kind === "resize" || kind === "shorter");
  if (last?.kind !== "resize") return undefined;
  const written = `resize ${last.height}x${last.width}`;
  return (size) =>
    size === undefined
      ? `let \`${written}\` in the recipe's \`preprocess\` be to an admissible size`
      : `write \`resize ${size}\` for \`${written}\` in the recipe's \`preprocess\``;
}
