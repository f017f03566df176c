/**
 * From text to syntax tree: lexing, balancing braces, layout, parsing. Whatever the text is, a tree
 * and diagnostics come back; nothing is thrown.
 */
import { EOF, Lexer, type IToken } from "chevrotain";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../source/source.js";
import type { Expression, SourceComment, SourceUnit } from "./ast.js";
import { balanceBraces } from "./braces.js";
import { layOut } from "./layout.js";
import { ResnetParser } from "./parser.js";
import type { SyntaxFault } from "./recovering-parser.js";
import * as T from "./tokens.js";

/** How deep braces, brackets and parentheses may be nested, and how long an expression may be. */
export const nestingLimit = 64;
export const operandLimit = 500;

export interface Parsed {
  readonly unit: SourceUnit;
  readonly diagnostics: readonly Diagnostic[];
  /** Names whose declarations could not be read: looking for them in vain is no second mistake. */
  readonly lost: ReadonlySet<string>;
}

let lexer: Lexer | undefined;
let parser: ResnetParser | undefined;

function lex(file: SourceFile): { tokens: IToken[]; comments: IToken[]; found: Diagnostic[] } {
  lexer ??= new Lexer([...T.tokenTypes], { positionTracking: "full", skipValidations: true });
  const { tokens, groups, errors } = lexer.tokenize(file.text);
  const found = errors.map(({ offset, length }) =>
    strangeCharacters(file.span(offset, offset + length)),
  );
  for (const token of tokens) {
    if (token.tokenType === T.OpenString) found.push(diagnostic("R0103", spanOf(file, token), {}));
  }
  return { tokens, comments: groups["comments"] ?? [], found };
}

function spanOf(file: SourceFile, token: IToken): Span {
  if (token.tokenType === EOF || Number.isNaN(token.startOffset)) {
    return file.span(file.text.length, file.text.length);
  }
  return file.span(token.startOffset, (token.endOffset ?? token.startOffset) + 1);
}

const lookalikes: Readonly<Record<string, string>> = {
  ";": "a new line ends an operation; leave the `;` out",
  "×": "write `x`",
  "→": "write `->`",
  "–": "write `-`",
  "−": "write `-`",
  "“": 'write `"`',
  "”": 'write `"`',
  "'": 'a text stands in double quotes: `"`',
  "#": "a comment begins with `//`",
  "/*": "a comment begins with `//`",
};

function strangeCharacters(span: Span): Diagnostic {
  const text = span.file.text.slice(span.start, span.end);
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const code = first.codePointAt(0) ?? 0;
  const shown = isPrintable(first)
    ? `\`${text.length > 20 ? `${text.slice(0, 20)}…` : text}\``
    : `the character U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const help = lookalikes[first] ?? (isPrintable(first) ? undefined : "delete it");
  return diagnostic("R0102", span, { what: shown }, help === undefined ? {} : { help });
}

function isPrintable(character: string): boolean {
  return !/[\p{C}]/u.test(character);
}

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

function describe(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the file";
  if (token.tokenType === T.Newline) return "the end of the line";
  if (token.tokenType === T.RightBrace) return token.image === "" ? "the end of the block" : "`}`";
  if (T.reservedWords.includes(token.tokenType)) {
    return `\`${token.image}\`, which is a word of the language`;
  }
  const { image } = token;
  return image.length > 40 ? `\`${image.slice(0, 40)}…\`` : `\`${image}\``;
}

function faultDiagnostic(file: SourceFile, { found, expected }: SyntaxFault): Diagnostic {
  const details = { help: helpFor(found, expected) };
  const holes = { expected, found: describe(found) };
  const { help } = details;
  return diagnostic("R0101", spanOf(file, found), holes, help === undefined ? {} : { help });
}

/** What mends the slips that are made most. */
function helpFor(found: IToken, expected: string): string | undefined {
  if (expected === T.Shortcut.LABEL) {
    return "a residual is followed by its shortcut: `shortcut project`, or `shortcut none`";
  }
  if (found.tokenType === T.Assign && expected.includes("->"))
    return "a named argument is written with `:`";
  if (found.tokenType === T.Times) return "dimensions are written without spaces: `3x3`";
  if (expected === T.Colon.LABEL) return "a stage is written `stage conv2: 3 x Bottleneck(64)`";
  return undefined;
}

