/**
 * Equal blocks in a row become one that stands for them all. Blocks are equal where their operations, shapes and
 * connections are, and nothing but the next block takes a value out of those in between.
 */
import type { Graph, Node } from "../graph/graph.js";
import { printType } from "../shapes/index.js";

/** A graph's nodes, some of them for several. */
export interface FoldedGraph {
  readonly graph: Graph;
  /** In the graph's order; inputs are nodes of this list. */
  readonly nodes: readonly Node[];
  /** By the name of the block that was kept: its number and that of the last that it stands for. */
  readonly repeats: ReadonlyMap<string, { readonly first: number; readonly last: number }>;
}

/** All nodes as they are. */
export function unfolded(graph: Graph): FoldedGraph {
  return { graph, nodes: graph.nodes, repeats: new Map() };
}

interface Block {
  /** `conv3.block2` */
  readonly name: string;
  readonly number: number;
  readonly nodes: readonly Node[];
}

/** Folds the blocks of every stage, or other place that repeats a block. */
export function fold(graph: Graph): FoldedGraph {
  const consumers = consumersOf(graph);
  /** Who stands for a node that was folded away. */
  const stand = new Map<string, string>();
  const repeats = new Map<string, { first: number; last: number }>();
  for (const run of runsOf(graph)) {
    let kept: { block: Block; last: Block; shape: string } | undefined;
    for (const block of run) {
      const shape = signature(block);
      if (kept?.shape === shape && follows(kept.last, block, consumers)) {
        kept.last = block;
        repeats.set(kept.block.name, { first: kept.block.number, last: block.number });
        for (const { name } of block.nodes) {
          stand.set(name, kept.block.name + name.slice(block.name.length));
        }
      } else kept = { block, last: block, shape };
    }
  }
  const nodes = graph.nodes
    .filter(({ name }) => !stand.has(name))
    .map((node) => {
      const inputs = node.inputs.map((name) => stand.get(name) ?? name);
      return { ...node, inputs } as Node;
    });
  return { graph, nodes, repeats };
}

function consumersOf({ nodes, outputs }: Graph): ReadonlyMap<string, readonly string[]> {
  const consumers = new Map<string, string[]>();
  const use = (name: string, by: string): void => {
    consumers.set(name, [...(consumers.get(name) ?? []), by]);
  };
  for (const node of nodes) for (const input of node.inputs) use(input, node.name);
  for (const { node } of outputs) use(node, "");
  return consumers;
}

/** The numbered blocks of each place in order: `conv3.block1`, `conv3.block2`, … Inner blocks stay with theirs. */
function runsOf(graph: Graph): readonly (readonly Block[])[] {
  const runs = new Map<string, Map<number, Node[]>>();
  for (const node of graph.nodes) {
    const match = /^(.*?)\.block(\d+)\./.exec(node.name);
    if (match === null) continue;
    const [, place = "", number = ""] = match;
    const run = runs.get(place) ?? new Map<number, Node[]>();
    runs.set(place, run);
    run.set(Number(number), [...(run.get(Number(number)) ?? []), node]);
  }
  return [...runs].map(([place, run]) =>
    [...run].map(([number, nodes]) => ({ name: `${place}.block${number}`, number, nodes })),
  );
}

/** What a block is, whatever it is called and whatever comes before it. */
function signature({ name: prefix, nodes }: Block): string {
  const outside: string[] = [];
  const short = (name: string): string => {
    if (name.startsWith(`${prefix}.`)) return name.slice(prefix.length);
    if (!outside.includes(name)) outside.push(name);
    return `outside ${outside.indexOf(name)}`;
  };
  return JSON.stringify(
    nodes.map(({ name, op, attributes, inputs, type }) => [
      short(name),
      op,
      attributes,
      inputs.map(short),
      printType(type),
    ]),
  );
}

/** Whether `next` takes one value from `block`, its last, and nobody else takes any. */
function follows(
  block: Block,
  next: Block,
  consumers: ReadonlyMap<string, readonly string[]>,
): boolean {
  const inside = (name: string, of: Block): boolean => name.startsWith(`${of.name}.`);
  const last = block.nodes.at(-1)?.name ?? "";
  const isOnlyNext = block.nodes.every(({ name }) =>
    (consumers.get(name) ?? []).every(
      (by) => inside(by, block) || (name === last && inside(by, next)),
    ),
  );
  const takes = next.nodes.flatMap(({ inputs }) => inputs.filter((name) => !inside(name, next)));
  return isOnlyNext && takes.every((name) => name === last);
}
