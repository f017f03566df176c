/** What is said of characters that mean nothing, and what is put in their place. */
import { diagnostic, type Diagnostic, type Edit } from "../diagnostics/diagnostic.js";
import { textOf, type Span } from "../source/source.js";
import { lookAlike } from "./look-alikes.js";
import { isOpenSize, nameOfOpenSize } from "./open-sizes.js";

/** The finding for the strange characters of one line, which are most often one slip: it tells of the first. */
export function strangeCharacters(ofLine: readonly Span[]): Diagnostic {
  const [first] = ofLine as readonly [Span, ...Span[]];
  const text = textOf(first);
  const character = firstOf(text);
  const shown = isPrintable(character)
    ? `\`${abridged(text, 20)}\``
    : `the character ${codePoint(character)}`;
  const words = isOpenSize(first)
    ? "a size that may be any has a name: `[H, W, 3]`"
    : wordsFor(character);
  const isMended = words !== undefined && meant(first) !== undefined;
  const help = isMended ? { text: words, edits: editsOf(ofLine) } : words;
  return diagnostic("R0102", first, { what: shown }, help === undefined ? {} : { help });
}

function editsOf(ofLine: readonly Span[]): readonly Edit[] {
  return ofLine.flatMap((span) => {
    const text = meant(span);
    return text === undefined ? [] : [{ span, text }];
  });
}

/** What stands for the strange characters of one place, where that is clear. */
function meant(span: Span): string | undefined {
  return isOpenSize(span) ? nameOfOpenSize(span) : replacement(textOf(span));
}

/** The first `most` characters. */
export function abridged(text: string, most: number): string {
  const characters = [...text.slice(0, 2 * most + 2)];
  return characters.length > most ? `${characters.slice(0, most).join("")}…` : text;
}

export function isPrintable(text: string): boolean {
  return !/^[\p{C}\p{Z}]+$/u.test(text);
}

function wordsFor(character: string): string | undefined {
  if (/\p{Z}/u.test(character)) return "write a plain space";
  if (!isPrintable(character)) return "delete it";
  const alike = lookAlike(character);
  if (alike !== undefined) {
    const name = alike.name === undefined ? "" : `the ${alike.name}, `;
    const what = `\`${character}\` is ${name}${codePoint(character)}`;
    return `${what}; write \`${alike.plain}\`, which looks like it`;
  }
  if (/\p{L}|\p{M}|\p{N}/u.test(character))
    return "names are made of a to z, A to Z, 0 to 9 and `_`";
  if (character === "&") return "write `&&`";
  if (character === "?") {
    return "no value depends on a condition: make it a parameter, which every call gives";
  }
  if (/['"“”„‘’`]/.test(character)) return 'a text stands in straight double quotes: `"text"`';
  return undefined;
}

/** What stands for strange characters, where that is clear. */
function replacement(text: string): string | undefined {
  const character = firstOf(text);
  if (/\p{Z}/u.test(character)) return " ";
  if (!isPrintable(character)) return "";
  if (character === "&") return "&&";
  const plain = [...text].map((each) => lookAlike(each)?.plain);
  return plain.includes(undefined) ? undefined : plain.join("");
}

function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0) ?? 0);
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
