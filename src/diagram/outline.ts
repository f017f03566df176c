/** The tree that the hierarchical names of nodes make: groups in groups, in the order of the graph. */
import type { Node } from "../graph/graph.js";

export interface Outline {
  /** The common prefix of the names; empty for the whole. */
  readonly name: string;
  readonly members: readonly (Outline | Node)[];
}

export function isGroup(member: Outline | Node): member is Outline {
  return "members" in member;
}

interface Open {
  readonly name: string;
  readonly members: (Open | Node)[];
}

/** The outline of nodes that are in topological order. A group stands where its first node does. */
export function outlineOf(nodes: readonly Node[]): Outline {
  const whole: Open = { name: "", members: [] };
  const groups = new Map<string, Open>([["", whole]]);
  const groupAt = (name: string): Open => {
    const known = groups.get(name);
    if (known) return known;
    const made: Open = { name, members: [] };
    groups.set(name, made);
    groupAt(parentName(name)).members.push(made);
    return made;
  };
  for (const node of nodes) groupAt(parentName(node.name)).members.push(node);
  return whole;
}

/** `conv3.block1` of `conv3.block1.add`; empty at the top. */
export function parentName(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

/** `add` of `conv3.block1.add`. */
export function lastName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Whether a node or group lies in a group. */
export function isWithin(name: string, group: string): boolean {
  return group === "" || name.startsWith(`${group}.`);
}
