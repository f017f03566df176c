/**
 * Puts in the `{` that is missing between a header (`stem`, `head classify`, `network N(…)`) and the
 * body that follows it, so that this is one finding and the body is still read.
 */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import { surplusOf } from "./braces.js";
import { beginsDeclaration, emptyAfter, endsLine } from "./layout.js";
import { chainSettings } from "./setting-slips.js";
import * as T from "./tokens.js";

export interface OpenedBodies {
  readonly tokens: readonly IToken[];
  /** The last token before every brace that was missing, what follows it, and whether they share a line. */
  readonly missing: readonly {
    readonly after: IToken;
    readonly next: IToken;
    /** Whether the brace belongs to the line of `next`. */
    readonly sameLine: boolean;
  }[];
}

/** Inserts the missing opening braces of bodies; the tokens carry no newlines yet. */
export function openBodies(tokens: readonly IToken[]): OpenedBodies {
  const inserted = new Map<IToken, IToken>();
  const missing: { after: IToken; next: IToken; sameLine: boolean }[] = [];
  const braces = new BraceStack();
  // A body that begins with any word is one only where braces are missing at all.
  const lacksBraces = surplusOf(tokens) > 0;
  let indent = 1;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const isFirst = token.startLine !== before?.endLine;
    if (isFirst) indent = token.startColumn ?? 1;
    if (before && isFirst && lacksBraces && braces.inBranches && lacksItsBrace(tokens, index)) {
      inserted.set(before, openingAfter(before));
      missing.push({ after: before, next: token, sameLine: true });
      braces.open(false);
    }
    braces.pass(token);
    const last = lastOfHeader(tokens, index, isFirst && lacksBraces);
    if (last === undefined) continue;
    const [after, next] = [tokens[last], tokens[last + 1]];
    if (!after || !next) continue;
    const ofBranches = token.tokenType === T.Branches;
    // `stem: { … }` has its brace.
    const isParted = next.tokenType === T.Colon || next.tokenType === T.Assign;
    if (isParted && tokens[last + 2]?.tokenType === T.LeftBrace) continue;
    if (next.tokenType === T.LeftBrace && !(ofBranches && isFirstBranch(tokens, last + 1))) {
      if (ofBranches) braces.announce(next);
      continue;
    }
    if (!bodyFollows(tokens, last + 1, indent)) continue;
    inserted.set(after, openingAfter(after));
    missing.push({ after, next, sameLine: next.startLine === after.endLine });
    braces.open(ofBranches);
  }
  if (missing.length === 0) return { tokens, missing };
  const opened = tokens.flatMap((token) => {
    const brace = inserted.get(token);
    return brace ? [token, brace] : [token];
  });
  return { tokens: opened, missing };
}

/** Which braces are open, and whether the innermost ones are those of branches. */
class BraceStack {
  readonly #open: boolean[] = [];
  #announced: IToken | undefined;

  /** Whether what stands here are the branches of a merge. */
  get inBranches(): boolean {
    return this.#open.at(-1) ?? false;
  }

  /** Says that a brace further on is that of branches. */
  announce(brace: IToken): void {
    this.#announced = brace;
  }

  open(ofBranches: boolean): void {
    this.#open.push(ofBranches);
  }

