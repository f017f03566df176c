/** What parts of a graph cost and see, worked out once for each graph and then looked up. */
import { nodeCost } from "../../graph/cost.js";
import type { Graph } from "../../graph/graph.js";
import { receptiveFields, type ReceptiveField } from "../../graph/receptive-field.js";
import { nodesByName } from "../../graph/traversal.js";
import type { Project } from "../project/project.js";

export interface PartCost {
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image; undefined where they depend on the input's size. */
  readonly macs: number | undefined;
}

export interface GraphMeasures {
  readonly fields: ReadonlyMap<string, ReceptiveField>;
  /** The cost of the nodes from one position up to another. */
  cost(first: number, end: number): PartCost;
}

const known = new WeakMap<Graph, GraphMeasures>();

/** The measures of a graph. */
export function measuresOf(graph: Graph): GraphMeasures {
  let found = known.get(graph);
  if (found === undefined) known.set(graph, (found = measure(graph)));
  return found;
}

function measure(graph: Graph): GraphMeasures {
  const nodes = nodesByName(graph);
  const parameters = [0];
  const macs = [0];
  // How many nodes of unknown size there are before each.
  const unsized = [0];
  for (const [index, node] of graph.nodes.entries()) {
    const cost = nodeCost(nodes, node);
    parameters.push((parameters[index] ?? 0) + cost.parameters);
    macs.push((macs[index] ?? 0) + (cost.macs ?? 0));
    unsized.push((unsized[index] ?? 0) + (cost.macs === undefined ? 1 : 0));
  }
  const between = (sums: readonly number[], first: number, end: number): number =>
    (sums[end] ?? 0) - (sums[first] ?? 0);
  return {
    fields: receptiveFields(graph),
    cost: (first, end) => ({
      parameters: between(parameters, first, end),
      macs: between(unsized, first, end) > 0 ? undefined : between(macs, first, end),
    }),
  };
}

/** Works the measures out of the graphs of all open documents, so that no question waits for them. */
export function warmUp(project: Project): void {
  for (const path of project.host.openPaths) {
    for (const { graph } of project.lastAnalysis(path)?.trace.graphs.values() ?? [])
      measuresOf(graph);
  }
}
