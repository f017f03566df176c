/** A network in words: the title and subtitle of its picture, and what a reader who cannot see it is told. */
import { counted, grouped, scaled } from "../diagnostics/numbers.js";
import { graphCost } from "../graph/cost.js";
import type { Graph, Region } from "../graph/graph.js";
import { inputOf } from "../graph/traversal.js";
import { printDomain, printType, printTypeWhere } from "../shapes/index.js";

export interface Description {
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
}

export function describe(graph: Graph): Description {
  const { parameters, macs } = graphCost(graph);
  const cost = macs === undefined ? [] : [`${scaled(macs)} multiply-adds`];
  const input = inputOf(graph);
  const sizes = graph.domains.map(printDomain).join(", ");
  const regions = graph.regions.map((region) => regionWords(graph, region));
  return {
    title: graph.name,
    subtitle: [`${grouped(parameters)} parameters`, ...cost].join(", "),
    description: [
      `The network ${graph.name}, from its input of ${printType(input.type)} on`,
      ...(sizes === "" ? [] : [`for every ${sizes}`]),
      ...regions,
    ].join("; "),
  };
}

function regionWords({ nodes, domains }: Graph, { kind, name, count, block }: Region): string {
  const last = nodes.findLast((node) => node.name.startsWith(`${name}.`));
  const what = kind === "stage" ? `stage ${name}, ${counted(count, "block")}` : name;
  const written = block === undefined ? "" : ` of ${block}`;
  return `${what}${written}${last === undefined ? "" : `, gives ${printTypeWhere(last.type, domains)}`}`;
}
