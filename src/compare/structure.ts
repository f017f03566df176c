/**
 * What was added, removed and changed between two graphs, operation by operation: parts with a name of their own are
 * paired by it, all others by their sequence, so that an inserted block is one insertion and not a change of all
 * blocks behind it.
 */
import type { Graph, Node, Region } from "../graph/graph.js";
import { describeLayer, isTableLayer } from "../graph/layer-text.js";
import { align, type Likeness, type Pair } from "./alignment.js";
import { kindOf, nodesOf, partsOf, Signatures, type Part } from "./part.js";

export type Change =
  /** `what` is how it is written, as far as one line can say. */
  | { readonly kind: "added" | "removed"; readonly place: string; readonly what: string }
  /** An operation, or the count and block of a stage. */
  | {
      readonly kind: "changed" | "renamed" | "rewired";
      /** Where it is after the change. */
      readonly place: string;
      readonly before: string;
      readonly after: string;
    };

export interface Structure {
  readonly changes: readonly Change[];
  /** The parts at the top, paired. */
  readonly parts: readonly Pair<Part>[];
  /** The operations of the one graph by the name of that which became of them. */
  readonly became: ReadonlyMap<string, string>;
}

/** Compares two graphs. Positions in the source make no difference, nor do the names that numbers are given for. */
export function compareStructure(before: Graph, after: Graph): Structure {
  const comparison = new Comparison(before, after);
  return comparison.run();
}

class Comparison {
  readonly #changes: Change[] = [];
  readonly #became = new Map<string, string>();
  readonly #regions: { readonly before: Regions; readonly after: Regions };

  constructor(
    private readonly before: Graph,
    private readonly after: Graph,
  ) {
    this.#regions = { before: regionsOf(before), after: regionsOf(after) };
  }

  run(): Structure {
    const signatures = new Signatures();
    const [first, second] = [partsOf(this.before, signatures), partsOf(this.after, signatures)];
    const aligned = align(first, second, this.#topLikeness, this.#areSameAtTop);
    const parts = withReplacements(aligned, this.#canReplace);
    for (const pair of parts) this.#compare(pair);
    this.#compareWiring();
    return { changes: this.#changes, parts, became: this.#became };
  }

  /** A region is itself wherever its name is; under another name, if it computes the same. */
  readonly #topLikeness: Likeness<Part> = (before, after) => {
    const [one, other] = [
      this.#regions.before.get(before.name),
      this.#regions.after.get(after.name),
    ];
    if (one === undefined && other === undefined) return likeness(before, after);
    if (one?.kind !== other?.kind) return 0;
    if (before.name === after.name) return 8;
    const isTaken = this.#regions.after.has(before.name) || this.#regions.before.has(after.name);
    if (isTaken) return 0;
    return before.signature === after.signature ? 6 : one?.kind === "stage" ? 0 : 2;
  };

  readonly #areSameAtTop = (before: Part, after: Part): boolean =>
    before.name === after.name && before.signature === after.signature;

  readonly #canReplace = (before: Part, after: Part): boolean =>
    !this.#regions.before.has(before.name) &&
    !this.#regions.after.has(after.name) &&
    areOfOneKind(before, after);

  #compare({ before, after }: Pair<Part>): void {
    if (before === undefined || after === undefined) return this.#oneSided({ before, after });
    this.#compareNames(before, after);
    if (before.signature === after.signature) return this.#pairNodes(before, after);
    if (before.node && after.node) {
      this.#became.set(before.name, after.name);
      this.#changes.push(changed(after.name, before.node, after.node));
      return;
    }
    const pairs = align(before.members, after.members, likeness, areSame);
    for (const pair of withReplacements(pairs, areOfOneKind)) this.#compare(pair);
  }

  #oneSided({ before, after }: { before: Part | undefined; after: Part | undefined }): void {
    const [part, side] = after ? [after, "after" as const] : [before, "before" as const];
    if (part === undefined) return;
    const kind = side === "after" ? "added" : "removed";
    const what = describePart(part, this.#regions[side]);
    this.#changes.push({ kind, place: placeOf(part, this.#regions[side]), what });
  }

  /** What a region is called, and how a stage is written. */
  #compareNames(before: Part, after: Part): void {
    const [one, other] = [
      this.#regions.before.get(before.name),
      this.#regions.after.get(after.name),
    ];
    if (one === undefined || other === undefined) return;
    const place = `${other.kind} ${other.name}`;
    if (one.name !== other.name) {
      this.#changes.push({ kind: "renamed", place, before: one.name, after: other.name });
    }
    const [was, is] = [writtenAs(one), writtenAs(other)];
    if (was === undefined || is === undefined || was === is) return;
    this.#changes.push({ kind: "changed", place, before: was, after: is });
  }

