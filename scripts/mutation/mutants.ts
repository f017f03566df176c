/**
 * Breaks a spec in one place, as hands do: each mutant is one small change of a text that was sound. The
 * enumeration is exhaustive for its kinds and always the same.
 */
import { tokenMatcher, type IToken } from "chevrotain";
import { SourceFile, type Span } from "../../src/source/source.js";
import type { Argument, Call, Expression } from "../../src/syntax/ast.js";
import { isChain } from "../../src/syntax/ast.js";
import { lex } from "../../src/syntax/lexer.js";
import { parse } from "../../src/syntax/parse.js";
import * as T from "../../src/syntax/tokens.js";
import { collectSites, type Site } from "./sites.js";

export const kinds = [
  "channel count",
  "stride",
  "kernel",
  "dropped shortcut",
  "misspelt name",
  "misspelt word",
  "missing brace",
  "wrong kind of argument",
] as const;

export type Kind = (typeof kinds)[number];

export interface Mutant {
  readonly kind: Kind;
  readonly text: string;
  /** The lines of `text` that the change is in, from 1. */
  readonly lines: ReadonlySet<number>;
  /** What was done, for a reader: `3x3` became `2x2`. */
  readonly change: string;
}

/** Every mutant of a text that is sound. */
export function mutantsOf(text: string): readonly Mutant[] {
  const file = new SourceFile("mutant.resnet", text);
  const made = [...ofSites(file), ...ofTokens(file)];
  const seen = new Set<string>([text]);
  return made.filter((mutant) => {
    const isNew = !seen.has(mutant.text);
    seen.add(mutant.text);
    return isNew;
  });
}

/** One change; `also` are other places that belong to it, such as a brace's partner. */
function change(kind: Kind, span: Span, put: string, also: readonly Span[] = []): Mutant {
  const { file, start, end } = span;
  const text = file.text.slice(0, start) + put + file.text.slice(end);
  const after = new SourceFile("mutant.resnet", text);
  const lines = new Set<number>();
  const { line: first } = after.position(start);
  const { line: last } = after.position(start + put.length);
  for (let line = first; line <= last; line++) lines.add(line);
  // A line that is gone stood between two others.
  if (put === "" && file.text.slice(start, end).endsWith("\n")) lines.add(Math.max(1, first - 1));
  for (const each of also) {
    const moved = each.start >= end ? each.start + put.length - (end - start) : each.start;
    lines.add(after.position(moved).line);
  }
  const was = file.text.slice(start, end).replace(/\s+/g, " ");
  return { kind, text, lines, change: `\`${was}\` became \`${put}\`` };
}

function ofSites(file: SourceFile): readonly Mutant[] {
  const { unit } = parse(file);
  return collectSites(unit).flatMap((site) => mutantsOfSite(file, site));
}

function mutantsOfSite(file: SourceFile, site: Site): readonly Mutant[] {
  switch (site.kind) {
    case "call":
      return [
        ...site.call.arguments.flatMap((argument, index) =>
          mutantsOfArgument(site.call, argument, index),
        ),
        ...withStride(file, site.call),
      ];
    case "shortcut": {
      const shown = file.text.slice(site.form.start, site.form.end);
      const others = ["identity", "none"].filter((form) => form !== shown);
      return [
        change("dropped shortcut", wholeLine(site.span), ""),
        ...others.map((form) => change("dropped shortcut", site.form, form)),
      ];
    }
    case "count":
      return ["0", "1.5", '"two"', "[2]"].map((put) =>
        change("wrong kind of argument", site.span, put),
      );
    case "input":
      return mutantsOfInput(site.shape);
    case "setting":
      return isChain(site.value)
        ? []
        : ['"text"', "true", "[1, 2]", "-1"].map((put) =>
            change("wrong kind of argument", (site.value as Expression).span, put),
          );
  }
}

/** The text of a span with the line's indentation and end, where nothing else is on its line. */
function wholeLine({ file, start, end }: Span): Span {
  const { text } = file;
  const before = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const alone = text.slice(before, start).trim() === "" && text.slice(end, next).trim() === "";
  return alone && next >= 0 ? file.span(before, next + 1) : file.span(start, end);
}

function mutantsOfInput(shape: Expression): readonly Mutant[] {
  if (shape.kind !== "dimensions") return [];
  const [height = 1, width = 1, channels = 1] = shape.values;
  return [
    change("channel count", shape.span, `${height}x${width}x${channels + 1}`),
    change("wrong kind of argument", shape.span, `${height}x${width}`),
    change("wrong kind of argument", shape.span, String(height)),
    change("wrong kind of argument", shape.span, '"image"'),
  ];
}

/** Callees whose first argument is a window. */
const windowed: ReadonlySet<string> = new Set(["conv", "maxpool", "avgpool"]);

