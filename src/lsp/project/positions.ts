/**
 * Offsets of a source file as the positions of the protocol, and back. Both count UTF-16 code units, and both end
 * a line with `\n`, `\r\n` or `\r`; the protocol counts lines and characters from 0.
 */
import type { Position, Range } from "vscode-languageserver";
import type { SourceFile, Span } from "../../source/source.js";

/** The position of an offset. */
export function positionAt(file: SourceFile, offset: number): Position {
  const { line, column } = file.position(offset);
  return { line: line - 1, character: column - 1 };
}

/** The range of a span. */
export function rangeOf({ file, start, end }: Span): Range {
  return { start: positionAt(file, start), end: positionAt(file, end) };
}

/** The offset of a position; one past the end of its line is the line's end, one past the text the text's. */
export function offsetAt(file: SourceFile, { line, character }: Position): number {
  const start = file.lineStarts[line];
  if (start === undefined) return file.text.length;
  return start + Math.min(character, file.line(line + 1).length);
}

/** The span of a range. */
export function spanOf(file: SourceFile, { start, end }: Range): Span {
  return file.span(offsetAt(file, start), offsetAt(file, end));
}

/** The word that an offset is in or at the end of; empty where there is none. */
export function wordAround(file: SourceFile, offset: number): Span {
  const isWord = (index: number): boolean => /[A-Za-z0-9_]/.test(file.text.charAt(index));
  let [start, end] = [offset, offset];
  while (start > 0 && isWord(start - 1)) start--;
  while (end < file.text.length && isWord(end)) end++;
  return file.span(start, end);
}
