/**
 * From text to syntax tree: lexing, balancing braces, layout, parsing. Whatever the text is, a tree
 * and diagnostics come back; nothing is thrown.
 */
import type { IToken } from "chevrotain";
import { diagnostic, type Diagnostic, type Edit } from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../source/source.js";
import type { Declaration, Expression, SourceComment, SourceUnit } from "./ast.js";
import { balanceBraces } from "./braces.js";
import { faultDiagnostic } from "./fault-messages.js";
import { layOut, newlineAfter } from "./layout.js";
import { lex, spanOf } from "./lexer.js";
import { openBodies, type OpenedBodies } from "./missing-braces.js";
import { ResnetParser } from "./parser.js";
import type { SyntaxFault } from "./recovering-parser.js";
import * as T from "./tokens.js";
import { swallowedEnd } from "./written-forms.js";

/** How deep braces, brackets and parentheses may be nested, and how long an expression may be. */
export const nestingLimit = 64;
export const operandLimit = 500;

export interface Parsed {
  readonly unit: SourceUnit;
  readonly diagnostics: readonly Diagnostic[];
  /** Names whose declarations could not be read: looking for them in vain is no second mistake. */
  readonly lost: ReadonlySet<string>;
}

let parser: ResnetParser | undefined;

/** The `///` lines directly above a line, joined, by the number of that line. */
function docsByLine(file: SourceFile, comments: readonly IToken[]): ReadonlyMap<number, string> {
  const byLine = new Map<number, string>();
  for (const comment of comments) {
    if (comment.tokenType !== T.DocComment) continue;
    const line = comment.startLine ?? 0;
    if (!/^\s*$/.test(file.line(line).slice(0, (comment.startColumn ?? 1) - 1))) continue;
    const text = comment.image.slice(3).replace(/^ /, "");
    const above = byLine.get(line);
    byLine.delete(line);
    byLine.set(line + 1, above === undefined ? text : `${above}\n${text}`);
  }
  return byLine;
}

/**
 * Everything that nests too deep for a reader, and so for the parser. An index right behind another, as in `a[0][0]`,
 * is one deeper than that: it is of all that stands before it.
 */
function deepest(tokens: readonly IToken[]): { depth: number; at?: IToken } {
  let depth = 0;
  let most = 0;
  let at: IToken | undefined;
  /** By how much each bracket that is open deepens what is in it, and the one that was closed last. */
  const open: number[] = [];
  let closed = 0;
  for (const [index, { tokenType }] of tokens.entries()) {
    if (opens.has(tokenType)) {
      const isIndex =
        tokenType === T.LeftBracket && tokens[index - 1]?.tokenType === T.RightBracket;
      open.push(isIndex ? closed + 1 : 1);
      depth += open.at(-1) ?? 0;
      most = Math.max(most, depth);
      if (depth > nestingLimit) at ??= tokens[index];
    } else if (closes.has(tokenType)) depth -= closed = open.pop() ?? 0;
  }
  return at === undefined ? { depth: most } : { depth: most, at };
}

const opens = new Set([T.LeftBrace, T.LeftParen, T.LeftBracket]);
const closes = new Set([T.RightBrace, T.RightParen, T.RightBracket]);

/** The first operand that is one too many, if an expression is that long. */
function longExpression(tokens: readonly IToken[]): { count: number; at?: IToken } {
  let run = 0;
  let at: IToken | undefined;
  for (const token of tokens) {
    const { tokenType } = token;
    if (tokenType === T.Newline || tokenType === T.Comma || tokenType === T.Arrow) {
      if (at) break;
      run = 0;
    } else if (tokenType === T.Not || T.binaryOperators.includes(tokenType)) {
      if (++run > operandLimit) at ??= token;
    }
  }
  return at === undefined ? { count: run } : { count: run, at };
}

/** Parses one file. */
export function parse(file: SourceFile): Parsed {
  const { tokens: raw, comments, diagnostics } = lex(file);
  const found = [...diagnostics];
  const kept: SourceComment[] = comments.map((comment) => ({
    text: comment.image,
    span: spanOf(file, comment),
  }));
  const nothing = (limit: Diagnostic): Parsed => ({
    unit: { declarations: [], comments: kept },
    diagnostics: [...found, limit],
    lost: new Set(),
  });
  const nested = deepest(raw);
  if (nested.at) {
    const holes = { depth: nested.depth, limit: nestingLimit };
    return nothing(diagnostic("R0104", spanOf(file, nested.at), holes));
  }

  const { tokens: opened, missing } = openBodies(raw);
  const balanced = balanceBraces(opened);
  const tokens = layOut(balanced.tokens);
  const long = longExpression(tokens);
  if (long.at) {
    const holes = { count: long.count + 1, limit: operandLimit };
    return nothing(diagnostic("R0107", spanOf(file, long.at), holes));
  }

  const linesWithFindings = new Set(found.map(({ span }) => span && lineOf(span)));
  for (const { brace, last } of balanced.unclosed) {
    if (brace.isInsertedInRecovery) continue;
    const doubled = isDoubled(raw, brace);
    const text = doubled
      ? "it stands here twice: delete it"
      : `it most likely ends with line ${last.endLine}: put a \`}\` there`;
    const edit = doubled ? { span: spanOf(file, brace), text: "" } : closingEdit(file, brace, last);
    const swallowed = !doubled && comments.some((each) => takesInBrace(each, brace, last));
    const help = swallowed ? swallowedEnd : { text, edits: [edit] };
    found.push(diagnostic("R0105", spanOf(file, brace), {}, { help }));
    linesWithFindings.add(brace.startLine);
  }
  for (const brace of balanced.superfluous) {
    const edits = [{ span: withItsLine(spanOf(file, brace)), text: "" }];
    const help = { text: "delete it", edits };
    found.push(diagnostic("R0106", spanOf(file, brace), {}, { help }));
  }
  parser ??= new ResnetParser();
  const parsed = parser.parseUnit(file, tokens, docsByLine(file, comments));
  const headers = missing.map(({ after, next, sameLine }): SyntaxFault => {
    const found = sameLine ? next : newlineAfter(after);
    const expected = T.LeftBrace.LABEL ?? "";
    return { found, expected, before: after, rule: "chain", bodyFollows: true };
  });
  for (const fault of onePerLine([...headers, ...parsed.faults], linesWithFindings)) {
    found.push(faultDiagnostic(file, fault));
  }
  const declarations = markBroken(parsed.declarations, missing);
  return {
    unit: { declarations, comments: kept },
    diagnostics: found.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)),
    lost: new Set([...parsed.lost, ...namesWithin(tokens, parsed.unreadable)]),
  };
}

