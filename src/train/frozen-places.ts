/** Whether the places that a recipe freezes are in the network and leave something to train. */
import { nearest } from "../diagnostics/nearest.js";
import type { Graph } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import { frozenNodes } from "../recipe/frozen.js";
import type { Freeze } from "../recipe/recipe.js";
import { TrainingError } from "./errors.js";

/**
 * @throws TrainingError naming the first place that is none, with the nearest one or those there are, or
 * where nothing is left to train.
 */
export function checkFrozenPlaces(graph: Graph, freeze: Freeze): void {
  if (typeof freeze === "boolean") return;
  const places = placesOf(graph);
  for (const place of freeze) {
    if (places.has(place)) continue;
    const near = nearest(place, places);
    const top = [...places].filter((each) => !each.includes(".")).join(", ");
    throw new TrainingError(
      `there is no place \`${place}\` in ${graph.name} to freeze`,
      near === undefined
        ? `its places are ${top}, and what is in them: \`resnetc summary --layers\` has all names`
        : `did you mean \`${near}\`? It has ${top}, and what is in them`,
    );
  }
  const frozen = frozenNodes(graph, freeze);
  const learns = graphParameters(graph).some(
    ({ node, trainable }) => trainable && !frozen.has(node),
  );
  if (learns) return;
  throw new TrainingError(
    `nothing of ${graph.name} is left to train: ${freeze.join(", ")} are frozen`,
    "freeze fewer places",
  );
}

/** The nodes' names and whatever they begin with: `conv3`, `conv3.block1`, `conv3.block1.add`. */
function placesOf({ nodes }: Graph): ReadonlySet<string> {
  const places = new Set<string>();
  for (const { name } of nodes) {
    const parts = name.split(".");
    parts.forEach((_, index) => places.add(parts.slice(0, index + 1).join(".")));
  }
  return places;
}
