/** A comparison for a person at a terminal: the measures, the parts that changed, what changed in them, the weights. */
import type { DiffReport, RecipeDiff } from "../api/diff.js";
import type { NetworkComparison } from "../compare/compare.js";
import { areEqual, type PartQuantities } from "../compare/quantities.js";
import type { Change } from "../compare/structure.js";
import { columns, wrap } from "../diagnostics/display-width.js";
import { counted, grouped, scaled } from "../diagnostics/numbers.js";
import { printSees } from "../graph/receptive-field.js";
import {
  arrow,
  checkpointWords,
  measureRows,
  nameText,
  partDifference,
  weightWords,
  type MeasureRow,
  type WeightWords,
} from "./diff-words.js";
import { layOutTable } from "./table.js";
import { colorsFor, type Colors } from "./terminal.js";

interface Style {
  readonly color: boolean;
  readonly width: number;
}

/** How many changes of one network are told; the other forms have all. */
const changesShown = 30;

/** The whole report, with a line end. */
export function diffText(report: DiffReport, { color, width }: Style): string {
  const colors = colorsFor(color);
  const title = wrap(`${report.before} -> ${report.after}`, width).map(colors.dim);
  return `${[...title, ...diffLines(report, colors, width)].join("\n")}\n`;
}

/**
 * The report without its title, in lines.
 *
 * @param at the size that is given for symbolic inputs, where a network need not take it.
 */
export function diffLines(
  report: DiffReport,
  colors: Colors,
  width: number,
  at?: readonly [number, number],
): readonly string[] {
  const { same, networks, added, removed, open, recipes, checkpoint } = report;
  const lines = same ? ["nothing changed"] : [];
  const unchanged = networks.filter(({ same: equal, name }) => equal && name.before === name.after);
  for (const each of networks) {
    if (!unchanged.includes(each)) lines.push("", ...networkLines(each, colors, width, at));
  }
  const sides: string[] = [];
  for (const name of added) sides.push(colors.green(`+ network ${name}`));
  for (const name of removed) sides.push(colors.red(`- network ${name}`));
  if (sides.length > 0) lines.push("", ...sides);
  const changedRecipes = recipes.filter(({ kind }) => kind !== "same");
  for (const recipe of changedRecipes) lines.push("", ...recipeLines(recipe, colors, width));
  if (!same && unchanged.length > 0) {
    const names = unchanged.map(({ name }) => name.after).join(", ");
    lines.push("", ...wrap(`unchanged: ${names}`, width).map(colors.dim));
  }
  if (open.length > 0) {
    const words = `not compared, as they need parameters: ${open.join(", ")}`;
    lines.push("", ...wrap(words, width).map(colors.dim));
  }
  if (checkpoint) {
    const name = networks[0]?.name.before ?? "";
    const words = checkpointWords(name, checkpoint);
    lines.push("", ...weightLines(words, checkpoint.verdict, colors, width));
  }
  return lines;
}

function networkLines(
  comparison: NetworkComparison,
  colors: Colors,
  width: number,
  at: readonly [number, number] | undefined,
): readonly string[] {
  const rows = measureRows(comparison);
  const table = layOutTable(
    [["", "before", "after", "change"], ...rows],
    ["left", "right", "right", "left"],
  );
  const [head = "", ...body] = table;
  const shown = body.map((line, index) => (rows[index]?.[3] === "" ? colors.dim(line) : line));
  const { before, after } = comparison.whole;
  const needsSize = before.macs === undefined || after.macs === undefined;
  const words = at
    ? `Not both sides take ${at.join("x")}: mult-adds and activations are open.`
    : "A size, such as --at 224x224, gives mult-adds and activations.";
  const fits = table.every((line) => columns(line) <= width);
  return [
    colors.bold(nameText(comparison)),
    ...(fits ? [colors.dim(head), ...shown] : stacked(rows, colors, width)),
    ...(needsSize ? wrap(words, width).map(colors.dim) : []),
    ...partLines(comparison.parts, colors, width),
    ...changeLines(comparison.changes, colors, width),
    "",
    ...weightLines(
      weightWords(comparison.name.before, comparison.weights),
      comparison.weights.verdict,
      colors,
      width,
    ),
  ];
}

/** Where the values are too long for columns: a line for each measure, or two where it needs them. */
function stacked(rows: readonly MeasureRow[], colors: Colors, width: number): readonly string[] {
  const column = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.flatMap((row) => {
    const lines = stackedValue(row, width - column).flatMap((text) => wrap(text, width - column));
    return lines.map((line, index) => {
      const whole = (index === 0 ? row[0] : "").padEnd(column) + line;
      return row[3] === "" ? colors.dim(whole) : whole;
    });
  });
}