/** Everything that nests too deep for a reader, and so for the parser. */
function deepest(tokens: readonly IToken[]): { depth: number; at?: IToken } {
  let depth = 0;
  let most = 0;
  let at: IToken | undefined;
  for (const token of tokens) {
    const { tokenType } = token;
    if (opens.has(tokenType)) {
      if (++depth > most) most = depth;
      if (depth === nestingLimit + 1) at ??= token;
    } else if (closes.has(tokenType)) depth = Math.max(0, depth - 1);
  }
  return at === undefined ? { depth: most } : { depth: most, at };
}

const opens = new Set([T.LeftBrace, T.LeftParen, T.LeftBracket]);
const closes = new Set([T.RightBrace, T.RightParen, T.RightBracket]);

/** The first operand that is one too many, if an expression is that long. */
function longExpression(tokens: readonly IToken[]): { count: number; at?: IToken } {
  let run = 0;
  let at: IToken | undefined;
  for (const { tokenType, ...token } of tokens) {
    if (tokenType === T.Newline || tokenType === T.Comma || tokenType === T.Arrow) {
      if (at) break;
      run = 0;
    } else if (tokenType === T.Not || T.binaryOperators.includes(tokenType)) {
      if (++run > operandLimit) at ??= { tokenType, ...token };
    }
  }
  return at === undefined ? { count: run } : { count: run, at };
}

/** Parses one file. */
export function parse(file: SourceFile): Parsed {
  const { tokens: raw, comments, found } = lex(file);
  const kept: SourceComment[] = comments.map((comment) => ({
    text: comment.image,
    span: spanOf(file, comment),
  }));
  const nothing: Parsed = {
    unit: { declarations: [], comments: kept },
    diagnostics: found,
    lost: new Set(),
  };
  const nested = deepest(raw);
  if (nested.at) {
    const holes = { depth: nested.depth, limit: nestingLimit };
    const tooDeep = diagnostic("R0104", spanOf(file, nested.at), holes);
    return { ...nothing, diagnostics: [...found, tooDeep] };
  }

  const balanced = balanceBraces(raw);
  for (const brace of balanced.unclosed) found.push(diagnostic("R0105", spanOf(file, brace), {}));
  for (const brace of balanced.superfluous) {
    found.push(diagnostic("R0106", spanOf(file, brace), {}, { help: "delete it" }));
  }
  const tokens = layOut(balanced.tokens);
  const long = longExpression(tokens);
  if (long.at) {
    const holes = { count: long.count + 1, limit: operandLimit };
    return {
      ...nothing,
      diagnostics: [...found, diagnostic("R0107", spanOf(file, long.at), holes)],
    };
  }

  parser ??= new ResnetParser();
  const { declarations, lost, faults } = parser.parseUnit(file, tokens, docsByLine(file, comments));
  const unclosedLines = new Set(balanced.unclosed.map((brace) => brace.startLine));
  for (const fault of onePerLine(faults, unclosedLines)) found.push(faultDiagnostic(file, fault));
  return {
    unit: { declarations, comments: kept },
    diagnostics: found,
    lost: new Set(lost),
  };
}

/** Several faults on a line are most often one slip: the first is kept, or the unclosed brace. */
function onePerLine(
  faults: readonly SyntaxFault[],
  reported: ReadonlySet<number | undefined>,
): readonly SyntaxFault[] {
  const lines = new Set(reported);
  return faults.filter(({ found }) => {
    const isNew = !lines.has(found.startLine);
    lines.add(found.startLine);
    return isNew;
  });
}

/** Parses one expression, as given for a parameter on a command line. */
export function parseValue(file: SourceFile): {
  readonly expression: Expression | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { tokens, found } = lex(file);
  parser ??= new ResnetParser();
  if (found.length > 0 || deepest(tokens).at || longExpression(tokens).at) {
    return { expression: undefined, diagnostics: found };
  }
  const { expression, faults } = parser.parseExpression(file, tokens);
  return { expression, diagnostics: faults.map((fault) => faultDiagnostic(file, fault)) };
}
