/** A comparison as Markdown for a pull request: a table for each network, with what changed in it folded away. */
import type { DiffReport, RecipeDiff } from "../api/diff.js";
import type { NetworkComparison } from "../compare/compare.js";
import { areEqual } from "../compare/quantities.js";
import type { Change } from "../compare/structure.js";
import { counted, grouped, scaled } from "../diagnostics/numbers.js";
import { printSees } from "../graph/receptive-field.js";
import {
  arrow,
  checkpointWords,
  measureRows,
  nameText,
  partDifference,
  weightWords,
  type WeightWords,
} from "./diff-words.js";

/** The whole report, with a line end. */
export function diffMarkdown(report: DiffReport): string {
  const title = `### ${code(report.before)} → ${code(report.after)}`;
  return `${[title, ...diffBody(report)].join("\n\n")}\n`;
}

/** The report without its title, in blocks. */
export function diffBody(report: DiffReport): readonly string[] {
  const { same, networks, added, removed, open, recipes, checkpoint } = report;
  const parts = same ? ["Nothing changed."] : [];
  const unchanged = networks.filter(({ same: equal, name }) => equal && name.before === name.after);
  for (const each of networks) if (!unchanged.includes(each)) parts.push(network(each));
  if (added.length > 0) parts.push(`Networks added: ${added.map(code).join(", ")}.`);
  if (removed.length > 0) parts.push(`Networks removed: ${removed.map(code).join(", ")}.`);
  for (const each of recipes) if (each.kind !== "same") parts.push(recipe(each));
  if (!same && unchanged.length > 0) {
    parts.push(`Unchanged: ${unchanged.map(({ name }) => code(name.after)).join(", ")}.`);
  }
  if (open.length > 0) {
    parts.push(`Not compared, as they need parameters: ${open.map(code).join(", ")}.`);
  }
  if (checkpoint) {
    const words = checkpointWords(networks[0]?.name.before ?? "", checkpoint);
    parts.push(weights(words, checkpoint.verdict));
  }
  return parts;
}

function network(comparison: NetworkComparison): string {
  const rows = measureRows(comparison).map(([name, before, after, change]) => [
    name,
    before,
    before === after ? after : `**${after}**`,
    change,
  ]);
  const { parts, changes, name } = comparison;
  const changed = parts.filter((part) => !areEqual(part));
  const blocks = [
    `#### ${nameText(comparison).replace("->", "→")}`,
    table(["", "before", "after", "change"], rows, "lrrl"),
    weights(weightWords(name.before, comparison.weights), comparison.weights.verdict),
  ];
  if (changed.length > 0) {
    const partRows = changed.map(({ name: part, before, after }) => [
      `${before === undefined ? "added " : after === undefined ? "removed " : ""}${code(part)}`,
      arrow(before?.output, after?.output).replace("->", "→"),
      partDifference({ before, after }, ({ parameters }) => parameters, grouped),
      partDifference({ before, after }, ({ macs }) => macs, scaled),
      arrow(before && printSees(before.field), after && printSees(after.field)).replace("->", "→"),
    ]);
    const titles = ["part", "output", "parameters", "mult-adds", "field"];
    blocks.push(
      details(`${counted(changed.length, "part")} changed`, table(titles, partRows, "llrrr")),
    );
  }
  if (changes.length > 0) {
    const shown = changes.map((change) => `- ${words(change)}`).join("\n");
    blocks.push(details(`${counted(changes.length, "change")} of the structure`, shown));
  }
  return blocks.join("\n\n");
}

function words(change: Change): string {
  const place = code(change.place);
  switch (change.kind) {
    case "added":
    case "removed":
      return `${change.kind} ${place}: ${code(change.what)}`;
    case "changed":
      return `${place}: ${code(change.before)} → ${code(change.after)}`;
    case "renamed":
      return `${place} was called ${code(change.before)}`;
    case "rewired":
      return `${place} is fed by ${code(change.after)}, was by ${code(change.before)}`;
  }
}

function recipe({ name, kind, settings }: RecipeDiff): string {
  if (kind !== "changed") return `Recipe ${code(name)} is ${kind}.`;
  const rows = settings.map(({ setting, before, after }) => [
    code(setting),
    before === undefined ? "" : code(before),
    after === undefined ? "" : code(after),
  ]);
  return `#### Recipe ${name}\n\n${table(["setting", "before", "after"], rows, "lll")}`;
}

const marks = { loads: "✅", partly: "⚠️", breaks: "❌" } as const;

function weights({ verdict, reasons }: WeightWords, kind: keyof typeof marks): string {
  const items = reasons.map((reason) => `- ${escaped(reason)}`);
  return [`${marks[kind]} ${escaped(verdict)}`, ...(items.length > 0 ? ["", ...items] : [])].join(
    "\n",
  );
}

/** A block that is folded away. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** A table with its titles. @param sides `l` or `r` for each column. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  sides: string,
): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = [...sides].map((side) => (side === "r" ? "---:" : "---"));
  return [line(titles), line(rule), ...rows.map(line)].join("\n");
}

/** A text as code. */
export function code(text: string): string {
  return text.includes("`") ? escaped(text) : `\`${text}\``;
}

/** Names of tensors have underscores, and shapes brackets: neither is meant as Markdown. */
export function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/[\\*_[\]<>]/g, "\\$&")))
    .join("");
}
