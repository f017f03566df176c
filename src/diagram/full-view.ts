/** The network with every operation: what it does, its shape and its parameters, grouped by block and stage. */
import { grouped } from "../diagnostics/numbers.js";
import { nodeCost } from "../graph/cost.js";
import type { Node, Region } from "../graph/graph.js";
import { describeLayer } from "../graph/layer-text.js";
import { printTypeWhere } from "../shapes/index.js";
import { describe } from "./description.js";
import type { Diagram, Group, Item, Link, Member } from "./diagram.js";
import type { FoldedGraph } from "./fold.js";
import { isGroup, lastName, outlineOf, type Outline } from "./outline.js";
import { operandAround, regionTones, shortcutGroup } from "./structure.js";

/** The picture of a graph, in which equal blocks may be folded. */
export function fullView(folded: FoldedGraph): Diagram {
  return {
    view: "full",
    ...describe(folded.graph),
    members: new FullView(folded).members(),
    links: folded.nodes.flatMap(linksTo),
  };
}

function linksTo(node: Node): Link[] {
  const past = operandAround(node);
  return [...new Set(node.inputs)].map((name) => {
    const around = name === past && shortcutGroup(node, name) === undefined;
    return { from: name, to: node.name, around, dashed: false };
  });
}

/** Parts of a block's constructs, which the arrows show. */
const unframed = /^(?:residual|shortcut|gate|branch)\d*$/;

class FullView {
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #tones: ReturnType<typeof regionTones>;

  constructor(private readonly folded: FoldedGraph) {
    this.#nodes = new Map(folded.nodes.map((node) => [node.name, node]));
    this.#tones = regionTones(folded.graph);
  }

  members(): readonly Member[] {
    return this.#membersOf(outlineOf(this.folded.nodes));
  }

  #membersOf(outline: Outline): readonly Member[] {
    return outline.members.map((member): Member =>
      isGroup(member) ? this.#group(member) : this.#item(member),
    );
  }

  #group(outline: Outline): Group {
    const { name } = outline;
    const repeat = this.folded.repeats.get(name);
    const region = this.folded.graph.regions.find((each) => each.name === name);
    const label = region ? regionLabel(region) : this.#blockLabel(name);
    return {
      kind: "group",
      id: name,
      ...(label && { label }),
      times: repeat === undefined ? 1 : repeat.last - repeat.first + 1,
      tone: this.#toneOf(name),
      members: this.#membersOf(outline),
    };
  }

  #blockLabel(group: string): Group["label"] {
    const name = lastName(group);
    if (unframed.test(name)) return undefined;
    const [, number] = /^block(\d+)$/.exec(name) ?? [];
    if (number === undefined) return { name, more: "" };
    const repeat = this.folded.repeats.get(group);
    const more = repeat === undefined ? "" : `to ${repeat.last}`;
    return { name: `${repeat === undefined ? "block" : "blocks"} ${number}`, more };
  }

  #toneOf(name: string): Item["tone"] {
    return this.#tones.get(name.split(".")[0] ?? "") ?? "plain";
  }

  #item(node: Node): Item {
    const isMerge = node.op === "add" || node.op === "multiply";
    const { parameters } = nodeCost(this.#nodes, node);
    const cost = parameters === 0 ? "" : ` · ${grouped(parameters)} params`;
    const sign = node.op === "add" ? "+" : "×";
    const text = describeLayer(node);
    const shape = printTypeWhere(node.type, this.folded.graph.domains);
    return {
      kind: "item",
      id: node.name,
      form: isMerge ? "merge" : "box",
      tone: this.#toneOf(node.name),
      weighs: node.op === "conv" || node.op === "dense",
      lines: isMerge ? [sign] : [text, `${shape}${cost}`],
      notes: {},
      hint: `${node.name}: ${text}, gives ${shape}${
        parameters === 0 ? "" : `, ${grouped(parameters)} parameters`
      }`,
    };
  }
}

function regionLabel({ kind, name, count, block }: Region): NonNullable<Group["label"]> {
  if (kind !== "stage" || block === undefined) return { name, more: "" };
  return { name, more: count > 1 ? `${count} x ${block}` : block };
}
