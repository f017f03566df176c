/** Settings of recipes that are written as other languages would: lists for chains, words for texts, calls without parentheses. */
import type { Help } from "../diagnostics/diagnostic.js";
import { textOf, type SourceFile, type Span } from "../source/source.js";

/** Settings of a recipe whose value is a chain. */
export const chainSettings: ReadonlySet<string> = new Set(["preprocess", "augment"]);

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
