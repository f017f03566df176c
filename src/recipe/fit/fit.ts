/**
 * Whether a recipe suits the network that it trains, as far as both say it themselves. What only the data know (the
 * images of a folder) is asked when they are opened.
 */
import type { Graph } from "../../graph/graph.js";
import { knownFacts } from "../data-kinds.js";
import { knownImageSize } from "../image-size.js";
import type { Recipe } from "../recipe.js";
import { batchMisfits, drawnSizeMisfits, loneValueMisfits, partMisfits } from "./batches.js";
import { normalisationMisfits } from "./channels.js";
import { cropMisfits } from "./crops.js";
import { droppedPathMisfits } from "./dropped-paths.js";
import { growthMisfits } from "./growing-sizes.js";
import { classMisfits, classWeightMisfits, formMisfits } from "./heads.js";
import { knownImageMisfits } from "./images.js";
import type { Misfit } from "./misfit.js";
import { frozenMisfits, ratedMisfits } from "./places.js";

/** What of a recipe does not suit the network, whatever the data are. */
export function networkMisfits(graph: Graph, recipe: Recipe): readonly Misfit[] {
  return [
    ...formMisfits(graph),
    ...frozenMisfits(graph, recipe),
    ...ratedMisfits(graph, recipe),
    ...droppedPathMisfits(graph, recipe),
    ...classWeightMisfits(graph, recipe),
  ];
}

/** All that is wrong between a recipe and its network, by what is known of the data without a look at them. */
export function misfits(graph: Graph, recipe: Recipe): readonly Misfit[] {
  const ofNetwork = networkMisfits(graph, recipe);
  if (ofNetwork.some(({ code }) => code === "R0511")) return ofNetwork;
  return [
    ...ofNetwork,
    ...classMisfits(graph, recipe),
    ...partMisfits(recipe),
    ...batchMisfits(recipe),
    ...drawnSizeMisfits(graph, recipe),
    ...normalisationMisfits(recipe),
    ...imageMisfits(graph, recipe),
  ];
}

/** That a crop does not fit into images, these not into the network, or not while they grow, or leave a batch norm one number alone. */
function imageMisfits(graph: Graph, recipe: Recipe): readonly Misfit[] {
  const crops = cropMisfits(recipe);
  if (crops.length > 0) return crops;
  const own = knownImageMisfits(graph, recipe);
  const known = knownImageSize(recipe);
  if (own.length > 0 || known === undefined) return own;
  return [
    ...growthMisfits(graph, recipe, known.size),
    ...loneValueMisfits(graph, recipe, known.size, knownFacts(recipe.data)?.trainImages),
  ];
}
