/**
 * Columns: the arrows of simple lines that follow one another directly, and the comparisons of such lines in
 * `expect`, stand below each other, as gofmt has it: a column goes on for as long as each line has one.
 */
import type { AstPath, Doc } from "prettier";
import { columns } from "../diagnostics/display-width.js";
import { hasLeadingComment } from "./comments.js";
import { isEmptyLineBehind } from "./gaps.js";
import type { Print } from "./print-value.js";
import type { Body, Item } from "./tree.js";

/** How wide each cell of a line is to be: the text before an arrow or a comparison. */
export type Widths = ReadonlyMap<Item, readonly number[]>;

const comparisons = new Set(["==", "!=", "<=", ">=", "<", ">"]);

/** What one line has to do with columns: the texts before its arrows or its comparison, and the last one. */
interface Row {
  readonly item: Item;
  readonly cells: readonly string[];
  /** How many columns are between two cells. */
  readonly gap: number;
}

/**
 * The widths of the cells of a body's lines, those apart that have no cell or would be wider than `room`.
 *
 * @param room how many columns a line of the body may have.
 */
export function alignedWidths(path: AstPath, print: Print, text: string, room: number): Widths {
  const { items } = path.node as Body;
  const rows: (Row | undefined)[] = [];
  path.each((itemPath) => rows.push(rowOf(itemPath, print)), "items");
  const widths = new Map<Item, readonly number[]>();
  let run: Row[] = [];
  const endRun = (): void => {
    for (const [item, own] of runWidths(run, room)) widths.set(item, own);
    run = [];
  };
  for (const [index, item] of items.entries()) {
    const row = rows[index];
    const before = items[index - 1];
    const apart = hasLeadingComment(item) || (before && isEmptyLineBehind(text, before.end));
    if (apart || row === undefined) endRun();
    if (row && !hasLeadingComment(item)) run.push(row);
  }
  endRun();
  return widths;
}

/** The widths within lines that follow one another directly. */
function runWidths(run: readonly Row[], room: number): Map<Item, readonly number[]> {
  const widths = new Map<Item, number[]>(run.map(({ item }) => [item, []]));
  const most = Math.max(0, ...run.map(({ cells }) => cells.length - 1));
  for (let column = 0; column < most; column++) {
    let block: Row[] = [];
    const endBlock = (): void => {
      const wide = Math.max(0, ...block.map(({ cells }) => columns(cells[column] ?? "")));
      for (const { item } of block) widths.get(item)?.push(wide);
      block = [];
    };
    for (const row of run) {
      if (row.cells.length - 1 > column) block.push(row);
      else endBlock();
    }
    endBlock();
  }
  const fits = run.every(({ item, cells, gap }) => {
    const own = widths.get(item) ?? [];
    const whole = own.reduce((sum, width) => sum + width + gap, columns(cells.at(-1) ?? ""));
    return own.length === 0 || whole <= room;
  });
  return fits ? widths : new Map();
}

function rowOf(path: AstPath, print: Print): Row | undefined {
  const item = path.node as Item;
  if (item.type === "line") {
    const cells = path.map((step) => flatText(stepDoc(step, print)), "steps");
    const gap = " -> ".length;
    return cells.every((cell) => cell !== undefined) ? { item, cells, gap } : undefined;
  }
  if (item.type === "condition") {
    const { value } = item;
    if (value.type !== "binary" || value.comments || !comparisons.has(value.operator)) {
      return undefined;
    }
    const left = flatText(path.call(print, "value", "left"));
    const right = flatText(path.call(print, "value", "right"));
    if (left === undefined || right === undefined) return undefined;
    return { item, cells: [left, value.operator, right], gap: 1 };
  }
  return undefined;
}

/** A step without its arrow. */
function stepDoc(path: AstPath, print: Print): Doc {
  return path.node.type === "link" && !path.node.comments ? path.call(print, "step") : print(path);
}

/** A document as one line of text; `undefined` where it is more than that, or holds comments. */
export function flatText(doc: Doc): string | undefined {
  if (typeof doc === "string") return doc;
  if (Array.isArray(doc)) {
    let text = "";
    for (const part of doc) {
      const own = flatText(part);
      if (own === undefined) return undefined;
      text += own;
    }
    return text;
  }
  switch (doc.type) {
    case "group":
      return doc.break ? undefined : flatText(doc.contents);
    case "indent":
      return flatText(doc.contents);
    case "fill":
      return flatText(doc.parts);
    case "line":
      return doc.hard === true ? undefined : doc.soft === true ? "" : " ";
    default:
      return undefined;
  }
}
