/** What the views know of a graph's structure: which operand of a merge goes around, and what belongs to which stage. */
import type { Graph, Node } from "../graph/graph.js";
import type { Tone } from "./diagram.js";
import { parentName } from "./outline.js";

/**
 * The operand of a merge that goes past what it is merged with: the shortcut of a residual, and the value that a
 * gate scales. Undefined for everything else: branches stand side by side.
 */
export function operandAround(node: Node): string | undefined {
  const [first, second] = node.inputs;
  if (first === undefined || second === undefined || node.inputs.length > 2) return undefined;
  const place = parentName(node.name);
  if (node.op === "multiply") return partOf(place, second) === "gate" ? first : undefined;
  if (node.op !== "add") return undefined;
  const residuals = node.inputs.filter((name) => partOf(place, name) === "residual");
  if (residuals.length !== 1) return undefined;
  return residuals[0] === first ? second : first;
}

/** The part of a block's construct that a node is in, without its number: `residual`, `shortcut`, `gate`, … */
function partOf(place: string, name: string): string | undefined {
  const prefix = place === "" ? "" : `${place}.`;
  if (!name.startsWith(prefix)) return undefined;
  const [part = "", ...rest] = name.slice(prefix.length).split(".");
  return rest.length === 0 ? undefined : part.replace(/\d+$/, "");
}

/** The group of a shortcut's own operations, `conv3.block1.shortcut`; undefined for an identity. */
export function shortcutGroup(merge: Node, operand: string): string | undefined {
  const place = parentName(merge.name);
  if (partOf(place, operand) !== "shortcut") return undefined;
  const prefix = place === "" ? "" : `${place}.`;
  return prefix + (operand.slice(prefix.length).split(".")[0] ?? "");
}

/** The colour of every region by its name. */
export function regionTones({ regions }: Graph): ReadonlyMap<string, Tone> {
  let stage = 0;
  return new Map(
    regions.map(({ kind, name }) => [name, kind === "stage" ? { stage: stage++ } : kind]),
  );
}

/** The name of the region that a node or group is in: the first part of its name, if that is a region. */
export function regionName(graph: Graph, name: string): string | undefined {
  const first = name.split(".")[0];
  return graph.regions.find((region) => region.name === first)?.name;
}
