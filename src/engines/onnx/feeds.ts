/** What the models of a session are fed beside its state: copies, which the thread takes over. */
import { mixesLabels } from "../../passes/training-step/training-step.js";
import type { Recipe } from "../../recipe/recipe.js";
import type { Batch } from "../engine.js";
import type { Given } from "./protocol.js";

export function imagesFeed(images: Float32Array, shape: Batch["shape"]): Given {
  return { name: "images", type: "float32", dims: shape, data: images.slice() };
}

export function evaluationFeeds({ images, shape, labels }: Batch): Given[] {
  return [imagesFeed(images, shape), labelsFeed("labels", labels)];
}

export function stepFeeds(batch: Batch, step: number, recipe: Recipe): Given[] {
  const { labels, mix } = batch;
  const feeds = [
    ...evaluationFeeds(batch),
    { name: "step", type: "int32", dims: [], data: Int32Array.of(step) } as const,
  ];
  if (!mixesLabels(recipe)) return feeds;
  // A batch that could not be mixed, of one image, is wholly its own.
  const share = Float32Array.of(mix?.share ?? 1);
  return [
    ...feeds,
    labelsFeed("partners", mix?.labels ?? labels),
    { name: "share", type: "float32", dims: [], data: share },
  ];
}

function labelsFeed(name: string, labels: Int32Array): Given {
  return { name, type: "int32", dims: [labels.length], data: labels.slice() };
}
