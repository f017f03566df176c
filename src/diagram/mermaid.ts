/**
 * A picture as a Mermaid flowchart, for pages that draw those (GitHub's among them). Names stand in quotes with
 * every sign that means something to Mermaid as a character reference.
 */
import { itemsOf, type Diagram, type Group, type Item, type Link, type Member } from "./diagram.js";
import type { Direction } from "./direction.js";
import { toneColours, toneName } from "./theme.js";

/** The flowchart's text. Items are `n0`, `n1`, … in the order of the graph, groups `g0`, `g1`, … */
export function mermaid(diagram: Diagram, direction: Direction): string {
  const items = itemsOf(diagram.members);
  const names = new Map(items.map(({ id }, index) => [id, `n${index}`]));
  const lines = [
    "---",
    `title: ${JSON.stringify(`${diagram.title}: ${diagram.subtitle}`)}`,
    "---",
    `flowchart ${direction === "down" ? "TB" : "LR"}`,
    ...new Subgraphs(names).lines(diagram.members, "  "),
    ...diagram.links.map((link) => `  ${edge(link, names)}`),
    ...classes(items, names),
  ];
  return `${lines.join("\n")}\n`;
}

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

/** A text in quotes: letters, digits and harmless signs as they are, a line's end as `<br/>`. */
function quoted(text: string): string {
  const safe = text.replace(/[^\w .,:/()+·×-]/gu, (sign) =>
    sign === "\n" ? "<br/>" : `#${sign.codePointAt(0)};`,
  );
  return `"${safe}"`;
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
