/**
 * Makes braces balance before the parser sees them, so that one missing or superfluous brace is one
 * finding, at the brace that is at fault, and everything around it is still read. Where they do not
 * balance, indentation tells which brace was meant: a `}` that begins a line closes the `{` whose line
 * is indented as far.
 */
import type { IToken } from "chevrotain";
import { beginsDeclaration } from "./layout.js";
import { LeftBrace, RightBrace } from "./tokens.js";

export interface BalancedTokens {
  readonly tokens: IToken[];
  /** Opening braces that nothing closes, each with the last token of what it most likely holds. */
  readonly unclosed: readonly { readonly brace: IToken; readonly last: IToken }[];
  /** Closing braces that close nothing. */
  readonly superfluous: readonly IToken[];
  readonly deepest: number;
}

interface Open {
  readonly brace: IToken;
  /** The column of the first token on the brace's line. */
  readonly indent: number;
  /** Where in the result a line first stood no further in than the brace's line: its end was before. */
  outside?: number;
}

function closing(after: IToken): IToken {
  const end = (after.endOffset ?? after.startOffset) + 1;
  return {
    ...after,
    image: "",
    startOffset: end,
    endOffset: end - 1,
    tokenType: RightBrace,
    tokenTypeIdx: RightBrace.tokenTypeIdx as number,
    isInsertedInRecovery: true,
  };
}

function isBalanced(tokens: readonly IToken[]): boolean {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.tokenType === LeftBrace) depth++;
    else if (token.tokenType === RightBrace && --depth < 0) return false;
    else if (depth > 0 && beginsDeclaration(token, tokens[index + 1])) return false;
  }
  return depth === 0;
}

/** How many more closing braces there are than opening ones. */
export function surplusOf(tokens: readonly IToken[]): number {
  return tokens.reduce((count, { tokenType }) => {
    return count + (tokenType === RightBrace ? 1 : tokenType === LeftBrace ? -1 : 0);
  }, 0);
}

/** Balances the braces of `tokens`, which carry no newlines yet. */
export function balanceBraces(tokens: readonly IToken[]): BalancedTokens {
  let deepest = 0;
  if (isBalanced(tokens)) {
    let depth = 0;
    for (const token of tokens) {
      if (token.tokenType === LeftBrace) deepest = Math.max(deepest, ++depth);
      else if (token.tokenType === RightBrace) depth--;
    }
    return { tokens: [...tokens], unclosed: [], superfluous: [], deepest };
  }

  const result: IToken[] = [];
  const unclosed: { brace: IToken; last: IToken }[] = [];
  const superfluous: IToken[] = [];
  const open: Open[] = [];
  let surplus = surplusOf(tokens);
  let indent = 1;
  let line = 0;
  const closeInnermost = (): void => {
    const innermost = open.pop();
    if (innermost === undefined) return;
    const at = innermost.outside ?? result.length;
    const last = result[at - 1] ?? innermost.brace;
    unclosed.push({ brace: innermost.brace, last });
    result.splice(at, 0, closing(last));
  };
  for (const [index, token] of tokens.entries()) {
    const first = token.startLine !== line;
    if (first) {
      line = token.startLine ?? 0;
      indent = token.startColumn ?? 1;
      const around = open.at(-1);
      if (around && indent <= around.indent && token.tokenType !== RightBrace) {
        around.outside ??= result.length;
      }
      if (beginsDeclaration(token, tokens[index + 1])) while (open.length > 0) closeInnermost();
    }
    if (token.tokenType === LeftBrace) {
      open.push({ brace: token, indent });
      deepest = Math.max(deepest, open.length);
    } else if (token.tokenType === RightBrace) {
      if (first) while (open.length > 1 && (open.at(-1)?.indent ?? 0) > indent) closeInnermost();
      // One brace too many on the whole: it is one that stands further in than what it would close.
      const stray = first && surplus > 0 && (open.at(-1)?.indent ?? 0) < indent;
      if (open.length === 0 || stray) {
        surplus--;
        superfluous.push(token);
        continue;
      }
      open.pop();
    }
    result.push(token);
  }
  while (open.length > 0) closeInnermost();
  return { tokens: result, unclosed, superfluous, deepest };
}
