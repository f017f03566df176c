/**
 * A graph as a tree of parts, by the hierarchical names of its nodes: stages hold blocks, blocks hold residuals, those
 * hold operations. Parts with equal signatures compute the same, whatever they are called.
 */
import type { Graph, Node } from "../graph/graph.js";

export interface Part {
  /** `conv3.block1`; of an operation the name of its node. */
  readonly name: string;
  /** The last word of the name: `block1`. */
  readonly label: string;
  /** The operation, where the part is one. */
  readonly node?: Node;
  readonly members: readonly Part[];
  /** What it computes; one number for all parts, of either graph, that compute the same. */
  readonly signature: number;
}

/** Numbers for what parts compute; one for both graphs of a comparison. */
export class Signatures {
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

interface Open {
  readonly name: string;
  readonly members: (Open | Node)[];
}

/** The parts at the top: the input, regions, and what stands between them. */
export function partsOf({ nodes }: Graph, signatures: Signatures): readonly Part[] {
  const whole: Open = { name: "", members: [] };
  const groups = new Map<string, Open>([["", whole]]);
  const groupAt = (name: string): Open => {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const made: Open = { name, members: [] };
    groups.set(name, made);
    groupAt(parentOf(name)).members.push(made);
    return made;
  };
  for (const node of nodes) groupAt(parentOf(node.name)).members.push(node);
  return whole.members.map((member) => closed(member, signatures));
}

/** The operations of a part, in the order of the graph. */
export function nodesOf({ node, members }: Part): readonly Node[] {
  return node === undefined ? members.flatMap(nodesOf) : [node];
}

/** The attributes of a node as text, in one order. */
export function attributesText({ attributes }: Node): string {
  const entries = Object.entries(attributes as Readonly<Record<string, unknown>>);
  return entries
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ");
}

function closed(member: Open | Node, signatures: Signatures): Part {
  const { name } = member;
  const label = name.slice(name.lastIndexOf(".") + 1);
  if (!("members" in member)) {
    const signature = signatures.numberOf(`${member.op}(${attributesText(member)})`);
    return { name, label, node: member, members: [], signature };
  }
  const members = member.members.map((each) => closed(each, signatures));
  // A shortcut and a residual of the same operations are not the same.
  const inside = members.map((each) => `${each.node ? "" : kindOf(each.label)}${each.signature}`);
  return { name, label, members, signature: signatures.numberOf(`{${inside.join(" ")}}`) };
}

/** A label without the number that tells it from others of its kind: `block` of `block3`. */
export function kindOf(label: string): string {
  return label.replace(/\d+$/, "");
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}
