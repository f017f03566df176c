/**
 * A network's summary as data: a row for the input, the stem, every stage, every head and what stands between them, laid out
 * as Table 1 of He et al. 2015, and a row per layer. The rows' parameters and multiply-adds add up to the
 * totals.
 */
import { activationBytes, graphCost, partCost } from "./cost.js";
import type { Graph, Node, Region } from "./graph.js";
import { lastMapField, receptiveFields, seenThrough, type Sees } from "./receptive-field.js";
import { inputOf, nodesByName, typeNear, type Sizes } from "./traversal.js";
import { printDomain, printExtentWhere, type TensorType } from "../shapes/index.js";
import { describeLayer, isTableLayer } from "./layer-text.js";
import { hasOwnName, stepOf } from "./steps.js";

export interface Quantities {
  /** The output's extents as the language writes them, channels last: `["56", "56", "64"]`. */
  readonly output: readonly string[];
  readonly parameters: number;
  /** Multiply-adds for one image; absent where the size is symbolic and not given. */
  readonly macs?: number;
  readonly sees: Sees;
}

export interface SummaryRow extends Quantities {
  readonly kind: Part["kind"];
  /** Of what stands between stem, stages and heads, that of the block or the named step which it ends with, else of its merge, or its first step. */
  readonly name: string;
  /** How many blocks a stage has; 1 for the others. */
  readonly count: number;
  /** The layers in the order of the chain, of one block for a stage; shortcuts are left out. */
  readonly layers: readonly string[];
  /** The stride with which a stage's first block begins, where it is not 1. */
  readonly stride?: string;
}

export interface LayerRow extends Quantities {
  readonly name: string;
  readonly op: Node["op"];
  /** As the language writes it: `conv 3x3, 128, /2`. */
  readonly text: string;
}

export interface Summary {
  readonly network: string;
  readonly docs: string;
  readonly input: readonly string[];
  /** The conditions on the sizes of a symbolic input. */
  readonly sizes: readonly string[];
  readonly rows: readonly SummaryRow[];
  readonly layers: readonly LayerRow[];
  readonly parameters: number;
  readonly macs?: number;
  /** Bytes of all outputs for one image in float32, as training keeps them. */
  readonly activationBytes?: number;
  /** Of the last map, before a head pools it. */
  readonly sees: Sees;
}

/**
 * Summarises a graph.
 *
 * @param sizes of the input's symbols; none where left out.
 */
export function summarise(
  graph: Graph,
  docs: string,
  sizes: Sizes = new Map<string, number>(),
): Summary {
  const measure = new Measure(graph, sizes);
  const { parameters, macs, activations } = graphCost(graph, sizes);
  const input = inputOf(graph);
  return {
    network: graph.name,
    docs,
    input: measure.extents(input.type),
    sizes: sizes.size === 0 ? graph.domains.map(printDomain) : [],
    rows: graphParts(graph).map((part) => measure.row(part)),
    layers: graph.nodes.map((node) => ({
      name: node.name,
      op: node.op,
      text: describeLayer(node),
      ...measure.of([node]),
    })),
    parameters,
    ...(macs !== undefined && { macs }),
    ...(activations !== undefined && { activationBytes: activationBytes(activations, 1) }),
    sees: seenThrough(lastMapField(graph).size),
  };
}

/** The input, a stem, a stage, a head, or what stands between two of them, up to a block or a step that has a name. */
export interface Part {
  readonly kind: "input" | Region["kind"] | "between";
  readonly name: string;
  readonly count: number;
  readonly nodes: readonly Node[];
}