  #pairNodes(before: Part, after: Part): void {
    const others = nodesOf(after);
    nodesOf(before).forEach(({ name }, index) => {
      const other = others[index];
      if (other) this.#became.set(name, other.name);
    });
  }

  /** Operations that are fed from elsewhere, apart from what was put in between or taken out. */
  #compareWiring(): void {
    const from = new Map(this.before.nodes.map((node) => [node.name, node]));
    const to = new Map(this.after.nodes.map((node) => [node.name, node]));
    const arrived = new Set(this.#became.values());
    for (const [was, is] of this.#became) {
      const before = feeds(from.get(was), from, (name) => this.#became.has(name));
      const after = feeds(to.get(is), to, (name) => arrived.has(name));
      const expected = before.map((name) => this.#became.get(name) ?? name);
      if (expected.join() === after.join()) continue;
      // Another number of operands is an operand that was added or removed, and told as that.
      if (before.length !== after.length) continue;
      const [one, other] = [before.join(" and "), after.join(" and ")];
      this.#changes.push({ kind: "rewired", place: is, before: one, after: other });
    }
  }
}

/** What feeds a node, each operand followed back to what is in both graphs. */
function feeds(
  node: Node | undefined,
  nodes: ReadonlyMap<string, Node>,
  isPaired: (name: string) => boolean,
): readonly string[] {
  return (node?.inputs ?? []).map((input) => {
    let at = input;
    while (!isPaired(at)) {
      const [next] = nodes.get(at)?.inputs ?? [];
      if (next === undefined) break;
      at = next;
    }
    return at;
  });
}

type Regions = ReadonlyMap<string, Region>;

function regionsOf({ regions }: Graph): Regions {
  return new Map(regions.map((region) => [region.name, region]));
}

/** Inside of a part, items are known by what they do first, and by their names second. */
const likeness: Likeness<Part> = (before, after) => {
  const named = before.label === after.label ? 1 : 0;
  if (before.signature === after.signature) return 4 + named;
  if (before.node && after.node) return before.node.op === after.node.op ? 1 + named : 0;
  if (before.node || after.node) return 0;
  return kindOf(before.label) === kindOf(after.label) ? 1 + named : 0;
};

function areSame(before: Part, after: Part): boolean {
  return before.signature === after.signature && areOfOneKind(before, after);
}

/** Both operations, or both groups of them. */
function areOfOneKind(before: Part, after: Part): boolean {
  return (before.node === undefined) === (after.node === undefined);
}

/** Where as many parts were removed as were added in their place, each became the other, if it can. */
function withReplacements(
  pairs: readonly Pair<Part>[],
  canReplace: (before: Part, after: Part) => boolean,
): readonly Pair<Part>[] {
  const out: Pair<Part>[] = [];
  for (let index = 0; index < pairs.length;) {
    const gap = gapAt(pairs, index);
    if (gap.length === 0) {
      out.push(pairs[index++] ?? {});
      continue;
    }
    const removed = gap.flatMap(({ before }) => (before ? [before] : []));
    const added = gap.flatMap(({ after }) => (after ? [after] : []));
    const replaced = removed.flatMap((before, place): Pair<Part>[] => {
      const after = added[place];
      return after && canReplace(before, after) ? [{ before, after }] : [];
    });
    const all = replaced.length === removed.length && removed.length === added.length;
    out.push(...(all ? replaced : gap));
    index += gap.length;
  }
  return out;
}

function gapAt(pairs: readonly Pair<Part>[], from: number): readonly Pair<Part>[] {
  const isWhole = ({ before, after }: Pair<Part>): boolean =>
    before !== undefined && after !== undefined;
  let end = from;
  while (end < pairs.length && !isWhole(pairs[end] ?? {})) end++;
  return pairs.slice(from, end);
}

function changed(place: string, before: Node, after: Node): Change {
  const [was, is] = [describeLayer(before), describeLayer(after)];
  if (was !== is) return { kind: "changed", place, before: was, after: is };
  // The difference is in an attribute that goes unsaid where a layer is described.
  const others = new Map(Object.entries(after.attributes as Readonly<Record<string, unknown>>));
  const differing = Object.entries(before.attributes as Readonly<Record<string, unknown>>).filter(
    ([name, value]) => JSON.stringify(others.get(name)) !== JSON.stringify(value),
  );
  const text = (values: readonly (readonly [string, unknown])[]): string =>
    `${was}${was.includes(" ") ? "," : ""} ${values.map(([name, value]) => `${name}: ${String(value)}`).join(", ")}`;
  return {
    kind: "changed",
    place,
    before: text(differing),
    after: text(differing.map(([name]) => [name, others.get(name)])),
  };
}

function writtenAs({ kind, count, block }: Region): string | undefined {
  if (kind !== "stage" || block === undefined) return undefined;
  return count === 1 ? block : `${count} x ${block}`;
}

function placeOf({ name }: Part, regions: Regions): string {
  const region = regions.get(name);
  return region === undefined ? name : `${region.kind} ${name}`;
}

/** How many of a part's layers are written out. */
const layersShown = 4;

/** A part in one line: its block, or the layers that it has. */
function describePart(part: Part, regions: Regions): string {
  const region = regions.get(part.name);
  const written = region && writtenAs(region);
  if (written !== undefined) return written;
  const stage = regions.get(part.name.slice(0, part.name.indexOf(".")));
  const isBlock = /^block\d+$/.test(part.label) && part.name === `${stage?.name}.${part.label}`;
  if (isBlock && stage?.block !== undefined) return stage.block.replace(/,\s*\/\S+$/, "");
  const nodes = nodesOf(part);
  const layers = nodes.length > layersShown ? nodes.filter(isTableLayer) : nodes;
  const shown = layers.slice(0, layersShown).map(describeLayer);
  return [...shown, ...(layers.length > layersShown ? ["…"] : [])].join(" -> ");
}
