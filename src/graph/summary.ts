/**
 * A network as the rows of a table, in the manner of He et al. 2015, Table 1: one row for the stem,
 * each stage and each head, with what a block of it is made of; and one row for every layer.
 */
import type { Pair } from "../ops/attributes.js";
import { printType } from "../shapes/index.js";
import { nodeCost } from "./cost.js";
import type { Graph, Node, Region } from "./graph.js";
import { receptiveFields } from "./receptive-field.js";
import { inputOf, nodesByName, typeAt, type Sizes } from "./traversal.js";

export interface SummaryRow {
  readonly name: string;
  /** Shape of what comes out: `56x56x256`. */
  readonly output: string;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image; absent where a symbolic size is not given. */
  readonly macs?: number;
  /** Pixels that one output sees, [height, width]; absent where it is the whole image. */
  readonly receptiveField?: Pair;
}

export interface RegionRow extends SummaryRow {
  readonly kind: Region["kind"] | "other";
  /** The layers of one block, as the paper writes them: `3x3, 64`. */
  readonly layers: readonly string[];
  /** How many such blocks. */
  readonly count: number;
}

export interface LayerRow extends SummaryRow {
  readonly op: Node["op"];
}

export interface Summary {
  readonly network: string;
  readonly input: string;
  readonly regions: readonly RegionRow[];
  readonly layers: readonly LayerRow[];
  readonly parameters: number;
  readonly macs?: number;
}

/** The summary of a graph; `sizes` are those of its input's symbols, if it has any. */
export function summarize(graph: Graph, sizes: Sizes = new Map()): Summary {
  const layers = layerRows(graph, sizes);
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const regions = groupNodes(graph).map(({ region, nodes }) => {
    const rows = nodes.flatMap((node) => byName.get(node.name) ?? []);
    const last = rows.at(-1);
    const seen = rows.findLast(({ receptiveField }) => receptiveField !== undefined);
    return {
      kind: region.kind,
      name: region.name,
      layers: describeLayers(region, nodes),
      count: region.count,
      output: last?.output ?? "",
      ...total(rows),
      ...(region.kind !== "head" &&
        seen?.receptiveField && { receptiveField: seen.receptiveField }),
    };
  });
  const input = printType(sized(inputOf(graph), sizes));
  return { network: graph.name, input, regions, layers, ...total(layers) };
}

function total(rows: readonly SummaryRow[]): { parameters: number; macs?: number } {
  const parameters = rows.reduce((sum, row) => sum + row.parameters, 0);
  if (rows.some(({ macs }) => macs === undefined)) return { parameters };
  return { parameters, macs: rows.reduce((sum, { macs = 0 }) => sum + macs, 0) };
}

function sized(node: Node, sizes: Sizes): Node["type"] {
  const known = node.type.spatial.every((e) => typeof e === "number" || sizes.has(e.symbol));
  return known ? typeAt(node.type, sizes) : node.type;
}

function layerRows(graph: Graph, sizes: Sizes): LayerRow[] {
  const nodes = nodesByName(graph);
  const fields = receptiveFields(graph);
  return graph.nodes
    .filter(({ op }) => op !== "input")
    .map((node) => {
      const { parameters, macs } = nodeCost(nodes, node, sizes);
      const field = fields.get(node.name)?.size;
      return {
        name: node.name,
        op: node.op,
        output: printType(sized(node, sizes)),
        parameters,
        ...(macs !== undefined && { macs }),
        ...(field && Number.isFinite(field[0]) && { receptiveField: field }),
      };
    });
}

interface Group {
  readonly region: Region | { readonly kind: "other"; readonly name: string; readonly count: 1 };
  readonly nodes: readonly Node[];
}

/** Nodes by region, in the order of the graph; what is in none stands by itself. */
function groupNodes(graph: Graph): Group[] {
  const groups: { region: Group["region"]; nodes: Node[] }[] = [];
  for (const node of graph.nodes) {
    if (node.op === "input") continue;
    const region = graph.regions.find(({ name }) => node.name.startsWith(`${name}.`)) ?? {
      kind: "other" as const,
      name: node.name.split(".")[0] ?? node.name,
      count: 1 as const,
    };
    const last = groups.find((group) => group.region.name === region.name);
    if (last) last.nodes.push(node);
    else groups.push({ region, nodes: [node] });
  }
  return groups;
}

/** The convolutions, pools and dense layers of one block, its shortcut left out. */
function describeLayers({ name, count }: Group["region"], nodes: readonly Node[]): string[] {
  const block = `${name}.block${count}.`;
  const ofBlock = nodes.filter((node) => node.name.startsWith(block));
  const shown = ofBlock.length > 0 ? ofBlock : nodes;
  return shown.filter((node) => !/\.shortcut\d*\./.test(node.name)).flatMap(describeLayer);
}

function describeLayer(node: Node): string[] {
  const size = ([height, width]: Pair): string => `${height}x${width}`;
  const by = ([height, width]: Pair): string =>
    height === 1 && width === 1 ? "" : `, /${height === width ? height : `${height}x${width}`}`;
  switch (node.op) {
    case "conv": {
      const { kernel, channels, stride, groups } = node.attributes;
      const grouped = groups === 1 ? "" : `, groups ${groups}`;
      return [`${size(kernel)}, ${channels}${grouped}${by(stride)}`];
    }
    case "maxpool":
    case "avgpool":
      return [`${node.op} ${size(node.attributes.kernel)}${by(node.attributes.stride)}`];
    case "dense":
      return [`dense ${node.attributes.channels}`];
    case "upsample":
      return [`upsample ${size(node.attributes.factor)}`];
    case "globalavgpool":
    case "flatten":
    case "concat":
    case "dropout":
      return [node.op];
    default:
      return [];
  }
}
