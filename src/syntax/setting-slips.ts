/** Settings of recipes that are written as other languages would: lists for chains, words for texts, calls without parentheses. */
import type { IToken } from "chevrotain";
import type { Help } from "../diagnostics/diagnostic.js";
import { textOf, type SourceFile, type Span } from "../source/source.js";
import { isEither } from "./fault-edits.js";
import type { SyntaxFault } from "./recovering-parser.js";
import * as T from "./tokens.js";

/** Settings of a recipe whose value is a chain. */
export const chainSettings: ReadonlySet<string> = new Set(["preprocess", "augment"]);

/** What mends a setting whose line begins with its key and, most often, the kind that it chooses. */
export function helpOfSetting(
  file: SourceFile,
  { found, expected }: SyntaxFault,
): Help | undefined {
  if (isInChain(file, found.startOffset)) return colonOfList(file, found, expected);
  const { line, column } = file.position(found.startOffset);
  const start = file.lineStarts[line - 1] ?? 0;
  const before = file.line(line).slice(0, column - 1);
  // Behind the brace of the recipe, or by itself.
  const [head, key = ""] = /^(?:[^{]*\{)?\s*([A-Za-z_]\w*)\s+(?=\S|$)/.exec(before) ?? [];
  if (head === undefined) return undefined;
  const value = valueSpan(file, start + head.length);
  if (chainSettings.has(key)) {
    const written = before.slice(head.length);
    return written.includes("{") || value.start === value.end ? undefined : chainHelp(value);
  }
  if (T.reservedWords.includes(found.tokenType)) {
    const open = before.lastIndexOf("[");
    if (open > before.lastIndexOf("]")) return placesHelp(listSpan(file, start + open));
    if (before.endsWith("(") && /\bwithin\s*\($/.test(before)) {
      return factorsHelp(valueSpan(file, found.startOffset));
    }
    return before === head ? placesHelp(value) : undefined;
  }
  const kind = /^[A-Za-z_]\w*(?=\s+(?:\[[^\]]*)?$)/.exec(before.slice(head.length))?.[0];
  if (kind !== undefined && found.tokenType === T.LeftBrace) return bracedHelp(file, kind, found);
  const begins = isEither(found, T.NumberLiteral, T.StringLiteral, T.Identifier, T.Dimensions);
  const ofList = found.tokenType === T.Comma && expected === T.RightBracket.LABEL;
  if (kind === undefined || !(begins || ofList)) return undefined;
  const kindSpan = file.span(value.start, value.start + kind.length);
  const space = /^\s*/.exec(file.text.slice(kindSpan.end, value.end))?.[0].length ?? 0;
  return bracketHelp(kindSpan, file.span(kindSpan.end + space, value.end));
}

/** Whether a place stands within the braces of a chain, which it is a step's of. */
function isInChain(file: SourceFile, offset: number): boolean {
  let depth = 0;
  for (let at = offset - 1; at >= 0; at--) {
    const sign = file.text.charAt(at);
    if (sign === "}") depth++;
    else if (sign === "{" && depth-- === 0) {
      const [word = ""] = /[A-Za-z_]\w*(?=\s*$)/.exec(file.text.slice(0, at)) ?? [];
      return chainSettings.has(word);
    }
  }
  return false;
}

/** `mean [0.5, 0.4]`, whose bracket is taken for the place in a list. @param found the comma in it. */
function colonOfList(file: SourceFile, found: IToken, expected: string): Help | undefined {
  if (found.tokenType !== T.Comma || expected !== T.RightBracket.LABEL) return undefined;
  const before = file.text.slice(0, found.startOffset);
  const [written, name = ""] = /([A-Za-z_]\w*)[ \t]*\[[^[\]]*$/.exec(before) ?? [];
  if (written === undefined) return undefined;
  const end = found.startOffset - written.length + name.length;
  const bracket = file.text.indexOf("[", end);
  const text = `a named argument is written with a colon: \`${name}: ${textOf(listSpan(file, bracket))}\``;
  return { text, edits: [{ span: file.span(end, bracket), text: ": " }] };
}

/** `sgd { rate: 0.1, momentum: 0.9 }`, on one line, in parentheses. */
function bracedHelp(file: SourceFile, kind: string, brace: IToken): Help {
  const words = "arguments stand in parentheses";
  const { startOffset: start } = brace;
  const [braced, inner = ""] = /^\{([^{}\r\n]*)\}/.exec(file.text.slice(start)) ?? [];
  const given = inner.trim().split(/\s*[,;]\s*/);
  const pairs = given.map((each) => /^([A-Za-z_]\w*)\s*[:=]?\s*([^\s:=]+|\[.*\])$/.exec(each));
  if (braced === undefined || pairs.some((pair) => pair === null)) {
    return { text: `${words}, with a comma between them: \`${kind}(…)\`` };
  }
  const written = `(${pairs.map((pair) => `${pair?.[1]}: ${pair?.[2]}`).join(", ")})`;
  const end = start + braced.length;
  const space = /\s*$/.exec(file.text.slice(0, start))?.[0].length ?? 0;
  const edits = [{ span: file.span(start - space, end), text: written }];
  return { text: `${words}: \`${kind}${written}\``, edits };
}

/** A list on one line, from its bracket on. */
function listSpan(file: SourceFile, start: number): Span {
  const rest = /^\[[^\]\r\n]*\]?/.exec(file.text.slice(start))?.[0] ?? "";
  return file.span(start, start + rest.length);
}

/** What a setting is given on its line: from `start` to the end of the item, without a comment. */
export function valueSpan(file: SourceFile, start: number): Span {
  const { text } = file;
  let depth = 0;
  let end = start;
  for (let at = start; at < text.length && !/[\r\n]/.test(text.charAt(at)); at++) {
    const sign = text.charAt(at);
    if (sign === '"') {
      const close = text.indexOf('"', at + 1);
      if (close < 0) break;
      at = close;
    } else if (text.startsWith("//", at)) break;
    else if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign) && --depth < 0) break;
    if (/\S/.test(sign)) end = at + 1;
  }
  return file.span(start, end);
}

/** `[flip, crop 32, pad: 4]`, or the same without brackets, as the chain that it is. */
export function chainHelp(value: Span): Help {
  const text = textOf(value);
  const inner = /^\[(.*)\]$/s.exec(text)?.[1] ?? text;
  let depth = 0;
  let written = "";
  for (let at = 0; at < inner.length; at++) {
    const sign = inner.charAt(at);
    if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign)) depth--;
    const next = /^,\s*(?=[A-Za-z_]\w*(?!\w|\s*:))/.exec(inner.slice(at))?.[0];
    if (depth === 0 && next !== undefined) {
      written += " -> ";
      at += next.length - 1;
    } else written += sign;
  }
  const chain = `{ ${written.trim()} }`;
  const shown = chain.length > 60 ? "{ … -> … }" : chain;
  return { text: `a chain stands in braces: \`${shown}\``, edits: [{ span: value, text: chain }] };
}