/** Whether a comment behind the last of what a brace holds, on its own line, reads as a division and a brace's end. */
function takesInBrace(
  { image, startLine, startOffset }: IToken,
  brace: IToken,
  last: IToken,
): boolean {
  if (startLine !== brace.startLine || last.endLine !== startLine) return false;
  const isFirst = (last.endOffset ?? 0) > startOffset;
  return !isFirst && /^\/\/\s*[\w(][^{]*\}\s*$/.test(image);
}

/** Whether a brace stands right before or behind another where only branches have two. */
function isDoubled(tokens: readonly IToken[], brace: IToken): boolean {
  const index = tokens.indexOf(brace);
  const isSecond = isBraceOnLine(tokens[index - 1], brace);
  if (!isSecond && !isBraceOnLine(tokens[index + 1], brace)) return false;
  const first = isSecond ? index - 1 : index;
  return ![tokens[first - 1], tokens[first - 2]].some((each) => each?.tokenType === T.Branches);
}

function isBraceOnLine(token: IToken | undefined, { startLine }: IToken): boolean {
  return token?.tokenType === T.LeftBrace && token.startLine === startLine;
}

/** The `}` of a brace: on the same line where all that it holds is, else on a line of its own. */
function closingEdit(file: SourceFile, brace: IToken, last: IToken): Edit {
  if (last.endLine === brace.startLine) {
    const end = (last.endOffset ?? last.startOffset) + 1;
    return { span: file.span(end, end), text: " }" };
  }
  const line = last.endLine ?? 1;
  const end = (file.lineStarts[line - 1] ?? 0) + file.line(line).length;
  const indent = /^\s*/.exec(file.line(brace.startLine ?? 1))?.[0] ?? "";
  return { span: file.span(end, end), text: `\n${indent}}` };
}

/** A span, with its whole line where nothing else is on it. */
function withItsLine(span: Span): Span {
  const { file, start, end } = span;
  const { line } = file.position(start);
  const from = file.lineStarts[line - 1] ?? start;
  const to = file.lineStarts[line];
  if (to === undefined) return span;
  // Letter by letter, as a long line may have many.
  const isBlank = (at: number): boolean => file.text.charAt(at).trim() === "";
  let [first, last] = [start, end];
  while (first > from && isBlank(first - 1)) first--;
  while (last < to && isBlank(last)) last++;
  return first === from && last === to ? file.span(from, to) : span;
}

/** Marks the declarations in which an opening brace was missing; both lists are in the text's order. */
function markBroken(
  declarations: readonly Declaration[],
  missing: OpenedBodies["missing"],
): readonly Declaration[] {
  let next = 0;
  return declarations.map((declaration) => {
    const first = next;
    while ((missing[next]?.after.startOffset ?? Infinity) < declaration.span.end) next++;
    return next > first ? { ...declaration, broken: true } : declaration;
  });
}

function lineOf({ file, start }: Span): number {
  return file.position(start).line;
}

/** The names in the parts that could not be read: looking for them in vain is no second mistake. */
function namesWithin(tokens: readonly IToken[], unreadable: readonly Span[]): string[] {
  const spans = [...unreadable].sort((a, b) => a.start - b.start);
  const names: string[] = [];
  let next = 0;
  let end = 0;
  for (const { tokenType, image, startOffset } of tokens) {
    for (let span = spans[next]; span && span.start <= startOffset; span = spans[++next]) {
      end = Math.max(end, span.end);
    }
    if (startOffset < end && tokenType === T.Identifier) names.push(image);
  }
  return names;
}

/** Several faults on a line are most often one slip: the first is kept, or what was found before. */
function onePerLine(
  faults: readonly SyntaxFault[],
  reported: ReadonlySet<number | undefined>,
): readonly SyntaxFault[] {
  const lines = new Set(reported);
  let strayShortcut = false;
  return faults.filter(({ found, expected }) => {
    const isNew = !lines.has(found.startLine);
    lines.add(found.startLine);
    // A shortcut inside its residual's braces is the one that is then missing behind them.
    const missed = strayShortcut && expected === T.Shortcut.LABEL;
    strayShortcut = found.tokenType === T.Shortcut;
    return isNew && !missed;
  });
}

/** Parses one expression, as given for a parameter on a command line. */
export function parseValue(file: SourceFile): {
  readonly expression: Expression | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { tokens, diagnostics: found } = lex(file);
  parser ??= new ResnetParser();
  if (found.length > 0 || deepest(tokens).at || longExpression(tokens).at) {
    return { expression: undefined, diagnostics: found };
  }
  const { expression, faults } = parser.parseExpression(file, [...tokens]);
  return { expression, diagnostics: faults.map((fault) => faultDiagnostic(file, fault)) };
}