function stackedValue([, before, after, change]: MeasureRow, room: number): readonly string[] {
  if (change === "") return [before === after ? after : `${before} -> ${after}`];
  if (change === "added") return [`added: ${after}`];
  if (change === "removed") return [`removed: ${before}`];
  const more = change === "changed" ? "" : `  ${change}`;
  const whole = `${before} -> ${after}${more}`;
  return columns(whole) <= room ? [whole] : [`${before} ->`, `${after}${more}`];
}

function partLines(
  parts: readonly PartQuantities[],
  colors: Colors,
  width: number,
): readonly string[] {
  const changed = parts.filter((part) => !areEqual(part));
  if (changed.length === 0) return [];
  const rows = changed.map(({ name, before, after }) => [
    `${before === undefined ? "+" : after === undefined ? "-" : " "} ${name}`,
    arrow(before?.output, after?.output),
    partDifference({ before, after }, ({ parameters }) => parameters, grouped),
    partDifference({ before, after }, ({ macs }) => macs, scaled),
    arrow(before && printSees(before.field), after && printSees(after.field)),
  ]);
  const titles = ["  part", "output", "parameters", "mult-adds", "field"];
  const alignment = ["left", "left", "right", "right", "right"] as const;
  const table = layOutTable([titles, ...rows], alignment);
  if (table.some((line) => columns(line) > width)) {
    // The shapes stand on a line of their own.
    const narrow = layOutTable(
      [titles, ...rows].map(([name = "", , ...rest]) => [name, ...rest]),
      ["left", "right", "right", "right"],
    );
    const [head = "", ...body] = narrow;
    const lines = body.flatMap((line, index) => [
      line,
      ...wrap(rows[index]?.[1] ?? "", width - 6).map((each) => `      ${each}`),
    ]);
    return ["", colors.dim(head), ...lines];
  }
  const [head = "", ...body] = table;
  return ["", colors.dim(head), ...body];
}

const signs = { added: "+", removed: "-", changed: "~", renamed: "~", rewired: "~" } as const;

function changeLines(changes: readonly Change[], colors: Colors, width: number): readonly string[] {
  if (changes.length === 0) return [];
  const more = changes.length - changesShown;
  return [
    "",
    ...changes.slice(0, changesShown).flatMap((change) => changeLine(change, colors, width)),
    ...(more > 0 ? [colors.dim(`and ${counted(more, "change")} more, which --json lists`)] : []),
  ];
}

function changeLine(change: Change, colors: Colors, width: number): readonly string[] {
  const paint =
    { added: colors.green, removed: colors.red }[change.kind as string] ?? colors.yellow;
  const head = `${signs[change.kind]} ${change.place}`;
  const words = changeWords(change);
  if (columns(head) + 2 + columns(words) <= width) return [`${paint(head)}  ${words}`];
  return [paint(head), ...wrap(words, width - 4).map((line) => `    ${line}`)];
}

/** What is to be said of a change beside its place. */
function changeWords(change: Change): string {
  switch (change.kind) {
    case "added":
    case "removed":
      return change.what;
    case "changed":
      return `${change.before} -> ${change.after}`;
    case "renamed":
      return `was called ${change.before}`;
    case "rewired":
      return `is fed by ${change.after}, was by ${change.before}`;
  }
}

function weightLines(
  { verdict, reasons }: WeightWords,
  kind: "loads" | "partly" | "breaks",
  colors: Colors,
  width: number,
): readonly string[] {
  const paint = { loads: colors.green, partly: colors.yellow, breaks: colors.red }[kind];
  const [first = "", ...rest] = wrap(verdict, width);
  return [
    paint(first),
    ...rest.map(paint),
    ...reasons.flatMap((reason) =>
      wrap(reason, width - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`),
    ),
  ];
}

function recipeLines(
  { name, kind, settings }: RecipeDiff,
  colors: Colors,
  width: number,
): readonly string[] {
  if (kind === "added") return [colors.green(`+ recipe ${name}`)];
  if (kind === "removed") return [colors.red(`- recipe ${name}`)];
  return [
    colors.bold(`recipe ${name}`),
    ...settings.flatMap(({ setting, before, after }) => {
      const words = `${before ?? "none"} -> ${after ?? "none"}`;
      if (setting.length + words.length + 4 <= width)
        return [`${colors.yellow(`~ ${setting}`)}  ${words}`];
      return [
        colors.yellow(`~ ${setting}`),
        ...wrap(words, width - 4).map((line) => `    ${line}`),
      ];
    }),
  ];
}