function mutantsOfArgument(call: Call, argument: Argument, index: number): readonly Mutant[] {
  const { value } = argument;
  const kind = kindOf(call, argument, index);
  const wrong = ['"text"', "true", "[1, 2, 3]", "1.5", "-1", "0"].map((put) =>
    change("wrong kind of argument", value.span, put),
  );
  const { text } = value.span.file;
  const written = text.slice(value.span.start, value.span.end);
  const meant = ((): readonly Mutant[] => {
    switch (kind) {
      case "kernel": {
        const puts = ["1x1", "2x2", "5x5", "3x1", "99x99"];
        return [
          ...puts.map((put) => change("kernel", value.span, put)),
          change("kernel", value.span, `${written}, pad: 0`),
        ];
      }
      case "channels": {
        const one = value.kind === "binary" ? `(${written})` : written;
        const puts = [`${one} + 1`, `2 * ${one}`, `${one} - 1`];
        if (value.kind === "number") puts.push(String(value.value + 1), String(2 * value.value));
        return puts.map((put) => change("channel count", value.span, put));
      }
      case "stride":
        return [
          ...["/1", "/2", "/3"].map((put) => change("stride", argument.span, put)),
          change("stride", withComma(argument), ""),
        ];
      case undefined:
        return [];
    }
  })();
  return [...meant, ...wrong];
}

function kindOf(
  call: Call,
  { name, slash }: Argument,
  index: number,
): "kernel" | "channels" | "stride" | undefined {
  const callee = call.callee.text;
  if (slash || name?.text === "stride") return "stride";
  if (name !== undefined) return undefined;
  if (windowed.has(callee)) return index === 0 ? "kernel" : "channels";
  if (callee === "dense" || /^[A-Z]/.test(callee)) return "channels";
  return undefined;
}

/** An argument with the comma before it. */
function withComma({ span: { file, start, end } }: Argument): Span {
  const comma = file.text.lastIndexOf(",", start);
  const between = comma < 0 ? "-" : file.text.slice(comma + 1, start);
  return between.trim() === "" ? file.span(comma, end) : file.span(start, end);
}

/** A stride where there was none. */
function withStride(file: SourceFile, call: Call): readonly Mutant[] {
  const { callee } = call;
  const takes = windowed.has(callee.text) || /^[A-Z]/.test(callee.text);
  const has = call.arguments.some(({ slash, name }) => slash || name?.text === "stride");
  if (!takes || has) return [];
  const after = file.span(call.span.end, call.span.end);
  return [change("stride", after, call.arguments.length === 0 ? "(), /2" : ", /2")];
}

function ofTokens(file: SourceFile): readonly Mutant[] {
  const { tokens } = lex(file);
  const partners = partnersOf(tokens);
  return tokens.flatMap((token): readonly Mutant[] => {
    const span = file.span(token.startOffset, token.startOffset + token.image.length);
    const partner = partners.get(token);
    if (partner) {
      const at = file.span(partner.startOffset, partner.startOffset);
      return [
        change("missing brace", span, "", [at]),
        ...(isAlone(span) ? [change("missing brace", wholeLine(span), "", [at])] : []),
      ];
    }
    if (!/^[A-Za-z_]\w*$/.test(token.image)) return [];
    const isName = tokenMatcher(token, T.Identifier) && !isSoftWord(token);
    const kind = isName ? "misspelt name" : "misspelt word";
    return misspellings(token.image).map((put) => change(kind, span, put));
  });
}

function isAlone(span: Span): boolean {
  return wholeLine(span).end > span.end;
}

function isSoftWord({ tokenType }: IToken): boolean {
  return tokenType !== T.Identifier;
}

/** Two letters exchanged, the last one gone, one doubled, and one that is another. */
function misspellings(word: string): readonly string[] {
  const puts: string[] = [];
  const letters = [...word];
  const swapped = letters.findIndex((letter, index) => index > 0 && letter !== letters[index - 1]);
  if (swapped > 0) {
    puts.push(
      word.slice(0, swapped - 1) + word[swapped] + word[swapped - 1] + word.slice(swapped + 1),
    );
  }
  if (word.length > 2) puts.push(word.slice(0, -1));
  const middle = word.length >> 1;
  puts.push(word.slice(0, middle) + word.charAt(middle) + word.slice(middle));
  puts.push(word.slice(0, -1) + (word.endsWith("q") ? "z" : "q"));
  return puts;
}

const opening: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"],
]);

/** Every bracket with the one that belongs to it. */
function partnersOf(tokens: readonly IToken[]): ReadonlyMap<IToken, IToken> {
  const partners = new Map<IToken, IToken>();
  const open: IToken[] = [];
  for (const token of tokens) {
    if (opening.has(token.image)) open.push(token);
    else if ([...opening.values()].includes(token.image)) {
      const first = open.pop();
      if (first === undefined) continue;
      partners.set(first, token);
      partners.set(token, first);
    }
  }
  return partners;
}
