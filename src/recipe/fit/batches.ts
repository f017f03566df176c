/** Whether a batch can be passed in its parts, comes to be at all, and has something to normalise by. */
import { counted, grouped } from "../../diagnostics/numbers.js";
import type { Graph } from "../../graph/graph.js";
import { inputOf, sizesOfInput, typeAt } from "../../graph/traversal.js";
import { knownFacts } from "../data-kinds.js";
import { frozenNodes } from "../frozen.js";
import { partsOf } from "../parts.js";
import { isCrop, type Recipe } from "../recipe.js";
import type { Extents } from "../sizes.js";
import { misfit, type Misfit } from "./misfit.js";

/** That a batch has fewer images than parts. */
export function partMisfits({
  batch,
  accumulate,
}: Pick<Recipe, "batch" | "accumulate">): readonly Misfit[] {
  if (accumulate <= batch) return [];
  const why = `cannot be passed in ${grouped(accumulate)} parts`;
  const help = `accumulate ${batch} or less, or take a batch of ${accumulate} or more`;
  const place = { setting: "accumulate" } as const;
  return [misfit("R0512", { batch: grouped(batch), why }, { place, help })];
}

/** That a batch has images of several sizes, as nothing crops what a random scale makes of each. */
export function drawnSizeMisfits(
  graph: Graph,
  { batch, augment }: Pick<Recipe, "batch" | "augment">,
): readonly Misfit[] {
  const step = augment.findIndex(({ kind }) => kind === "scale");
  const scale = augment[step];
  if (scale?.kind !== "scale" || scale.least === scale.most) return [];
  if (batch === 1 || augment.some(isCrop)) return [];
  const why = `has images of one size, and \`scale [${scale.least}, ${scale.most}]\` draws one for each`;
  const fixed = inputOf(graph).type.spatial.flatMap((extent) =>
    typeof extent === "number" ? [extent] : [],
  );
  const size = fixed.length === 2 ? fixed : [scale.least, scale.least];
  const crop = `put \`crop ${size.join("x")}\` behind it`;
  const least = Math.max(...size);
  const help = least > scale.least ? `${crop}, and let it begin at ${least} or more` : crop;
  const place = { setting: "augment", step } as const;
  return [misfit("R0512", { batch: grouped(batch), why }, { place, help })];
}

/** That there are fewer images than a batch has, in data of a kind of which it is known how many they are. */
export function batchMisfits({ batch, data }: Pick<Recipe, "batch" | "data">): readonly Misfit[] {
  const facts = knownFacts(data);
  return facts === undefined ? [] : batchOver(batch, facts.trainImages, facts.name);
}

/** @param name of the data. */
export function batchOver(batch: number, images: number, name: string): readonly Misfit[] {
  if (batch <= images) return [];
  const why = `is more than the ${grouped(images)} images of ${name}`;
  const help = `take a batch of ${grouped(images)} or less`;
  return [misfit("R0512", { batch: grouped(batch), why }, { place: { setting: "batch" }, help })];
}

/**
 * That a batch norm would have one number alone to take mean and variance of, which makes it 0 and teaches nothing, and
 * shrinks the variance that it is then evaluated with: the first such that learns.
 *
 * @param size of training images at their full size.
 * @param images to train on, where that is known: an epoch's last batch has what is left of them.
 */
export function loneValueMisfits(
  graph: Graph,
  { batch, accumulate, freeze }: Pick<Recipe, "batch" | "accumulate" | "freeze">,
  [height, width]: Extents,
  images: number | undefined,
): readonly Misfit[] {
  const isLone = (count: number): boolean =>
    partsOf(count, accumulate).some(([from, to]) => to - from === 1);
  const last = (size: number): number => (images === undefined ? 0 : images % size);
  const isWhole = !isLone(batch);
  if (isWhole && !isLone(last(batch))) return [];
  const sizes = sizesOfInput(graph, height, width);
  const frozen = frozenNodes(graph, freeze);
  const lone = graph.nodes.find(
    ({ op, name, type }) =>
      op === "batchnorm" &&
      !frozen.has(name) &&
      typeAt(type, sizes).spatial.every((extent) => extent === 1),
  );
  if (lone === undefined) return [];
  const place = { setting: "batch" } as const;
  const found = (help: string): readonly Misfit[] => [
    misfit("R0516", { node: lone.name, network: graph.name }, { place, help }),
  ];
  if (isWhole) {
    const fitting = Array.from({ length: batch - 1 }, (_, index) => batch - 1 - index).find(
      (size) => !isLone(size) && !isLone(last(size)),
    );
    const parts = accumulate === 1 ? "" : ", or accumulate fewer parts";
    const mend = fitting === undefined ? "take another batch" : `take a batch of ${fitting}`;
    const left = counted(last(batch), "image");
    return found(`an epoch's last batch has ${left}: ${mend}${parts}`);
  }
  return found(
    accumulate === 1
      ? "take a batch of 2 or more"
      : `take a batch of ${2 * accumulate} or more, or accumulate fewer parts`,
  );
}
