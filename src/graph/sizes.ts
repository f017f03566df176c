/**
 * The sizes of its input that a graph takes, as exact sets: those that its spec declares, and those for
 * which it is sound, whatever is declared. Sound are the sizes at which something is left of every value
 * and the operands of every merge are of one shape.
 */
import {
  everySize,
  intersectSizes,
  printExtent,
  printSizeSet,
  sizeFrom,
  sizesAgreeing,
  sizesOfDomain,
  sizesReaching,
  sizeUpTo,
  hasSize,
  type Extent,
  type SizeSet,
  type SymbolicExtent,
  type TensorType,
} from "../shapes/index.js";
import type { Graph, Node, SymbolSizes } from "./graph.js";
import { inputTypes, nodesByName } from "./traversal.js";

/**
 * The sizes of every symbol of the input. Computed from the declared domains and the nodes' types alone.
 *
 * @returns none for an input of one size; nothing for a symbol whose sizes have no closed form that can
 * be written down, which takes conditions of many moduli without common factors.
 */
export function graphSizes(graph: Pick<Graph, "domains" | "nodes">): readonly SymbolSizes[] {
  if (graph.domains.length === 0) return [];
  const sound = soundSizes(graph.nodes);
  return graph.domains.flatMap((domain) => {
    const { symbol } = domain;
    const admitted = sizesOfDomain(domain);
    const solved = sound.get(symbol) ?? everySize;
    if (admitted === undefined || solved === "open") return [];
    return [{ symbol, text: printSizeSet(symbol, admitted), admitted, sound: solved }];
  });
}

/** The graph's sizes, as it carries them, or computed where it does not. */
export function sizesOf(graph: Graph): readonly SymbolSizes[] {
  return graph.sizes ?? graphSizes(graph);
}

/** What a size near one that is refused could be. */
export interface NearestSizes {
  readonly below?: number;
  readonly above?: number;
}

/** The nearest sizes on either side of one that a set does not have. */
export function nearestSizes(set: SizeSet, size: number): NearestSizes {
  if (hasSize(set, size)) return { below: size, above: size };
  const below = sizeUpTo(set, Math.floor(size));
  const above = sizeFrom(set, Math.max(1, Math.ceil(size)));
  return { ...(below !== undefined && { below }), ...(above !== undefined && { above }) };
}

/** How much search the sizes of one graph are worth; real networks take some hundreds of hops. */
const mostHops = 2 ** 20;

/** "open" where a set has no closed form. */
type Solved = Map<string, SizeSet | "open">;

function soundSizes(nodes: Graph["nodes"]): Solved {
  const solved: Solved = new Map();
  const known = new Set<string>();
  const byName = nodesByName({ nodes });
  const allowance = { left: mostHops };
  for (const node of nodes) {
    for (const extent of node.type.spatial) {
      if (typeof extent === "number" || !isNew(known, printExtent(extent))) continue;
      narrow(solved, extent, sizesReaching(extent, 1));
    }
    for (const [left, right] of merged(node, inputTypes(byName, node))) {
      const symbolic = [left, right].find((each) => typeof each !== "number");
      if (symbolic === undefined || typeof symbolic === "number") continue;
      if (!isNew(known, `${printExtent(left)} = ${printExtent(right)}`)) continue;
      narrow(solved, symbolic, sizesAgreeing(left, right, allowance));
    }
  }
  return solved;
}

function isNew(known: Set<string>, key: string): boolean {
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

function narrow(solved: Solved, { symbol }: SymbolicExtent, set: SizeSet | undefined): void {
  const before = solved.get(symbol) ?? everySize;
  if (before === "open") return;
  const after = set && intersectSizes(before, set);
  solved.set(symbol, after ?? "open");
}

/** The pairs of extents that a merge needs equal. */
function merged(
  { op }: Node,
  operands: readonly TensorType[],
): readonly (readonly [Extent, Extent])[] {
  if (op !== "add" && op !== "concat" && op !== "multiply") return [];
  const [first, ...others] = operands;
  if (first === undefined) return [];
  return others.flatMap((other) => {
    // A gate with one factor per channel has nothing to do with the map's size.
    if (op === "multiply" && other.spatial.every((extent) => extent === 1)) return [];
    return first.spatial.map((extent, axis) => [extent, other.spatial[axis] ?? 0] as const);
  });
}
