/** What stands for a `;`, which is no part of the language: by where it is, `->`, a new line, or nothing. */
import { EOF, type IToken, type TokenType } from "chevrotain";
import type { Help } from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../source/source.js";
import { endsLine } from "./layout.js";
import * as T from "./tokens.js";

/** What is open around a token: a bracket, or braces with what they hold. */
interface Group {
  readonly holds: "arguments" | "steps" | "items";
  /** The first token of the item at hand. */
  first?: IToken;
}

/** Words whose items `->` does not join to what stands beside them. */
const standAlone: ReadonlySet<TokenType> = new Set([
  ...[T.Import, T.Input, T.Stem, T.Stage, T.Head, T.Expect],
]);
/** What is read as a declaration at the top of a file, and holds items that are no steps. */
const holdItems: ReadonlySet<TokenType> = new Set([T.Train, T.Expect]);

const braces: ReadonlySet<TokenType> = new Set([T.LeftBrace, T.RightBrace]);
const opens: ReadonlySet<TokenType> = new Set([T.LeftBrace, T.LeftParen, T.LeftBracket]);
const closes: ReadonlySet<TokenType> = new Set([T.RightBrace, T.RightParen, T.RightBracket]);

/** The `;` of a file, several in a row as one, and what mends each. */
export function semicolons(
  file: SourceFile,
  tokens: readonly IToken[],
): readonly { readonly span: Span; readonly help: Help }[] {
  const found: { span: Span; help: Help }[] = [];
  const groups: Group[] = [{ holds: "items" }];
  /** Where the first of several in a row begins. */
  let run: number | undefined;
  for (const [index, token] of tokens.entries()) {
    // No bracket reaches over a brace.
    while (braces.has(token.tokenType) && groups.at(-1)?.holds === "arguments") groups.pop();
    const group = groups.at(-1) as Group;
    const before = tokens[index - 1];
    if (token.tokenType === T.Semicolon) {
      run ??= token.startOffset;
      const next = tokens[index + 1];
      if (next?.tokenType === T.Semicolon && next.startLine === token.startLine) continue;
      const span = file.span(run, token.startOffset + 1);
      found.push({ span, help: helpFor(span, token, next, group) });
      run = undefined;
      delete group.first;
      continue;
    }
    if (before !== undefined && group.holds !== "arguments" && endsLine(before, token)) {
      delete group.first;
    }
    if (closes.has(token.tokenType)) {
      if (groups.length > 1) groups.pop();
      continue;
    }
    group.first ??= token;
    if (opens.has(token.tokenType)) groups.push(opened(token, group));
  }
  return found;
}

function opened({ tokenType }: IToken, { first }: Group): Group {
  if (tokenType !== T.LeftBrace) return { holds: "arguments" };
  return { holds: first && holdItems.has(first.tokenType) ? "items" : "steps" };
}

function helpFor(at: Span, token: IToken, next: IToken | undefined, { holds, first }: Group): Help {
  const { file, start, end } = at;
  const replaced = (text: string, words: string): Help => ({
    text: words,
    edits: [{ span: at, text }],
  });
  const type = next?.tokenType ?? EOF;
  if (holds === "arguments") return replaced(",", "what stands in brackets is parted by `,`");
  const ends = next?.startLine !== token.startLine || type === T.RightBrace;
  if (ends) return replaced("", "a new line ends an operation; leave the `;` out");
  if (type === T.Arrow) return replaced("", "operations are joined by `->`; leave the `;` out");
  const parted = first === undefined || standAlone.has(first.tokenType) || standAlone.has(type);
  if (holds === "steps" && !parted) return replaced(" ->", "operations are joined by `->`");
  const indent = /^[ \t]*/.exec(file.line(token.startLine ?? 1))?.[0] ?? "";
  const space = /^[ \t]*/.exec(file.text.slice(end, end + 100))?.[0].length ?? 0;
  const span = file.span(start, end + space);
  return {
    text: "a new line ends an item, rather than `;`",
    edits: [{ span, text: `${file.newline}${indent}` }],
  };
}
