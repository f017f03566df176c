/**
 * Formatting for programs: a text in its one layout, or the edits that bring it there. Prettier is loaded by
 * the first call.
 */
import type { Options } from "prettier";
import type { Edit } from "../diagnostics/diagnostic.js";
import { applyEdits, changeOf } from "../diagnostics/edits.js";
import { SourceFile } from "../source/source.js";
import { SpecError, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";

export interface FormatOptions {
  /** How the text is named in messages. */
  readonly path?: string | undefined;
  /** The widest that a line is to be; 100 where left out. */
  readonly printWidth?: number | undefined;
  /** Columns of one indentation; 2 where left out. */
  readonly tabWidth?: number | undefined;
  readonly useTabs?: boolean | undefined;
  /** `lf` where left out; `auto` keeps that of the first line. */
  readonly endOfLine?: "lf" | "crlf" | "cr" | "auto" | undefined;
  /** Whether only texts are formatted that ask for it with `// @format`. */
  readonly requirePragma?: boolean | undefined;
  readonly insertPragma?: boolean | undefined;
}

const formatOptions: OptionTable<FormatOptions> = {
  path: "text",
  printWidth: "columns",
  tabWidth: "columns",
  useTabs: "flag",
  endOfLine: ["lf", "crlf", "cr", "auto"],
  requirePragma: "flag",
  insertPragma: "flag",
};

const unnamed = "spec.resnet";

/** A part of a text, in UTF-16 code units, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The text as the formatter lays it out.
 *
 * @throws SpecError where the text has syntax errors.
 */
export async function formatSpec(text: string, options: FormatOptions = {}): Promise<string> {
  // What types promise, a program in JavaScript may not keep.
  if (typeof text !== "string") {
    throw new UsageError("what is to be formatted is the text of a spec", "give it as one text");
  }
  checkOptions("format", options, formatOptions);
  const { path = unnamed, ...layout } = options;
  const [{ format }, plugin, { saySame }] = await Promise.all([
    import("prettier/standalone"),
    import("../format/prettier-plugin.js"),
    import("../format/agreement.js"),
  ]);
  try {
    const formatted = await format(text, {
      // It takes one without a value for left out, which its types do not say.
      ...(layout as Options),
      parser: "resnet",
      filepath: path,
      plugins: [plugin],
    });
    if (formatted !== text && !saySame(text, formatted)) {
      throw new Error(`internal error: formatting ${path} would change what it says`);
    }
    return formatted;
  } catch (error) {
    if (error instanceof plugin.SpecSyntaxError) throw new SpecError(error.diagnostics);
    throw error;
  }
}

/**
 * The edits that format a text, line by line and none where nothing changes, first to last.
 *
 * @param range where given, only edits are returned that touch it; all of them where these alone would tear
 * a comment from its place.
 * @throws SpecError where the text has syntax errors.
 */
export async function formatEdits(
  text: string,
  options: FormatOptions = {},
  range?: TextRange,
): Promise<readonly Edit[]> {
  const formatted = await formatSpec(text, options);
  const file = new SourceFile(options.path ?? unnamed, text);
  const edits = await lineEdits(file, formatted);
  if (range === undefined) return edits;
  const touching = edits.filter(({ span }) => span.start <= range.end && range.start <= span.end);
  const { saySame } = await import("../format/agreement.js");
  return saySame(text, applyEdits(text, touching)) ? touching : edits;
}

/** Telling apart which lines are the same takes time that grows with the square of those that are not. */
const differingLines = 2000;

/**
 * One edit for each run of lines that differ, without what is the same at its ends; where nearly all of a long
 * text differs, one edit.
 */
async function lineEdits(file: SourceFile, after: string): Promise<Edit[]> {
  const { diffLines } = await import("diff");
  const changes = diffLines(file.text, after, { maxEditLength: differingLines });
  if (changes === undefined) return [changeOf(file, after)];
  const edits: Edit[] = [];
  let at = 0;
  let start = 0;
  let put = "";
  const endRun = (): void => {
    if (start < at || put !== "") edits.push(trimmed(file, start, at, put));
    put = "";
  };
  for (const { added, removed, value } of changes) {
    if (added) put += value;
    else if (removed) at += value.length;
    else {
      endRun();
      start = at += value.length;
    }
  }
  endRun();
  return edits;
}

function trimmed(file: SourceFile, start: number, end: number, text: string): Edit {
  const old = file.text.slice(start, end);
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
  const span = file.span(start + head, end - tail);
  return { span, text: text.slice(head, text.length - tail) };
}
