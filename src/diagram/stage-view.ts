/**
 * The network as the figures of the papers draw it: a box for each layer with weights, each pool and each merge,
 * in which the normalisations and activations after them are taken as read, and shortcuts as arcs that say
 * themselves what they do.
 */
import type { Node } from "../graph/graph.js";
import { describeLayer } from "../graph/layer-text.js";
import { hasOwnName, stepOf } from "../graph/steps.js";
import type { OpName } from "../ops/attributes.js";
import { printType, printTypeWhere } from "../shapes/index.js";
import { describe } from "./description.js";
import type { Diagram, Group, Item, Link, Member } from "./diagram.js";
import { figureText, sizeText } from "./figure-text.js";
import type { FoldedGraph } from "./fold.js";
import { isGroup, isWithin, outlineOf, type Outline } from "./outline.js";
import { operandAround, regionName, regionTones, shortcutGroup } from "./structure.js";

/** What a box of the layer before stands for as well. */
const absorbed: ReadonlySet<OpName> = new Set(["batchnorm", "relu", "sigmoid", "dropout"]);

/** What is in a gate has a size of its own, which says nothing of the column's. */
const isScale = /(?:^|\.)gate\d*\./;

/** The largest number of layers that an arc's label names. */
const labelled = 2;

/** The picture of a graph, in which equal blocks may be folded. */
export function stageView(folded: FoldedGraph): Diagram {
  const view = new StageView(folded);
  return {
    view: "stages",
    ...describe(folded.graph),
    members: view.members(),
    links: view.links(),
  };
}

class StageView {
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #tones: ReturnType<typeof regionTones>;
  /** Shortcuts' groups that are drawn as arcs, by name, with what enters them. */
  readonly #arcs = new Map<string, { readonly entry: string; readonly nodes: readonly Node[] }>();
  /** Names of steps outside of regions, by the items that show what they give. */
  readonly #steps: ReadonlyMap<string, string>;
  /** Regions whose first item has been made. */
  readonly #named = new Set<string>();

  constructor(private readonly folded: FoldedGraph) {
    this.#nodes = new Map(folded.nodes.map((node) => [node.name, node]));
    this.#tones = regionTones(folded.graph);
    for (const node of folded.nodes) this.#findArc(node);
    const named = folded.nodes.filter(
      (node) => stepOf(node) === node.name && hasOwnName(node.name),
    );
    this.#steps = new Map(named.map(({ name }) => [this.#itemFor(name), name]));
  }

  members(): readonly Member[] {
    return this.#membersOf(outlineOf(this.folded.nodes));
  }

  links(): readonly Link[] {
    const links = this.folded.nodes.filter((node) => this.#isDrawn(node)).flatMap(this.#linksTo);
    return links;
  }

  #findArc(merge: Node): void {
    const operand = operandAround(merge);
    const group = operand === undefined ? undefined : shortcutGroup(merge, operand);
    if (group === undefined) return;
    const nodes = this.folded.nodes.filter(({ name }) => isWithin(name, group));
    const entering = new Set(
      nodes.flatMap(({ inputs }) => inputs.filter((name) => !isWithin(name, group))),
    );
    const [entry, more] = entering;
    const isTaken = this.folded.nodes.some(
      (node) =>
        node !== merge &&
        !isWithin(node.name, group) &&
        node.inputs.some((name) => isWithin(name, group)),
    );
    if (entry !== undefined && more === undefined && !isTaken) {
      this.#arcs.set(group, { entry, nodes });
    }
  }

  #arcOf(name: string): { readonly entry: string; readonly nodes: readonly Node[] } | undefined {
    const group = [...this.#arcs.keys()].find((each) => isWithin(name, each));
    return group === undefined ? undefined : this.#arcs.get(group);
  }

  #isDrawn(node: Node): boolean {
    return !absorbed.has(node.op) && this.#arcOf(node.name) === undefined;
  }

  /** The item that shows what a node gives. */
  #itemFor(name: string): string {
    let at = name;
    for (;;) {
      const node = this.#nodes.get(at);
      if (node === undefined || this.#isDrawn(node)) return at;
      at = this.#arcOf(at)?.entry ?? node.inputs[0] ?? "";
    }
  }

  #membersOf(outline: Outline): readonly Member[] {
    return outline.members.flatMap((member): Member[] => {
      if (!isGroup(member)) return this.#isDrawn(member) ? [this.#item(member)] : [];
      const members = this.#membersOf(member);
      return members.length === 0 ? [] : [this.#group(member, members)];
    });
  }

  #group({ name }: Outline, members: readonly Member[]): Group {
    const repeat = this.folded.repeats.get(name);
    const times = repeat === undefined ? 1 : repeat.last - repeat.first + 1;
    return { kind: "group", id: name, times, tone: this.#toneOf(name), members };
  }

  #toneOf(name: string): Item["tone"] {
    return this.#tones.get(name.split(".")[0] ?? "") ?? "plain";
  }

  #item(node: Node): Item {
    const isMerge = node.op === "add" || node.op === "multiply";
    const text = figureText(node);
    return {
      kind: "item",
      id: node.name,
      form: isMerge ? "merge" : "box",
      tone: this.#toneOf(node.name),
      weighs: node.op === "conv" || node.op === "dense",
      lines: [text],
      notes: this.#notes(node, isMerge),
      hint: `${node.name}: ${describeLayer(node)}, gives ${printTypeWhere(node.type, this.folded.graph.domains)}`,
    };
  }

  /** The name of the region that begins with a node, or outside of them that of the step which it shows. */
  #nameAt(node: Node): string | undefined {
    const region = regionName(this.folded.graph, node.name);
    if (region === undefined) return this.#steps.get(node.name);
    if (this.#named.has(region)) return undefined;
    this.#named.add(region);
    return region;
  }

  #notes(node: Node, isMerge: boolean): Item["notes"] {
    const name = this.#nameAt(node);
    const before = node.inputs.map((name) => this.#nodes.get(name)?.type);
    const { domains } = this.folded.graph;
    const size = sizeText(node.type, domains);
    const changes = before.every((type) => type === undefined || sizeText(type, domains) !== size);
    return {
      ...(name !== undefined && { name }),
      ...(changes && !isMerge && !isScale.test(node.name) && { size: `output size: ${size}` }),
    };
  }

  readonly #linksTo = (node: Node): Link[] => {
    const past = operandAround(node);
    return [...new Set(node.inputs)].map((name) => {
      const link = { from: this.#itemFor(name), to: node.name };
      if (name !== past) return { ...link, around: false, dashed: false };
      const arc = this.#arcOf(name);
      const entering = this.#nodes.get(arc?.entry ?? name);
      const dashed =
        node.op === "add" &&
        entering !== undefined &&
        printType(entering.type) !== printType(node.type);
      const label = arc && arcLabel(arc.nodes);
      return { ...link, around: true, dashed, ...(label !== undefined && { label }) };
    });
  };
}

/** What a shortcut does: `1x1 conv, 128, /2`. */
function arcLabel(nodes: readonly Node[]): string | undefined {
  const layers = nodes.filter(({ op }) => !absorbed.has(op)).map(figureText);
  if (layers.length === 0) return undefined;
  return layers.length > labelled ? `${layers.length} layers` : layers.join(", ");
}
