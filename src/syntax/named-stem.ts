/** Gives the stem's last step a name, for a chain that is taken up again by `from stem`. */
import type { IToken } from "chevrotain";
import type { Edit } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";
import { spanOf } from "./lexer.js";

/** @param word the `stem` behind `from`. @returns undefined where no plain chain of a stem stands above. */
export function namedStem(file: SourceFile, word: IToken): readonly Edit[] | undefined {
  const stem = stemAbove(file.text.slice(0, word.startOffset));
  if (stem === undefined) return undefined;
  const { chain, end } = stem;
  const known = /\bas\s+([A-Za-z_]\w*)$/.exec(chain)?.[1];
  const name = known ?? freeName(file.text);
  const taken = { span: spanOf(file, word), text: name };
  return known === undefined
    ? [{ span: file.span(end, end), text: ` as ${name}` }, taken]
    : [taken];
}

/** The chain of the last stem of a text without the space around it, and where it ends; of one without comments. */
function stemAbove(text: string): { chain: string; end: number } | undefined {
  // Not within a comment, nor as the name of a place.
  const opening = [...text.matchAll(/^[ \t]*stem\s*\{/gm)].at(-1);
  if (opening === undefined) return undefined;
  const start = opening.index + opening[0].length;
  const length = lengthInBraces(text.slice(start));
  if (length === undefined) return undefined;
  const isOther = /^\s*(?:block|network|train)\s/m.test(text.slice(start + length));
  const chain = text.slice(start, start + length).trimEnd();
  if (isOther || chain.includes("//") || chain.trim() === "") return undefined;
  return { chain, end: start + chain.length };
}

/** How long a text is up to the brace that closes what is around it. */
function lengthInBraces(text: string): number | undefined {
  let depth = 0;
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    depth += brace === "{" ? 1 : -1;
    if (depth < 0) return index;
  }
  return undefined;
}

/** `s1`, or the next that the file has not. */
function freeName(text: string): string {
  for (let number = 1; ; number++) {
    if (!new RegExp(`\\bs${number}\\b`).test(text)) return `s${number}`;
  }
}
