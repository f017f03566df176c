/**
 * What is being written at a cursor, told from the tokens before it alone, so that it is known in the middle of a line
 * that does not parse yet: the bodies and parentheses around it, and what stands before it in its own item.
 */
import type { IToken, TokenType } from "chevrotain";
import type { SourceFile } from "../../source/source.js";
import { beginsDeclaration, endsLine } from "../../syntax/layout.js";
import { lex } from "../../syntax/lexer.js";
import * as T from "../../syntax/tokens.js";

/** What a pair of braces, parentheses or brackets is for. */
export type Frame =
  | { readonly kind: "file" }
  | { readonly kind: "import" }
  | { readonly kind: "parameters" }
  | { readonly kind: "chain"; readonly of: "body" | "residual" | "shortcut" | "branch" | "gate" }
  | { readonly kind: "branches" }
  | { readonly kind: "network" }
  | { readonly kind: "instance" }
  | { readonly kind: "expect" }
  | { readonly kind: "recipe" }
  /** The chain of a setting: `augment { … }`. */
  | { readonly kind: "setting"; readonly key: string }
  /** The arguments of `callee(…)`. */
  | { readonly kind: "call"; readonly callee: string }
  /** `[…]`, or parentheses around a value. */
  | { readonly kind: "group" };

interface Open {
  readonly frame: Frame;
  /** The tokens of the item at hand, those inside closed braces and brackets left out. */
  readonly item: IToken[];
  /** What the last braces that were closed in it were for. */
  closed?: Frame;
}

/** A declaration as far as it stands before the cursor. */
export interface DeclarationAhead {
  /** Its first word and its name, where there are any. */
  readonly word?: string;
  readonly name?: string;
  /** The names of its parameters. */
  readonly parameters: readonly string[];
}

export interface Cursor {
  /** Where the cursor is, outermost first; the last is innermost. */
  readonly around: readonly { readonly frame: Frame; readonly item: readonly IToken[] }[];
  /** The declaration at hand. */
  readonly declaration: DeclarationAhead;
  /** The part of a word that stands before the cursor, and where it begins. */
  readonly word: string;
  readonly start: number;
  /** The braces that were closed right before the cursor. */
  readonly closed?: Frame;
  /** The text of an import's path up to the cursor, if it is in one. */
  readonly path?: { readonly text: string; readonly start: number };
}

/** What is written at an offset; undefined inside comments and other texts in quotes. */
export function cursorAt(file: SourceFile, offset: number): Cursor | undefined {
  const { tokens, comments } = lex(file);
  const inComment = comments.some(
    ({ startOffset, image }) => startOffset < offset && offset <= startOffset + image.length,
  );
  if (inComment) return undefined;
  const before = tokens.filter(({ startOffset }) => startOffset < offset);
  const last = before.at(-1);
  const touches = last !== undefined && endOf(last) >= offset;
  const partial = touches && /^[A-Za-z_]/.test(last.image) ? before.pop() : undefined;
  const start = partial?.startOffset ?? offset;
  const reader = new FrameReader();
  const quoted =
    touches && isText(last) && (endOf(last) > offset || last.tokenType === T.OpenString);
  if (quoted && last) {
    before.pop();
    for (const [index, token] of before.entries()) reader.take(token, before[index + 1]);
    if (before.at(-1)?.tokenType !== T.From) return undefined;
    const text = file.text.slice(last.startOffset + 1, offset);
    return {
      ...reader.state(),
      word: "",
      start: offset,
      path: { text, start: last.startOffset + 1 },
    };
  }
  for (const [index, token] of before.entries()) reader.take(token, before[index + 1]);
  const { line, column } = file.position(start);
  reader.arrive(line, column);
  return { ...reader.state(), word: file.text.slice(start, offset), start };
}

function endOf({ startOffset, image }: IToken): number {
  return startOffset + image.length;
}

function isText({ tokenType }: IToken): boolean {
  return (
    tokenType === T.StringLiteral || tokenType === T.OpenString || tokenType === T.ForeignString
  );
}

const openers: ReadonlySet<TokenType> = new Set([T.LeftBrace, T.LeftParen, T.LeftBracket]);
const closers: ReadonlySet<TokenType> = new Set([T.RightBrace, T.RightParen, T.RightBracket]);

class FrameReader {
  #open: Open[] = [{ frame: { kind: "file" }, item: [] }];
  #declaration: DeclarationAhead = { parameters: [] };
  #previous: IToken | undefined;
  #closedLast: Frame | undefined;

