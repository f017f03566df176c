/**
 * Puts in the `{` that is missing between a header (`stem`, `head classify`, `network N(…)`) and the
 * body that follows it, so that this is one finding and the body is still read.
 */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import { beginsDeclaration, emptyAfter, endsLine } from "./layout.js";
import * as T from "./tokens.js";

export interface OpenedBodies {
  readonly tokens: readonly IToken[];
  /** The last token of every header that lacked its brace, and what follows it. */
  readonly missing: readonly { readonly after: IToken; readonly next: IToken }[];
}

/** Inserts the missing opening braces of bodies; the tokens carry no newlines yet. */
export function openBodies(tokens: readonly IToken[]): OpenedBodies {
  const inserted = new Map<IToken, IToken>();
  const missing: { after: IToken; next: IToken }[] = [];
  let indent = 1;
  for (const [index, token] of tokens.entries()) {
    if (token.startLine !== tokens[index - 1]?.endLine) indent = token.startColumn ?? 1;
    const last = lastOfHeader(tokens, index);
    if (last === undefined) continue;
    const [after, next] = [tokens[last], tokens[last + 1]];
    if (!after || !next || next.tokenType === T.LeftBrace) continue;
    if (!bodyFollows(tokens, last + 1, indent)) continue;
    inserted.set(after, openingAfter(after));
    missing.push({ after, next });
  }
  if (missing.length === 0) return { tokens, missing };
  const opened = tokens.flatMap((token) => {
    const brace = inserted.get(token);
    return brace ? [token, brace] : [token];
  });
  return { tokens: opened, missing };
}

/** Words that a body follows at once. */
const bare: ReadonlySet<TokenType> = new Set([T.Stem, T.Residual, T.Gate, T.Expect]);
/** Words that a name may or must follow. */
const named: ReadonlySet<TokenType> = new Set([T.Head, T.Branches]);

/** The index of the last token of the header that begins at `index`; `undefined` where none does. */
function lastOfHeader(tokens: readonly IToken[], index: number): number | undefined {
  const token = tokens[index] as IToken;
  const next = tokens[index + 1];
  if (bare.has(token.tokenType)) return index;
  if (named.has(token.tokenType)) {
    const hasName = next && tokenMatcher(next, T.Identifier) && next.startLine === token.startLine;
    return hasName ? index + 1 : index;
  }
  const declares = token.tokenType !== T.Import && beginsDeclaration(token, next);
  return declares ? lastOfDeclarationHeader(tokens, index) : undefined;
}

function lastOfDeclarationHeader(tokens: readonly IToken[], start: number): number | undefined {
  let depth = 0;
  for (let index = start + 1; index < tokens.length; index++) {
    const [before, token] = [tokens[index - 1] as IToken, tokens[index] as IToken];
    const { tokenType } = token;
    if (tokenType === T.LeftBrace) return undefined;
    if (beginsDeclaration(token, tokens[index + 1])) return undefined;
    if (depth === 0 && tokenType === T.Assign) return undefined;
    if (depth === 0 && index > start + 1 && endsLine(before, token)) return index - 1;
    if (tokenType === T.LeftParen || tokenType === T.LeftBracket) depth++;
    else if (tokenType === T.RightParen || tokenType === T.RightBracket) depth--;
  }
  return undefined;
}

/** Whether a body without its opening brace begins at `index`, below a header indented by `indent`. */
function bodyFollows(tokens: readonly IToken[], index: number, indent: number): boolean {
  const header = tokens[index - 1] as IToken;
  const first = tokens[index] as IToken;
  if (first.startLine !== header.endLine) {
    return (first.startColumn ?? 1) > indent || first.tokenType === T.RightBrace;
  }
  let depth = 0;
  for (const token of tokens.slice(index, index + 200)) {
    if (token.startLine !== first.startLine) return (token.startColumn ?? 1) > indent;
    if (token.tokenType === T.LeftBrace) depth++;
    else if (token.tokenType === T.RightBrace && --depth < 0) return true;
  }
  return false;
}

function openingAfter(token: IToken): IToken {
  return { ...emptyAfter(token, T.LeftBrace), isInsertedInRecovery: true };
}
