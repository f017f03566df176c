/** Whether a batch norm would have one number alone to take mean and variance of, which makes it 0 and teaches nothing. */
import type { Batch } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { sizesOfInput, typeAt } from "../graph/traversal.js";
import { frozenNodes } from "../recipe/frozen.js";
import { partsOf } from "../recipe/parts.js";
import type { Recipe } from "../recipe/recipe.js";
import { TrainingError } from "./errors.js";

/**
 * A last batch of a single image is let pass: it is one step of many.
 *
 * @param shape of a batch of training images at their full size; how many they are does not count.
 * @throws TrainingError naming the first such batch norm that learns.
 */
export function checkLoneValues(
  graph: Graph,
  { batch, accumulate, freeze }: Pick<Recipe, "batch" | "accumulate" | "freeze">,
  [, height, width]: Batch["shape"],
): void {
  if (partsOf(batch, accumulate).every(([from, to]) => to - from > 1)) return;
  const sizes = sizesOfInput(graph, height, width);
  const frozen = frozenNodes(graph, freeze);
  const lone = graph.nodes.find(
    ({ op, name, type }) =>
      op === "batchnorm" &&
      !frozen.has(name) &&
      typeAt(type, sizes).spatial.every((extent) => extent === 1),
  );
  if (lone === undefined) return;
  throw new TrainingError(
    `${lone.name} of ${graph.name} normalises one number per channel where one image is passed at a time, ` +
      "and makes it 0",
    accumulate === 1
      ? "train with `--batch 2` or more"
      : `train with \`--batch ${2 * accumulate}\` or more, or accumulate fewer parts`,
  );
}
