/**
 * Puts a `Newline` token wherever a line's end ends an item, so that the grammar can speak of items
 * and the parser can take up again at the next one. A line's end does not count inside brackets,
 * after something that asks for more (a comma, an operator, `->`, `{`), or before something that
 * goes on (`->`, `{`, `}`, `shortcut`, `where`). A semicolon, which is no part of the language, is taken as
 * a line's end.
 */
import type { IToken, TokenType } from "chevrotain";
import * as T from "./tokens.js";

const goesOnAfter: ReadonlySet<TokenType> = new Set([
  ...T.binaryOperators,
  T.Not,
  T.Assign,
  T.Arrow,
  T.Comma,
  T.Colon,
  T.LeftBrace,
  T.LeftParen,
  T.LeftBracket,
]);

const goesOnBefore: ReadonlySet<TokenType> = new Set([
  T.Arrow,
  T.LeftBrace,
  T.RightBrace,
  T.Comma,
  T.RightParen,
  T.RightBracket,
  T.Shortcut,
  T.Where,
]);

/** Words that begin an item: no open bracket reaches past one at the start of a line. */
const beginsItem: ReadonlySet<TokenType> = new Set([
  T.Import,
  T.Input,
  T.Stem,
  T.Stage,
  T.Head,
  T.Residual,
  T.Shortcut,
  T.Branches,
  T.Gate,
  T.Expect,
  T.RightBrace,
]);

/** Words that no argument can begin with: a comma before one at the start of a line leads nowhere. */
const beginsNoArgument: ReadonlySet<TokenType> = new Set([
  T.Import,
  T.Input,
  T.Stem,
  T.Stage,
  T.Head,
  T.Residual,
  T.Branches,
  T.Gate,
  T.Expect,
]);

const declarationWords: ReadonlySet<TokenType> = new Set([T.Block, T.Network, T.Train]);

/** Whether a token is first on its line and begins a declaration: `block`, `network`, `train`, `import`. */
export function beginsDeclaration(token: IToken, next: IToken | undefined): boolean {
  if (token.startColumn !== 1) return false;
  if (token.tokenType === T.Import) return true;
  return declarationWords.has(token.tokenType) && next?.tokenType.name !== T.LeftParen.name;
}

/** The newline that stands behind a token. */
export function newlineAfter(token: IToken): IToken {
  return emptyAfter(token, T.Newline);
}

/** A token of no characters right behind another. */
export function emptyAfter(token: IToken, tokenType: TokenType): IToken {
  const end = (token.endOffset ?? token.startOffset) + 1;
  return {
    image: "",
    startOffset: end,
    endOffset: end - 1,
    startLine: token.endLine ?? 1,
    endLine: token.endLine ?? 1,
    startColumn: (token.endColumn ?? 0) + 1,
    endColumn: token.endColumn ?? 1,
    tokenType,
    tokenTypeIdx: tokenType.tokenTypeIdx as number,
  };
}

/** Whether what stands on both sides of a line's end belongs together, outside brackets. */
function goesOn(before: IToken, after: IToken): boolean {
  if (before.tokenType === T.Comma && beginsNoArgument.has(after.tokenType)) return false;
  return goesOnAfter.has(before.tokenType) || goesOnBefore.has(after.tokenType);
}

/** Whether the line's end between two tokens ends an item, outside brackets. */
export function endsLine(before: IToken, after: IToken): boolean {
  return after.startLine !== before.endLine && !goesOn(before, after);
}

/** The tokens with newlines put in. */
export function layOut(tokens: readonly IToken[]): IToken[] {
  const result: IToken[] = [];
  let depth = 0;
  let previous: IToken | undefined;
  let ended = false;
  for (const [index, token] of tokens.entries()) {
    const type = token.tokenType;
    if (type === T.Semicolon) {
      ended = true;
      continue;
    }
    if (previous !== undefined && (ended || token.startLine !== previous.endLine)) {
      if (beginsItem.has(type) || beginsDeclaration(token, tokens[index + 1])) depth = 0;
      if (depth === 0 && !goesOn(previous, token)) result.push(newlineAfter(previous));
    }
    if (type === T.LeftParen || type === T.LeftBracket) depth++;
    else if (type === T.RightParen || type === T.RightBracket) depth = Math.max(0, depth - 1);
    else if (type === T.LeftBrace || type === T.RightBrace) depth = 0;
    result.push(token);
    previous = token;
    ended = false;
  }
  return result;
}
