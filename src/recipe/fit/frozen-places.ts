/** Whether the places that a recipe freezes are in the network and leave something to train. */
import { nearest } from "../../diagnostics/nearest.js";
import type { Graph } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { frozenNodes } from "../frozen.js";
import type { Recipe } from "../recipe.js";
import { misfit, type Misfit, type SettingPlace } from "./misfit.js";

/** Every place that is none, or that they are all. */
export function frozenMisfits(graph: Graph, { freeze }: Pick<Recipe, "freeze">): readonly Misfit[] {
  if (typeof freeze === "boolean") return [];
  const unknown = freeze.flatMap(
    (place, item) => unknownPlace(graph, place, { setting: "freeze", item }) ?? [],
  );
  if (unknown.length > 0) return unknown;
  const frozen = frozenNodes(graph, freeze);
  const learns = graphParameters(graph).some(
    ({ node, trainable }) => trainable && !frozen.has(node),
  );
  if (learns) return [];
  const holes = { network: graph.name, places: freeze.join(", ") };
  const place = { setting: "freeze" } as const;
  return [misfit("R0508", holes, { place, help: "freeze fewer places" })];
}

/** What to say of a name that is of no place in the network: with the nearest one, or those that there are. */
export function unknownPlace(graph: Graph, name: string, place: SettingPlace): Misfit | undefined {
  const places = placesOf(graph);
  if (places.has(name)) return undefined;
  const near = nearest(name, places);
  const top = [...places].filter((each) => !each.includes(".")).join(", ");
  const holes = { network: graph.name, place: name };
  if (near === undefined) {
    const help = `its places are ${top}, and what is in them: \`resnetc summary --layers\` has all names`;
    return misfit("R0507", holes, { place, help });
  }
  const help = `did you mean \`${near}\`? It has ${top}, and what is in them`;
  const mend = { text: JSON.stringify(near), applicability: "safe" } as const;
  return misfit("R0507", holes, { place, help, mend });
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
