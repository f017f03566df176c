/**
 * A picture as a Mermaid flowchart, for pages that draw those (GitHub's among them). Names stand in quotes with
 * every sign that means something to Mermaid as a character reference.
 */
import { grouped } from "../diagnostics/numbers.js";
import { itemsOf, type Diagram, type Group, type Item, type Link, type Member } from "./diagram.js";
import type { Direction } from "./direction.js";
import { toneColours, toneName } from "./theme.js";

/**
 * What Mermaid draws unless the page that draws allows more, by `maxEdges` and `maxTextSize`. A chart cannot ask for
 * it itself.
 */
const limits = { arrows: 500, characters: 50_000 } as const;

/**
 * The flowchart's text. Items are `n0`, `n1`, … in the order of the graph, groups `g0`, `g1`, … One that is too
 * large for Mermaid's limits says so in a comment.
 */
export function mermaid(diagram: Diagram, direction: Direction): string {
  const chart = flowchart(diagram, direction, []);
  const excess = excessOf(diagram, chart);
  return excess === undefined ? chart : flowchart(diagram, direction, [`%% ${excess}`]);
}

/** By what a picture is more than Mermaid draws: `564 arrows are more than the 500 that …`; undefined where not. */
export function mermaidExcess(diagram: Diagram, direction: Direction): string | undefined {
  return excessOf(diagram, flowchart(diagram, direction, []));
}

function excessOf({ links }: Diagram, chart: string): string | undefined {
  const over = (count: number, what: keyof typeof limits): string[] =>
    count <= limits[what]
      ? []
      : [`${grouped(count)} ${what} are more than the ${grouped(limits[what])}`];
  const [first] = [...over(links.length, "arrows"), ...over(chart.length, "characters")];
  return first === undefined
    ? undefined
    : `${first} that Mermaid draws unless its page allows more`;
}

function flowchart(diagram: Diagram, direction: Direction, comments: readonly string[]): string {
  const items = itemsOf(diagram.members);
  const names = new Map(items.map(({ id }, index) => [id, `n${index}`]));
  const subgraphs = new Subgraphs(names);
  const lines = [
    "---",
    `title: ${JSON.stringify(`${diagram.title}: ${diagram.subtitle}`)}`,
    "---",
    ...comments,
    `flowchart ${direction === "down" ? "TB" : "LR"}`,
    ...subgraphs.lines(diagram.members, "  "),
    ...diagram.links.map((link) => `  ${edge(link, names)}`),
    ...classes(items, names),
    ...subgraphs.frames(),
  ];
  return `${lines.join("\n")}\n`;
}

/** What frames a group on a light and on a dark page, in place of Mermaid's yellow ground. */
const frame = "fill:none,stroke:#8a94a6";

class Subgraphs {
  #count = 0;

  constructor(private readonly names: ReadonlyMap<string, string>) {}

  lines(members: readonly Member[], indent: string): readonly string[] {
    return members.flatMap((member) =>
      member.kind === "item"
        ? [`${indent}${this.names.get(member.id)}${shape(member)}`]
        : this.#group(member, indent),
    );
  }

  /** How the groups that have been written are drawn. */
  frames(): readonly string[] {
    if (this.#count === 0) return [];
    const names = Array.from({ length: this.#count }, (_, index) => `g${index}`);
    return [`  classDef frame ${frame}`, `  class ${names.join(",")} frame`];
  }

  #group({ id, label, times, members }: Group, indent: string): readonly string[] {
    const own = label ? `${label.name} ${label.more}`.trim() : "";
    const repeated = times > 1 ? `x ${times}` : "";
    const isStage = !id.includes(".");
    const title = [own === "" && isStage ? id : own, repeated].filter((part) => part !== "");
    if (title.length === 0) return this.lines(members, indent);
    return [
      `${indent}subgraph g${this.#count++}[${quoted(title.join(", "))}]`,
      ...this.lines(members, `${indent}  `),
      `${indent}end`,
    ];
  }
}

function shape({ form, lines }: Item): string {
  const text = quoted(lines.join("\n"));
  return form === "merge" ? `((${text}))` : `[${text}]`;
}

function edge({ from, to, dashed, label }: Link, names: ReadonlyMap<string, string>): string {
  const text = label === undefined ? "" : `|${quoted(label)}|`;
  return `${names.get(from)} ${dashed ? "-.->" : "-->"}${text} ${names.get(to)}`;
}

/** What Mermaid takes for a line's end, a formula or an icon, even as character references: the first sign of it. */
const readLate = /\\(?=n)|\$(?=\$)|:(?=fa-)/g;
/** Joins signs without a sign of its own. */
const joiner = "\u2060";

/**
 * A text in quotes: letters, digits and harmless signs as they are, a line's end as `<br/>`. A text of nothing is a
 * space, since Mermaid reads no empty one.
 */
function quoted(text: string): string {
  const apart = text.replace(readLate, `$&${joiner}`);
  const safe = apart.replace(/[^\w .,:/()+·×-]/gu, (sign) =>
    sign === "\n" ? "<br/>" : `#${sign.codePointAt(0)};`,
  );
  return `"${safe === "" ? " " : safe}"`;
}

/** Colours that can be read on light and on dark pages, a class for each tone. */
function classes(items: readonly Item[], names: ReadonlyMap<string, string>): readonly string[] {
  const byTone = new Map<string, string[]>();
  for (const { id, tone } of items) {
    const name = toneName(tone);
    byTone.set(name, [...(byTone.get(name) ?? []), names.get(id) ?? ""]);
  }
  return [...byTone].flatMap(([name, members]) => {
    const { fill, stroke, ink } = toneColours("light", name);
    return [
      `  classDef ${name} fill:${fill},stroke:${stroke},color:${ink}`,
      `  class ${members.join(",")} ${name}`,
    ];
  });
}
