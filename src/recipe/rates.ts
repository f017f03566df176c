/** By how much the weights of a network learn faster or slower than the optimizer's rate says, by where they are. */
import type { Graph } from "../graph/graph.js";
import { isWithin } from "./frozen.js";
import type { Rates } from "./recipe.js";

/** The factor on the rate of a node's weights, by the node's name. */
export type RateFactors = (node: string) => number;

/** The factors of a recipe's `rates` in a network. */
export function rateFactors(graph: Graph, rates: Rates): RateFactors {
  switch (rates.kind) {
    case "equal":
      return () => 1;
    case "backbone": {
      const heads = graph.regions.filter(({ kind }) => kind === "head").map(({ name }) => name);
      return (node) => (heads.some((head) => isWithin(node, head)) ? 1 : rates.factor);
    }
    case "within":
      return (node) => innermost(rates, node) ?? 1;
    case "falling": {
      const behind = partsBehind(graph);
      return (node) => rates.factor ** (behind.get(node) ?? 0);
    }
  }
}

/** The factor of the longest of the places that a node is within. */
function innermost(
  { places, factors }: Extract<Rates, { kind: "within" }>,
  node: string,
): number | undefined {
  let found: { readonly place: string; readonly factor: number } | undefined;
  for (const [index, place] of places.entries()) {
    if (!isWithin(node, place) || place.length <= (found?.place.length ?? -1)) continue;
    found = { place, factor: factors[factors.length === 1 ? 0 : index] ?? 1 };
  }
  return found?.factor;
}

/**
 * How many parts (the stem, the stages, and the heads as one) stand behind that of each node, in the order in which values
 * pass them. What stands between two parts is of the one before.
 */
function partsBehind({ nodes, regions }: Graph): ReadonlyMap<string, number> {
  const parts = regions.filter(({ kind }) => kind !== "head");
  const heads = regions.filter(({ kind }) => kind === "head");
  let last = 0;
  return new Map(
    nodes.map(({ name }) => {
      if (heads.some((head) => isWithin(name, head.name))) return [name, 0];
      const own = parts.findIndex((part) => isWithin(name, part.name));
      if (own >= 0) last = own;
      return [name, Math.max(0, parts.length - last)];
    }),
  );
}
