/** Puts what the parser wanted and what it met into words, with the change that mends it. */
import { EOF, type IToken } from "chevrotain";
import {
  diagnostic,
  type Details,
  type Diagnostic,
  type Help,
  type Mends,
} from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";
import { isEither } from "./fault-edits.js";
import { newlineAfter } from "./layout.js";
import { spanOf } from "./lexer.js";
import type { SyntaxFault } from "./recovering-parser.js";
import { helpByToken } from "./token-slips.js";
import * as T from "./tokens.js";
import { helpByRule } from "./written-forms.js";

/** The diagnostic for a fault. */
export function faultDiagnostic(file: SourceFile, fault: SyntaxFault): Diagnostic {
  const { found } = atLineEnd(fault);
  const holes = { expected: wanted(fault), found: describe(found) };
  return diagnostic("R0101", spanOf(file, found), holes, helps(helpFor(file, fault)));
}

function helps(help: Mends | string | undefined): Details {
  if (help === undefined) return {};
  if (typeof help === "string") return { help };
  const { alternatives = [], ...own } = help;
  return { help: own, alternatives };
}

/** A closing bracket is missing where its line ends, not where the next one begins. */
function atLineEnd(fault: SyntaxFault): SyntaxFault {
  const { found, before, expected } = fault;
  const closes = [T.RightParen.LABEL, T.RightBracket.LABEL].includes(expected);
  const isEnd = found.tokenType === EOF;
  const later = isEnd || (found.startLine ?? Infinity) > (before.endLine ?? Infinity);
  return closes && later ? { ...fault, found: newlineAfter(before) } : fault;
}

/** What was expected, in words; what chevrotain calls by its closing bracket goes on with a comma too. */
function wanted(fault: SyntaxFault): string {
  const { expected, rule, first } = fault;
  if (first?.tokenType === T.Input) return "`where` or a new line";
  if (first?.tokenType === T.Stage) {
    return fault.found.tokenType === T.Comma ? "`(` or a new line" : "`,` or a new line";
  }
  if (first && bodies.has(first.tokenType)) return "a new line";
  const listed = rule === "parameters" || rule === "enclosedArguments" || rule === "list";
  const closes = expected === T.RightParen.LABEL || expected === T.RightBracket.LABEL;
  if (listed && closes) return `\`,\` or ${expected}`;
  // A comma that cannot stand here was not what was expected.
  return fault.found.tokenType === T.Comma ? expected.replace("`,`, ", "") : expected;
}

const bodies: ReadonlySet<IToken["tokenType"]> = new Set([T.Stem, T.Head, T.Expect]);

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

/** What mends the slips that are made most. */
function helpFor(file: SourceFile, fault: SyntaxFault): Mends | string | undefined {
  const { found, meant, bodyFollows } = fault;
  if (bodyFollows) return openingHelp(file, found);
  if (meant !== undefined) {
    const edits = [{ span: spanOf(file, found), text: meant }];
    return { text: `did you mean \`${meant}\`?`, edits };
  }
  return helpByToken(file, fault) ?? helpByRule(file, fault);
}

/** A body that lacks its brace: before what it begins with, or behind the line of its header. */
function openingHelp(file: SourceFile, found: IToken): Help {
  const text = "what belongs to it stands in braces: `{ … }`";
  // Two headers in one line: one of them is too much, rather than a brace too few.
  if (isEither(found, T.Stem, T.Head, T.Expect, T.Input, T.Stage)) return { text };
  const { start } = spanOf(file, found);
  const brace = found.tokenType === T.Newline ? " {" : "{ ";
  return { text, edits: [{ span: file.span(start, start), text: brace }] };
}
