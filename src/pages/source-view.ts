/**
 * A source with its syntax in colours and its names as links to where they are declared, in this file or on
 * another's page. What is shown is the text to the letter.
 */
import type { TokenType } from "chevrotain";
import type { Unit } from "../check/program.js";
import { html as markup, Markup } from "../markup/markup.js";
import { isWrittenOperation } from "../ops/registry.js";
import { lex } from "../syntax/lexer.js";
import * as T from "../syntax/tokens.js";
import type { Site } from "./documented-file.js";
import { anchorOf, type SourceName } from "./source-names.js";

/** A stretch of the text that looks in some way; `name` where it is one that is declared. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly look: string;
  readonly name?: SourceName;
}

/** The file's text in lines, each with an id of its number. */
export function sourceView(unit: Unit, site: Site): Markup {
  const { file } = unit;
  const stretches = stretchesOf(unit, site);
  const lines: string[] = [];
  let next = 0;
  file.lineStarts.forEach((start, index) => {
    const end = start + file.line(index + 1).length;
    let at = start;
    let line = "";
    for (let each = stretches[next]; each && each.start < end; each = stretches[++next]) {
      line += markup`${file.text.slice(at, each.start)}${stretch(unit, each, site)}`.text;
      at = each.end;
    }
    line += markup`${file.text.slice(at, Math.max(at, end))}`.text;
    lines.push(line);
  });
  // The end of the last line begins no other.
  if (lines.at(-1) === "" && lines.length > 1) lines.pop();
  const rows = lines.map((line, index) => `<span class="row" id="L${index + 1}">${line}\n</span>`);
  return new Markup(
    `<pre class="source" tabindex="0" role="group" aria-label="Source"><code>${rows.join("")}</code></pre>`,
  );
}

function stretch({ file }: Unit, { start, end, look, name }: Stretch, site: Site): Markup {
  const text = file.text.slice(start, end);
  if (name === undefined) return markup`<span class="${look}">${text}</span>`;
  const anchor = anchorOf(name);
  if (name.declares) {
    // The line itself has the id of its first column.
    const id = name.column > 1 && anchor;
    return id === false
      ? markup`<span class="${look}">${text}</span>`
      : markup`<span class="${look}" id="${id}">${text}</span>`;
  }
  const page = name.path === file.path ? "" : site.pages.get(name.path);
  if (page === undefined) return markup`<span class="${look}">${text}</span>`;
  return markup`<a class="${look}" href="${page}#${anchor}">${text}</a>`;
}

function stretchesOf(unit: Unit, site: Site): readonly Stretch[] {
  const names = site.namesOf(unit).map((name): Stretch => {
    const { start, end, kind } = name;
    return { start, end, look: `name-${kind}`, name };
  });
  const taken = new Set(names.map(({ start }) => start));
  const { tokens, comments } = lex(unit.file);
  const rest = [...tokens, ...comments].flatMap(({ startOffset, image, tokenType }): Stretch[] => {
    const isArgument = /^\s*:/.test(unit.file.text.slice(startOffset + image.length));
    const look = isArgument ? undefined : lookOf(tokenType, image);
    if (look === undefined || taken.has(startOffset)) return [];
    return [{ start: startOffset, end: startOffset + image.length, look }];
  });
  const sorted = [...names, ...rest].sort((a, b) => a.start - b.start);
  // A name within a text or a number, as in `freeze ["conv2"]`, is left to that.
  return sorted.filter(({ start }, index) => start >= (sorted[index - 1]?.end ?? 0));
}

const words: ReadonlySet<TokenType> = new Set([...T.reservedWords, ...T.softWords]);
const literals: ReadonlyMap<TokenType, string> = new Map([
  [T.Dimensions, "number"],
  [T.NumberLiteral, "number"],
  [T.StringLiteral, "string"],
  [T.DocComment, "docs"],
  [T.Comment, "comment"],
]);

/** The class of a token's colour; undefined for those that look as text does. */
function lookOf(type: TokenType, image: string): string | undefined {
  if (words.has(type)) return "word";
  if (type === T.Identifier && isWrittenOperation(image)) return "operation";
  return literals.get(type);
}
