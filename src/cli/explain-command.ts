/** `resnetc explain [CODE]`: the page of an error or rule, laid out for the terminal, or the list of all pages. */
import {
  explain,
  explainedNames,
  groupDescription,
  type ExplainedName,
  type Explanation,
} from "../api/explain.js";
import { wrap } from "../diagnostics/display-width.js";
import type { PageBlock, PageCode } from "../diagnostics/page.js";
import { colouredSpec } from "./spec-colors.js";
import { status } from "./status.js";
import { layOutTable } from "./table.js";
import { colorsFor, type Colors, type Terminal } from "./terminal.js";

export interface ExplainFlags {
  readonly json?: boolean;
}

/** Text wider than this is hard to read. */
const widest = 80;

/** @param wanted an error's code or a rule's name; all are listed where it is left out. @returns the exit status. */
export function explainCommand(
  wanted: string | undefined,
  { json = false }: ExplainFlags,
  { out, outColor, width }: Terminal,
): number {
  const columns = Math.min(width, widest);
  const colors = colorsFor(outColor);
  if (wanted === undefined) {
    const names = explainedNames();
    out(
      json ? `${JSON.stringify({ pages: names }, undefined, 2)}\n` : list(names, colors, columns),
    );
    return status.fine;
  }
  const explanation = explain(wanted);
  out(
    json
      ? `${JSON.stringify(asJson(explanation), undefined, 2)}\n`
      : layOut(explanation, colors, columns),
  );
  return status.fine;
}

function asJson({ page, broken, mended, ...rest }: Explanation): object {
  const files = (of: ReadonlyMap<string, string>): object => Object.fromEntries(of);
  return { ...rest, broken: files(broken), mended: files(mended), seeAlso: page.seeAlso };
}

function layOut(
  { name, kind, level, title, page }: Explanation,
  colors: Colors,
  width: number,
): string {
  const accent = level === "error" ? colors.red : kind === "error" ? colors.yellow : colors.cyan;
  const head = kind === "error" ? `${level}[${name}]` : name;
  const [first = "", ...more] = wrap(title, width - head.length - 2);
  const rest = more.flatMap((line) => wrap(line, width));
  const lines = [
    `${accent(colors.bold(head))}${colors.bold(`: ${first}`)}`,
    ...rest.map(colors.bold),
  ];
  // A rule's page opens with the sentence that is its title here.
  const blocks = page.blocks.filter(
    (block, index) => !(kind === "rule" && index === 0 && isTitle(block, title)),
  );
  for (const block of blocks) lines.push("", ...layOutBlock(block, colors, width));
  if (page.seeAlso.length > 0) {
    const also = `see also: ${page.seeAlso.join(", ")}`;
    lines.push("", ...wrap(also, width).map(colors.dim));
  }
  return `${lines.join("\n")}\n`;
}

function isTitle(block: PageBlock, title: string): boolean {
  return block.kind === "prose" && block.text.replace(/\.$/, "") === title;
}

function layOutBlock(block: PageBlock, colors: Colors, width: number): readonly string[] {
  switch (block.kind) {
    case "prose":
      return inline(wrap(block.text, width), colors);
    case "list":
      return block.items.flatMap((item) => {
        const lines = inline(wrap(item, width - 2), colors);
        return lines.map((line, index) => `${index === 0 ? "- " : "  "}${line}`);
      });
    case "code":
      return layOutCode(block, colors);
  }
}

function layOutCode(code: PageCode, colors: Colors): readonly string[] {
  const { language, role, path, text } = code;
  const isSpec = language === "resnet";
  const paint = role === "broken" ? colors.red : colors.green;
  const name = language === "files" ? "files" : path;
  const title = role && `${paint(colors.bold(role))}${name === undefined ? "" : `, ${name}`}:`;
  const shown = isSpec ? colouredSpec(text, colors) : text;
  const indented = shown
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`.trimEnd());
  return title === undefined ? indented : [title, "", ...indented];
}

/** Code in a sentence stands out by its colour, or by its backquotes where there is none; it may go over lines. */
function inline(lines: readonly string[], colors: Colors): readonly string[] {
  if (!colors.isColorSupported) return lines;
  const paint = (words: string): string => words.split("\n").map(colors.cyan).join("\n");
  return lines
    .join("\n")
    .replace(/`([^`]+)`/g, (_whole, words: string) => paint(words))
    .split("\n");
}

function list(names: readonly ExplainedName[], colors: Colors, width: number): string {
  const lines: string[] = [];
  const groups = new Map<string, ExplainedName[]>();
  for (const each of names) {
    const key = `${each.kind} ${each.group}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  for (const members of groups.values()) {
    const [first] = members;
    if (first === undefined) continue;
    const about = first.kind === "rule" ? groupDescription(first.group) : undefined;
    const head =
      first.kind === "error" ? `Errors: ${first.group}` : `Rules: ${about ?? first.group}`;
    lines.push(colors.bold(head), ...listGroup(members, width), "");
  }
  const more = ["`resnetc explain CODE` shows the page of one, with an example and its mending."];
  return [...lines, ...more.flatMap((line) => wrap(line, width)), ""].join("\n");
}

function listGroup(members: readonly ExplainedName[], width: number): readonly string[] {
  const column = Math.max(...members.map(({ name }) => name.length)) + 4;
  const rows = members.flatMap(({ name, title }) =>
    wrap(title, width - column).map((line, index) => [`  ${index === 0 ? name : ""}`, line]),
  );
  return layOutTable(rows, ["left", "left"]);
}