/** All of a graph, every node in one part; the parts are in the order in which they begin. */
export function graphParts({ nodes, regions }: Graph): readonly Part[] {
  const parts: OpenPart[] = [];
  const ofRegion = new Map<string, OpenPart>();
  for (const { kind, name, count } of regions) {
    ofRegion.set(name, { kind, name, count, nodes: [] });
  }
  for (const node of nodes) {
    const step = stepOf(node);
    const last = parts.at(-1);
    const region = ofRegion.get(step);
    if (region !== undefined) {
      if (region.nodes.length === 0) parts.push(region);
      region.nodes.push(node);
    } else if (node.op !== "input" && last?.kind === "between" && !endsBefore(last, step)) {
      last.nodes.push(node);
      last.name = nameBetween(last.nodes);
    } else {
      const kind = node.op === "input" ? "input" : "between";
      parts.push({ kind, name: step, count: 1, nodes: [node] });
    }
  }
  return parts;
}

type OpenPart = Part & { name: string; readonly nodes: Node[] };

/** Whether a part is whole before a step: its last one is another, with a name. */
function endsBefore({ nodes }: Part, step: string): boolean {
  const last = nodes.at(-1);
  return last !== undefined && stepOf(last) !== step && hasOwnName(stepOf(last));
}

/** What stands between has the name that it ends with, or else that of its last merge, or of its first step. */
function nameBetween(nodes: readonly Node[]): string {
  const steps = [...new Set(nodes.map(stepOf))];
  const end = steps.at(-1) ?? "";
  const merge = nodes.findLast(({ inputs, name }) => inputs.length > 1 && !name.includes("."));
  return hasOwnName(end) ? end : (merge?.name ?? steps[0] ?? end);
}

/** Quantities of some nodes of one graph at given sizes. */
class Measure {
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #fields: ReturnType<typeof receptiveFields>;

  constructor(
    private readonly graph: Graph,
    private readonly sizes: Sizes,
  ) {
    this.#nodes = nodesByName(graph);
    this.#fields = receptiveFields(graph);
  }

  extents(type: TensorType): string[] {
    const { spatial, channels } = typeNear(type, this.sizes);
    return [
      ...spatial.map((extent) => printExtentWhere(extent, this.graph.domains)),
      String(channels),
    ];
  }

  /** Sums over nodes in the graph's order; the output is the last one's. */
  of(nodes: readonly Node[]): Quantities {
    const { parameters, macs } = partCost(this.#nodes, nodes, this.sizes);
    const last = nodes.at(-1);
    return {
      output: last === undefined ? [] : this.extents(last.type),
      parameters,
      ...(macs !== undefined && { macs }),
      sees: seenThrough((last && this.#fields.get(last.name)?.size) ?? [1, 1]),
    };
  }

  row({ kind, name, count, nodes }: Part): SummaryRow {
    const block = kind === "stage" ? this.#block(name, count, nodes) : nodes;
    const stride = kind === "stage" ? this.#stride(nodes, block) : undefined;
    return {
      kind,
      name,
      count,
      layers: kind === "input" ? [] : block.filter(isTableLayer).map(describeLayer),
      ...(stride !== undefined && { stride }),
      ...this.of(nodes),
    };
  }

  /** The block that stands for all: the second, as the first may change stride and channels. */
  #block(name: string, count: number, nodes: readonly Node[]): readonly Node[] {
    const of = (index: number): readonly Node[] =>
      nodes.filter((node) => node.name.startsWith(`${name}.block${index}.`));
    const typical = of(Math.min(2, count));
    return typical.length > 0 ? typical : nodes;
  }

  /** By how much the stage is finer at its entry than at its exit, if that is a whole number. */
  #stride(nodes: readonly Node[], block: readonly Node[]): string | undefined {
    const [first] = nodes;
    if (first === undefined || block.includes(first)) return undefined;
    const before = this.#fields.get(first.inputs[0] ?? "")?.step;
    const after = this.#fields.get(nodes.at(-1)?.name ?? "")?.step;
    if (before === undefined || after === undefined) return undefined;
    const [height, width] = [after[0] / before[0], after[1] / before[1]];
    if (height === 1 && width === 1) return undefined;
    return height === width ? `/${height}` : `/${height}x${width}`;
  }
}
