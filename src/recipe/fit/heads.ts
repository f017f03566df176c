/** Whether a network leads from images to a number for every class, of as many as the recipe speaks of. */
import { counted, grouped } from "../../diagnostics/numbers.js";
import type { Graph, Output } from "../../graph/graph.js";
import { inputOf } from "../../graph/traversal.js";
import { printTypeWhere, type TensorType } from "../../shapes/index.js";
import { knownFacts } from "../data-kinds.js";
import type { Recipe } from "../recipe.js";
import { misfit, type Misfit, type MisfitDetails, type NetworkPart } from "./misfit.js";

const onNetwork = { setting: "network" } as const;

/** That the network takes no image, that a head ends in a map, or that heads tell different numbers of classes apart. */
export function formMisfits(graph: Graph): readonly Misfit[] {
  const { spatial, channels } = inputOf(graph).type;
  const { name: network } = graph;
  if (spatial.length !== 2) {
    const why = `its input is ${counted(Number(channels), "number")}`;
    const details = { place: onNetwork, of: { kind: "input" } } as const;
    return [misfit("R0511", { network, why }, { ...details, help: "train another network" })];
  }
  const maps = graph.outputs.flatMap((output) => {
    const type = typeOf(graph, output);
    if (type.spatial.length === 0) return [];
    const why = `the head ${output.name} ends in a map, ${printTypeWhere(type, graph.domains)}`;
    const help = `end it with \`globalavgpool\` and \`dense\``;
    return [misfit("R0511", { network, why }, { place: onNetwork, of: headOf(output), help })];
  });
  return [...maps, ...unequalHeads(graph)];
}

function unequalHeads(graph: Graph): readonly Misfit[] {
  const heads = graph.outputs.map((output) => ({ output, type: typeOf(graph, output) }));
  const [first, ...others] = heads.filter(({ type }) => type.spatial.length === 0);
  const other = others.find(({ type }) => type.channels !== first?.type.channels);
  if (first === undefined || other === undefined) return [];
  const [one, two] = [first, other].map(({ type }) => grouped(type.channels));
  const why = `the head ${first.output.name} tells ${one} of them apart, and ${other.output.name} ${two}`;
  const help =
    "all heads are trained on the classes of the data: let each tell as many apart, or leave one out";
  return [
    misfit(
      "R0511",
      { network: graph.name, why },
      { place: onNetwork, of: headOf(other.output), help },
    ),
  ];
}

/** That a loss has weights for another number of classes than a head tells apart. */
export function classWeightMisfits(
  graph: Graph,
  { loss }: Pick<Recipe, "loss">,
): readonly Misfit[] {
  const weights = loss.kind === "crossentropy" ? loss.weights : undefined;
  if (weights === undefined || weights.length === 0) return [];
  const what = `the loss has ${counted(weights.length, "weight")}`;
  const place = { setting: "loss", argument: "weights" } as const;
  const help =
    "give a weight for every class, in the order of the data's; `balance: 1` weighs them by how rare they are";
  return otherHeads(graph, weights.length, what, { place, help });
}

/** That the data, of a kind whose classes are known, has another number of them than a head tells apart. */
export function classMisfits(graph: Graph, { data }: Pick<Recipe, "data">): readonly Misfit[] {
  const facts = knownFacts(data);
  if (facts === undefined) return [];
  const { name, classes } = facts;
  const what = `${name} has ${classes} classes`;
  const place = { setting: "data" } as const;
  const help = `give the head ${classes} classes, or name the data set that it is for`;
  const mend = { text: String(classes), at: "classes", applicability: "unsafe" } as const;
  return otherHeads(graph, classes, what, { place, help, mend });
}

/** For every head of another number of classes. */
function otherHeads(
  graph: Graph,
  wanted: number,
  what: string,
  details: MisfitDetails,
): readonly Misfit[] {
  return graph.outputs.flatMap((output) => {
    const { spatial, channels } = typeOf(graph, output);
    if (spatial.length > 0 || channels === wanted) return [];
    const holes = { what, head: output.name, network: graph.name, classes: grouped(channels) };
    return [misfit("R0510", holes, { ...details, of: headOf(output) })];
  });
}

function headOf({ name }: Output): NetworkPart {
  return { kind: "head", name };
}

/** @throws RangeError for a graph that names a node that it does not have. */
function typeOf(graph: Graph, { node: name }: Output): TensorType {
  const node = graph.nodes.find((each) => each.name === name);
  if (node === undefined) throw new RangeError(`${graph.name} has no node ${name}`);
  return node.type;
}