/** `sgd 0.1, momentum: 0.9` with its parentheses. @param kind the word before what is given. */
export function bracketHelp(kind: Span, given: Span): Help {
  const written = `${textOf(kind)}(${textOf(given)})`;
  const shown = written.length > 60 ? `${textOf(kind)}(…)` : written;
  const span = kind.file.span(kind.start, given.end);
  const edits = [{ span, text: written }];
  return { text: `arguments stand in parentheses: \`${shown}\``, edits };
}

/** The names of places, in a list or by themselves, as texts. */
export function placesHelp(value: Span): Help {
  const text = textOf(value);
  const quoted = text.replace(/"[^"]*"|[A-Za-z_][\w.]*/g, (each) =>
    each.startsWith('"') ? each : `"${each}"`,
  );
  const written = `[${quoted.replace(/^\[|\]$/g, "")}]`;
  const edits = [{ span: value, text: written }];
  return { text: `the names of places stand in quotes: \`${written}\``, edits };
}

/** `stem: 0.1, head: 1` in the brackets of `within`, as the places and then their factors. */
export function factorsHelp(given: Span): Help | undefined {
  const pairs = [...textOf(given).matchAll(/([A-Za-z_][\w.]*|"[^"]*")\s*:\s*([^\s,]+)\s*(?:,|$)/g)];
  if (pairs.length === 0) return undefined;
  const places = pairs.map(([, place = ""]) => (place.startsWith('"') ? place : `"${place}"`));
  const factors = pairs.map(([, , factor = ""]) => factor);
  const [only, ...more] = factors;
  const written = `[${places.join(", ")}], ${more.length === 0 ? only : `[${factors.join(", ")}]`}`;
  return {
    text: `the places come first, and then their factors: \`within(${written})\``,
    edits: [{ span: given, text: written }],
  };
}
