/**
 * A source file and places in it. Offsets are UTF-16 code units into `text`; lines and columns are
 * numbered from 1. Everything here is immutable and knows nothing of any file system.
 */

/** A half-open range `[start, end)` of one source file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A line and a column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * One file of source text, with a lazily built index of where its lines begin. Whoever prints it, as logs do with the
 * diagnostics of an error, prints its path.
 */
export class SourceFile {
  readonly #text: string;
  #lineStarts: readonly number[] | undefined;

  /** @param path how the file is named in messages. @param text its whole text. */
  constructor(
    readonly path: string,
    text: string,
  ) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }

  /** How its lines end: as Windows has it, where any does. */
  get newline(): "\n" | "\r\n" {
    return this.text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** Offsets at which lines begin; the first is 0. `\n`, `\r\n` and `\r` all end a line. */
  get lineStarts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (const match of this.text.matchAll(/\r\n|\n|\r/g)) {
        starts.push(match.index + match[0].length);
      }
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }

  /** The position of an offset; offsets past the end give the end. */
  position(offset: number): Position {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const end = Math.min(offset, this.text.length);
    return { line: low + 1, column: end - (starts[low] ?? 0) + 1 };
  }

  /** The text of line `line` (from 1), without what ends it. */
  line(line: number): string {
    const start = this.lineStarts[line - 1];
    if (start === undefined) return "";
    let end = this.lineStarts[line] ?? this.text.length;
    while (end > start && /[\r\n]/.test(this.text.charAt(end - 1))) end--;
    return this.text.slice(start, end);
  }

  /** The span of `[start, end)` of this file. */
  span(start: number, end: number): Span {
    return { file: this, start, end };
  }
}

/** The text that a span covers. */
export function textOf(span: Span): string {
  return span.file.text.slice(span.start, span.end);
}

/** The smallest span that covers both, which must be of one file. */
export function cover(first: Span, last: Span): Span {
  return first.file.span(Math.min(first.start, last.start), Math.max(first.end, last.end));
}