  pass(token: IToken): void {
    if (token.tokenType === T.LeftBrace) this.open(token === this.#announced);
    else if (token.tokenType === T.RightBrace) this.#open.pop();
  }
}

/** Whether a brace below `branches sum` is the first branch's own, and not that of all branches. */
function isFirstBranch(tokens: readonly IToken[], index: number): boolean {
  const [before, brace, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  return brace?.startLine !== before?.endLine && next?.tokenType !== T.LeftBrace;
}

/** Whether a line among branches is one of them but for its opening brace: `conv 3x3, 16 }`. */
function lacksItsBrace(tokens: readonly IToken[], start: number): boolean {
  const first = tokens[start];
  if (first?.tokenType === T.LeftBrace || first?.tokenType === T.RightBrace) return false;
  return closesWithinLine(tokens, start);
}

/** Whether the line from `start` on closes a brace more than it opens. */
function closesWithinLine(tokens: readonly IToken[], start: number): boolean {
  const line = tokens[start]?.startLine;
  let depth = 0;
  for (let index = start; tokens[index]?.startLine === line; index++) {
    const { tokenType } = tokens[index] as IToken;
    if (tokenType === T.LeftBrace) depth++;
    else if (tokenType === T.RightBrace && --depth < 0) return true;
  }
  return false;
}

/** Words that a body follows at once. */
const bare: ReadonlySet<TokenType> = new Set([T.Stem, T.Residual, T.Gate, T.Expect]);
/** Words that a name may or must follow. */
const named: ReadonlySet<TokenType> = new Set([T.Head, T.Branches]);

/** The index of the last token of the header that begins at `index`; `undefined` where none does. */
function lastOfHeader(
  tokens: readonly IToken[],
  index: number,
  isLacking: boolean,
): number | undefined {
  const token = tokens[index] as IToken;
  const next = tokens[index + 1];
  if (isNamedAsPlace(tokens, index)) return undefined;
  if (bare.has(token.tokenType)) return index;
  const mayOpen = beginsChain(tokens, index);
  if (isLacking && mayOpen && next?.startLine === token.startLine) {
    return closesWithinLine(tokens, index + 1) ? index : undefined;
  }
  // Its chain stands on the lines below.
  if (isLacking && chainSettings.has(token.image)) return index;
  if (named.has(token.tokenType)) {
    // `train head for Net`: a word of the language where the name of a recipe is meant.
    if (next?.image === "for" && tokens[index - 1]?.image === "train") return undefined;
    const hasName = next && tokenMatcher(next, T.Identifier) && next.startLine === token.startLine;
    return hasName ? index + 1 : index;
  }
  const declares = token.tokenType !== T.Import && beginsDeclaration(token, next);
  return declares ? lastOfDeclarationHeader(tokens, index) : undefined;
}

/** Whether a word of the language is used as the name of a place: `from stem`, `freeze stem`, `["stem", head]`. */
function isNamedAsPlace(tokens: readonly IToken[], index: number): boolean {
  const [before, token] = [tokens[index - 1], tokens[index] as IToken];
  if (before === undefined || before.endLine !== token.startLine) return false;
  if (before.tokenType === T.From) return true;
  if (token.tokenType !== T.Stem && token.tokenType !== T.Head) return false;
  return namesBehind.has(before.tokenType) || before.image === "freeze";
}

const namesBehind: ReadonlySet<TokenType> = new Set([T.LeftBracket, T.LeftParen, T.Comma]);

/** Whether a word that a value may follow, too, is followed by operations here. */
function beginsChain(tokens: readonly IToken[], index: number): boolean {
  const token = tokens[index] as IToken;
  if (chainSettings.has(token.image)) return true;
  const second = tokens[index + 2]?.tokenType;
  const operates = second !== undefined && afterOperation.has(second);
  return token.tokenType === T.Shortcut && operates;
}

/** What stands behind the name of an operation, and not behind the name of a value. */
const afterOperation: ReadonlySet<TokenType> = new Set([T.Dimensions, T.NumberLiteral, T.Arrow]);

function lastOfDeclarationHeader(tokens: readonly IToken[], start: number): number | undefined {
  let depth = 0;
  let isInstance = false;
  for (let index = start + 1; index < tokens.length; index++) {
    const [before, token] = [tokens[index - 1] as IToken, tokens[index] as IToken];
    const { tokenType } = token;
    if (tokenType === T.LeftBrace) return undefined;
    if (beginsDeclaration(token, tokens[index + 1])) return undefined;
    if (depth === 0 && tokenType === T.Assign) isInstance = true;
    if (depth === 0 && index > start + 1 && endsLine(before, token)) {
      // Nothing but what is expected of it stands in the braces of an instance.
      return isInstance && tokenType !== T.Expect ? undefined : index - 1;
    }
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
