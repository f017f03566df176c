/** What the models of a session are fed beside its state: copies, which the thread takes over. */
import type { Range } from "../../recipe/parts.js";
import { mixesLabels } from "../../passes/training-step/training-step.js";
import type { Recipe } from "../../recipe/recipe.js";
import type { Batch } from "../engine.js";
import type { Given } from "./protocol.js";

/** @param range of the images, all of them where it is left out. */
export function imagesFeed(
  images: Float32Array,
  [batch, ...extents]: Batch["shape"],
  [from, to]: Range = [0, batch],
): Given {
  const size = images.length / batch;
  const data = images.slice(from * size, to * size);
  return { name: "images", type: "float32", dims: [to - from, ...extents], data };
}

export function evaluationFeeds({ images, shape, labels }: Batch): Given[] {
  return [imagesFeed(images, shape), labelsFeed("labels", labels)];
}

/** What a run of a training step is fed. @param range of the batch's images; none where it is left out. */
export function stepFeeds(batch: Batch, range: Range | undefined, step: number, recipe: Recipe) {
  const number: Given = { name: "step", type: "int32", dims: [], data: Int32Array.of(step) };
  if (range === undefined) return [number];
  const { images, shape, labels, mix } = batch;
  const feeds: Given[] = [
    imagesFeed(images, shape, range),
    labelsFeed("labels", labels, range),
    number,
    { name: "before", type: "int32", dims: [], data: Int32Array.of(range[0]) },
  ];
  if (!mixesLabels(recipe)) return feeds;
  // A batch that could not be mixed, of one image, is wholly its own.
  const share = Float32Array.of(mix?.share ?? 1);
  return [
    ...feeds,
    labelsFeed("partners", mix?.labels ?? labels, range),
    { name: "share", type: "float32", dims: [], data: share } as const,
  ];
}

function labelsFeed(
  name: string,
  labels: Int32Array,
  [from, to]: Range = [0, labels.length],
): Given {
  return { name, type: "int32", dims: [to - from], data: labels.slice(from, to) };
}