  state(): Pick<Cursor, "around" | "declaration" | "closed"> {
    const closed = this.#closedLast;
    return {
      around: this.#open,
      declaration: this.#declaration,
      ...(closed && { closed }),
    };
  }

  take(token: IToken, next: IToken | undefined): void {
    if (beginsDeclaration(token, next)) this.#begin(token, next);
    this.#breakLine(token);
    const { tokenType } = token;
    if (openers.has(tokenType)) this.#enter(token);
    else if (closers.has(tokenType)) this.#leave(token);
    else {
      this.#parameter(token);
      this.#top.item.push(token);
      this.#closedLast = undefined;
    }
    this.#previous = token;
  }

  /** Takes a parameter's name: what stands first in the parentheses of a header, or after a comma. */
  #parameter({ image }: IToken): void {
    const { frame, item } = this.#top;
    const first = item.length === 0 || item.at(-1)?.tokenType === T.Comma;
    if (frame.kind !== "parameters" || !first || !/^[A-Za-z_]/.test(image)) return;
    const { parameters } = this.#declaration;
    this.#declaration = { ...this.#declaration, parameters: [...parameters, image] };
  }

  /** The cursor itself: what is written there may be a new item. */
  arrive(line: number, column: number): void {
    const at = { ...newIdentifier, startLine: line, startColumn: column };
    this.#breakLine(at);
  }

  get #top(): Open {
    return this.#open.at(-1) as Open;
  }

  #begin(token: IToken, next: IToken | undefined): void {
    this.#open = [{ frame: { kind: "file" }, item: [] }];
    const name = token.tokenType === T.Import ? undefined : next?.image;
    const named = name !== undefined && { name };
    this.#declaration = { word: token.image, parameters: [], ...named };
    this.#closedLast = undefined;
  }

  #breakLine(token: IToken): void {
    const { frame, item } = this.#top;
    const inside = frame.kind === "call" || frame.kind === "group" || frame.kind === "parameters";
    if (inside || this.#previous === undefined || !endsLine(this.#previous, token)) return;
    item.length = 0;
  }

  #enter(token: IToken): void {
    const { frame, item } = this.#top;
    const inner = frameOf(token, frame, item);
    item.push(token);
    this.#open.push({ frame: inner, item: [] });
    this.#closedLast = undefined;
  }

  #leave(token: IToken): void {
    const brace = token.tokenType === T.RightBrace;
    const isBraced = ({ frame }: Open): boolean =>
      !["call", "group", "parameters", "file"].includes(frame.kind);
    // A brace closes whatever parentheses are still open inside it.
    while (brace && this.#open.length > 1 && !isBraced(this.#top)) this.#open.pop();
    if (this.#open.length === 1) return;
    if (!brace && isBraced(this.#top)) return;
    const closed = this.#open.pop();
    this.#top.item.push(token);
    this.#closedLast = closed?.frame;
  }
}

const newIdentifier: IToken = {
  image: "x",
  tokenType: T.Identifier,
  tokenTypeIdx: T.Identifier.tokenTypeIdx as number,
  startOffset: 0,
};

function frameOf(token: IToken, around: Frame, item: readonly IToken[]): Frame {
  if (token.tokenType === T.LeftBracket) return { kind: "group" };
  if (token.tokenType === T.LeftParen) return parenthesis(around, item);
  const first = item[0]?.image;
  if (around.kind === "file") {
    if (first === "import") return { kind: "import" };
    if (first === "train") return { kind: "recipe" };
    if (first !== "network") return { kind: "chain", of: "body" };
    const made = item.some(({ tokenType }) => tokenType === T.Assign);
    return { kind: made ? "instance" : "network" };
  }
  if (around.kind === "recipe") return { kind: "setting", key: first ?? "" };
  if (around.kind === "branches") return { kind: "chain", of: "branch" };
  if (first === "expect") return { kind: "expect" };
  const [last, before] = [item.at(-1)?.tokenType, item.at(-2)?.tokenType];
  if (before === T.Branches) return { kind: "branches" };
  if (last === T.Residual) return { kind: "chain", of: "residual" };
  if (last === T.Shortcut) return { kind: "chain", of: "shortcut" };
  if (last === T.Gate) return { kind: "chain", of: "gate" };
  return { kind: "chain", of: "body" };
}

function parenthesis(around: Frame, item: readonly IToken[]): Frame {
  const last = item.at(-1);
  const first = item[0]?.image;
  const heads = around.kind === "file" && (first === "block" || first === "network");
  if (heads && item.length === 2) return { kind: "parameters" };
  const named = last && last.image !== "" && /^[A-Za-z_]/.test(last.image);
  return named ? { kind: "call", callee: last.image } : { kind: "group" };
}
