/** Comments of other languages, `# text` and `/* text …`, written as those of this one. */
import type { Edit, Help } from "../diagnostics/diagnostic.js";
import { textOf, type Span } from "../source/source.js";

const words = "a comment begins with `//`";

/** What a foreign comment is written as, where the text says where it ends. */
export function commentHelp(span: Span): Help {
  const { file } = span;
  const image = textOf(span);
  if (image.startsWith("#")) {
    const signs = /^#+/.exec(image)?.[0].length ?? 1;
    return {
      text: words,
      edits: [{ span: file.span(span.start, span.start + signs), text: "//" }],
    };
  }
  if (image.length < 4 || !image.endsWith("*/")) return { text: words };
  const { line, column } = file.position(span.start);
  const before = file.line(line).slice(0, column - 1);
  const last = file.position(span.end);
  const behind = file.line(last.line).slice(last.column - 1);
  const indent = /^[ \t]*/.exec(before)?.[0] ?? "";
  const lines = linesOf(image);
  if (lines.length === 1 && before.trim() !== "" && behind.trim() !== "") {
    return { text: words, edits: movedBehind(span, behind, lines[0] ?? "") };
  }
  const written = lines.join(`${file.newline}${indent}`);
  // What goes on behind it has a line of its own.
  const goesOn = behind.trim() !== "";
  const space = /^[ \t]*/.exec(behind)?.[0].length ?? 0;
  const end = goesOn ? span.end + space : span.end;
  const text = goesOn ? `${written}${file.newline}${indent}` : written;
  return { text: words, edits: [{ span: file.span(span.start, end), text }] };
}

/** The lines of a comment, without the stars that many begin with. */
function linesOf(image: string): readonly string[] {
  const inner = image.slice(2, -2).split(/\r?\n/);
  const texts = inner.map((line) => line.replace(/^[ \t]*\**[ \t]?/, "").trimEnd());
  const first = texts.findIndex((text) => text !== "");
  const last = texts.findLastIndex((text) => text !== "");
  const kept = first < 0 ? [""] : texts.slice(first, last + 1);
  return kept.map((text) => (text === "" ? "//" : `// ${text}`));
}

/** A comment between the words of a line, put behind them. */
function movedBehind({ file, start, end }: Span, behind: string, comment: string): readonly Edit[] {
  const space = /^[ \t]*/.exec(behind)?.[0].length ?? 0;
  const lineEnd = end + behind.trimEnd().length;
  return [
    { span: file.span(start, end + space), text: "" },
    { span: file.span(lineEnd, lineEnd), text: ` ${comment}` },
  ];
}
