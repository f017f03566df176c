/** The edits that mends of the syntax are made of, each with its words. */
import type { IToken } from "chevrotain";
import type { Help } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";
import { spanOf } from "./lexer.js";

export function isEither(token: IToken, ...types: readonly IToken["tokenType"][]): boolean {
  return types.includes(token.tokenType);
}

/** What is put right behind a token. */
export function putBehind(file: SourceFile, token: IToken, text: string, words: string): Help {
  const { end } = spanOf(file, token);
  return { text: words, edits: [{ span: file.span(end, end), text }] };
}

/** A token that is left out, with the space before it. */
export function leaveOut(file: SourceFile, token: IToken, words: string): Help {
  const { start, end } = spanOf(file, token);
  const before = file.text.slice(0, start).replace(/[ \t]+$/, "").length;
  return { text: words, edits: [{ span: file.span(before, end), text: "" }] };
}
