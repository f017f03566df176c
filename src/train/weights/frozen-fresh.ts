/** What a recipe freezes of a network whose given weights do not have it: it would stay random. */
import { listed } from "../../diagnostics/lists.js";
import type { NamedTensor } from "../../engines/engine.js";
import type { Graph } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { frozenNodes } from "../../recipe/frozen.js";
import type { Recipe } from "../../recipe/recipe.js";

/** What to say of nodes that are to keep weights which the file does not have. */
export function frozenFresh(
  graph: Graph,
  { freeze }: Pick<Recipe, "freeze">,
  weights: ReadonlyMap<string, NamedTensor>,
): string | undefined {
  const frozen = frozenNodes(graph, freeze);
  const fresh = graphParameters(graph).filter(
    ({ key, node }) => frozen.has(node) && !weights.has(key),
  );
  if (fresh.length === 0) return undefined;
  const nodes = [...new Set(fresh.map(({ node }) => node))];
  const [starts, keeps] = nodes.length === 1 ? ["starts", "keeps"] : ["start", "keep"];
  return `${listed(nodes, 3)} ${starts} fresh and ${keeps} random weights, frozen; leave it out of \`freeze\`, to train it`;
}
