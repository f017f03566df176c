/** A picture in the language of Graphviz, with a cluster for every frame. */
import type { Diagram, Group, Item, Link, Member } from "./diagram.js";
import type { Direction } from "./direction.js";
import { toneColours, toneName } from "./theme.js";

/** The graph's text; nodes have the names of the graph's. */
export function dot(diagram: Diagram, direction: Direction): string {
  const lines = [
    `digraph ${quoted(diagram.title)} {`,
    `  label=${quoted(`${diagram.title}: ${diagram.subtitle}`)}; labelloc=t;`,
    `  rankdir=${direction === "down" ? "TB" : "LR"};`,
    '  graph [fontname="Helvetica", nodesep=0.3, ranksep=0.25];',
    '  node [fontname="Helvetica", fontsize=11, shape=box, style="rounded,filled"];',
    '  edge [fontname="Helvetica", fontsize=10, arrowsize=0.6];',
    ...linesOf(diagram.members, "  "),
    ...diagram.links.map((link) => `  ${edge(link)}`),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(members: readonly Member[], indent: string): readonly string[] {
  return members.flatMap((member) =>
    member.kind === "item" ? [`${indent}${node(member)}`] : cluster(member, indent),
  );
}

function cluster({ id, label, times, tone, members }: Group, indent: string): readonly string[] {
  const isStage = !id.includes(".");
  const own = label ? `${label.name} ${label.more}`.trim() : isStage ? id : "";
  const title = [own, ...(times > 1 ? [`x ${times}`] : [])].filter((part) => part !== "");
  if (title.length === 0) return linesOf(members, indent);
  const { stroke } = toneColours("light", toneName(tone));
  return [
    `${indent}subgraph ${quoted(`cluster_${id}`)} {`,
    `${indent}  label=${quoted(title.join(", "))}; labelloc=t; labeljust=l; style=rounded;`,
    `${indent}  color=${quoted(stroke)}; fontsize=11;`,
    ...linesOf(members, `${indent}  `),
    `${indent}}`,
  ];
}

function node({ id, form, tone, lines, hint }: Item): string {
  const { fill, stroke, ink } = toneColours("light", toneName(tone));
  const attributes = {
    label: lines.join("\n"),
    tooltip: hint,
    fillcolor: fill,
    color: stroke,
    fontcolor: ink,
    ...(form === "merge" && { shape: "circle", width: "0.25", fixedsize: "true" }),
  };
  return `${quoted(id)} [${attributeList(attributes)}];`;
}

function edge({ from, to, around, dashed, label }: Link): string {
  const attributes = {
    ...(dashed && { style: "dashed" }),
    ...(label !== undefined && { label }),
    // The column follows the layers, and the shortcut goes beside it.
    ...(around ? { weight: "0" } : { weight: "4" }),
  };
  return `${quoted(from)} -> ${quoted(to)} [${attributeList(attributes)}];`;
}

function attributeList(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(", ");
}

/** A text in quotes, in which only quotes, backslashes and the ends of lines mean anything. */
function quoted(text: string): string {
  const safe = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${safe}"`;
}
