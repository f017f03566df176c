/** Whether the places that a recipe names are in the network, and those that it freezes leave something to train. */
import { counted } from "../../diagnostics/numbers.js";
import { nearest } from "../../diagnostics/nearest.js";
import type { Graph } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { frozenNodes } from "../frozen.js";
import type { Recipe } from "../recipe.js";
import { misfit, type Misfit, type SettingPlace } from "./misfit.js";

/** Every place that is none, or that they are all. */
export function frozenMisfits(graph: Graph, { freeze }: Pick<Recipe, "freeze">): readonly Misfit[] {
  if (typeof freeze === "boolean") return [];
  const unknown = unknownPlaces(graph, freeze, { setting: "freeze" });
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

/** Every place whose weights are to have a rate of their own and that is none, or that there are not as many factors. */
export function ratedMisfits(graph: Graph, { rates }: Pick<Recipe, "rates">): readonly Misfit[] {
  if (rates.kind !== "within") return [];
  const { places, factors } = rates;
  const unknown = unknownPlaces(graph, places, { setting: "rates", argument: "places" });
  if (unknown.length > 0 || factors.length === 1 || factors.length === places.length) {
    return unknown;
  }
  const why = `has ${counted(factors.length, "factor")} for ${counted(places.length, "place")}`;
  const help = `give one for all, or ${places.length}`;
  const place = { setting: "rates", argument: "factors" } as const;
  return [misfit("R0517", { why }, { place, help })];
}

/** What to say of names that are of no place in the network: with the nearest one, or those that there are. */
function unknownPlaces(
  graph: Graph,
  names: readonly string[],
  at: SettingPlace,
): readonly Misfit[] {
  const places = graphPlaces(graph);
  const top = [...places].filter((each) => !each.includes(".")).join(", ");
  return names.flatMap((name, item) => {
    if (places.has(name)) return [];
    const near = nearest(name, places);
    const holes = { network: graph.name, place: name };
    const place = { ...at, item };
    if (near === undefined) {
      const help = `its places are ${top}, and what is in them: \`resnetc summary --layers\` has all names`;
      return [misfit("R0507", holes, { place, help })];
    }
    const help = `did you mean \`${near}\`? ${graph.name} has ${top}, and what is in them`;
    const mend = { text: JSON.stringify(near), applicability: "unsafe" } as const;
    return [misfit("R0507", holes, { place, help, mend })];
  });
}

/** The nodes' names and whatever they begin with: `conv3`, `conv3.block1`, `conv3.block1.add`. */
function graphPlaces({ nodes }: Graph): ReadonlySet<string> {
  const places = new Set<string>();
  for (const { name } of nodes) {
    const parts = name.split(".");
    parts.forEach((_, index) => places.add(parts.slice(0, index + 1).join(".")));
  }
  return places;
}
