/**
 * What an exported model says of itself in its metadata, so that whoever opens it can feed it and read its
 * answers without the spec. Every value is text; lists are JSON.
 */
import type { Graph } from "../graph/graph.js";
import { sizesOf } from "../graph/sizes.js";
import { inputOf } from "../graph/traversal.js";
import { packageVersion } from "../host/version.js";
import { ofChannel, type Preprocessing } from "../recipe/recipe.js";
import { printDomain } from "../shapes/index.js";

/** What is known of weights that were trained. */
export interface WhatIsTrained {
  readonly classes?: readonly string[] | undefined;
  /** How images became what they were trained on. */
  readonly preprocess?: readonly Preprocessing[] | undefined;
}

/**
 * `network`, `resnetc_version` and the `facts` always; `sizes`, the conditions on a symbolic input, and
 * `admissible_sizes`, what they come to as exact sets (of each symbol the `text` and the set `admitted`); where that
 * is known `classes`, a name for each logit, and `mean` and `std`, one number per channel: the network
 * takes (byte / 255 - mean) / std, of images that went through the steps of `preprocess`, where that is there: each with
 * its `kind`, `grey`, `resize`, `shorter` or `centercrop`, and its numbers. `resize` is the size of the step of that kind.
 */
export function modelMetadata(
  graph: Graph,
  facts: Readonly<Record<string, string>>,
  { classes, preprocess }: WhatIsTrained = {},
): Map<string, string> {
  const metadata = new Map([
    ["network", graph.name],
    ...Object.entries(facts),
    ["resnetc_version", packageVersion()],
  ]);
  if (graph.domains.length > 0) {
    metadata.set("sizes", graph.domains.map(printDomain).join(", "));
    const sizes = sizesOf(graph).map(({ symbol, text, admitted }) => ({ symbol, text, admitted }));
    metadata.set("admissible_sizes", JSON.stringify(sizes));
  }
  if (classes !== undefined) metadata.set("classes", JSON.stringify(classes));
  if (preprocess === undefined) return metadata;
  const { mean, std } = normalisation(preprocess, inputOf(graph).type.channels);
  metadata.set("mean", JSON.stringify(mean));
  metadata.set("std", JSON.stringify(std));
  const sizing = preprocess.filter(({ kind }) => kind !== "normalize");
  const resize = sizing.findLast((step) => step.kind === "resize");
  if (resize) metadata.set("resize", JSON.stringify([resize.height, resize.width]));
  if (sizing.length > 0) metadata.set("preprocess", JSON.stringify(sizing));
  return metadata;
}

interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** All `normalize` steps as one: ((x - m) / s - n) / t = (x - (m + s n)) / (s t). */
function normalisation(preprocess: readonly Preprocessing[], channels: number): Normalisation {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  let [mean, std] = [all.map(() => 0), all.map(() => 1)];
  for (const step of preprocess) {
    if (step.kind !== "normalize") continue;
    mean = all.map((i) => ofChannel(mean, i) + ofChannel(std, i) * ofChannel(step.mean, i));
    std = all.map((i) => ofChannel(std, i) * ofChannel(step.std, i));
  }
  return { mean, std };
}
