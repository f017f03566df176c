/**
 * Lays diagnostics out for a terminal: the message, the source lines with what is said of each place,
 * where it happened and what mends it. Pure: colour and width are given.
 */
import pc from "picocolors";
import type { SourceFile, Span } from "../source/source.js";
import type { Severity } from "./catalog.js";
import type { Diagnostic } from "./diagnostic.js";
import { columns, visible, wrap } from "./display-width.js";
import { excerptsOf } from "./excerpts.js";
import { enumerated } from "./lists.js";
import { counted } from "./numbers.js";

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Colors = ReturnType<typeof pc.createColors>;

/** Nobody reads more of them; other formats have them all. */
const mostShown = 500;

/** Diagnostics, an empty line between them; of a flood the first, errors before others, and how many more there are. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions,
): string {
  const colors = pc.createColors(options.color);
  const width = Math.max(40, options.width);
  const first = firstOf(diagnostics);
  const shown = diagnostics.filter((each) => first.has(each));
  const left = diagnostics.filter((each) => !first.has(each));
  const rest = left.length === 0 ? [] : [`${colors.bold(`… and ${countsOf(left)} more`)}\n`];
  return [...shown.map((each) => new Layout(each, colors, width).render()), ...rest].join("\n");
}

const severities = ["error", "warning", "info"] as const;

/** As many as are shown: the first errors, and others only where these leave room. */
function firstOf(diagnostics: readonly Diagnostic[]): ReadonlySet<Diagnostic> {
  const bySeverity = severities.flatMap((severity) => ofSeverity(diagnostics, severity));
  return new Set(bySeverity.slice(0, mostShown));
}

function ofSeverity(diagnostics: readonly Diagnostic[], severity: Severity): readonly Diagnostic[] {
  return diagnostics.filter((each) => each.severity === severity);
}

/** "3 errors and 1,197 warnings" */
function countsOf(diagnostics: readonly Diagnostic[]): string {
  const counts = severities.flatMap((severity) => {
    const { length } = ofSeverity(diagnostics, severity);
    return length === 0 ? [] : [counted(length, severity)];
  });
  return enumerated(counts, "and");
}

interface Mark {
  readonly span: Span;
  readonly text: string;
  readonly primary: boolean;
}

class Layout {
  readonly #gutter: number;
  readonly #accent: (text: string) => string;

  constructor(
    private readonly diagnostic: Diagnostic,
    private readonly colors: Colors,
    private readonly width: number,
  ) {
    const lines = this.#marks().map(({ span }) => span.file.position(span.start).line);
    this.#gutter = String(Math.max(1, ...lines)).length;
    const accents = { error: colors.red, warning: colors.yellow, info: colors.cyan };
    this.#accent = accents[diagnostic.severity];
  }

  render(): string {
    const { code, severity, message, span, notes, help, alternatives = [] } = this.diagnostic;
    const { colors } = this;
    const title = `${this.#accent(colors.bold(`${severity}[${code}]`))}${colors.bold(`: ${visible(message)}`)}`;
    const lines = [title];
    if (span) lines.push(...this.#sources(span));
    for (const note of notes) lines.push(...this.#remark("", note));
    if (help) lines.push(...this.#remark("help: ", help.text));
    for (const { text } of alternatives) lines.push(...this.#remark("or: ", text));
    return `${lines.join("\n")}\n`;
  }

  #marks(): Mark[] {
    const { span, label, related } = this.diagnostic;
    const secondary = related.map((each) => ({ ...each, primary: false }));
    return span ? [{ span, text: label ?? "", primary: true }, ...secondary] : secondary;
  }

  #sources(primary: Span): string[] {
    const { colors } = this;
    const lines: string[] = [];
    const byFile = new Map<SourceFile, Mark[]>([[primary.file, []]]);
    for (const mark of this.#marks()) {
      const marks = byFile.get(mark.span.file);
      if (marks) marks.push(mark);
      else byFile.set(mark.span.file, [mark]);
    }
    for (const [file, marks] of byFile) {
      const first = marks[0]?.span ?? primary;
      const { line, column } = file.position(first.start);
      const arrow = first === primary ? "-->" : ":::";
      const indent = " ".repeat(this.#gutter);
      lines.push(`${indent}${colors.blue(arrow)} ${visible(file.path)}:${line}:${column}`);
      lines.push(this.#bar());
      lines.push(...this.#snippet(file, marks));
    }
    if (this.diagnostic.notes.length > 0 || this.diagnostic.help) lines.push(this.#bar());
    return lines;
  }

  #bar(): string {
    return `${" ".repeat(this.#gutter + 1)}${this.colors.blue("|")}`;
  }

  #snippet(file: SourceFile, marks: readonly Mark[]): string[] {
    const ordered = [...marks].sort((a, b) => a.span.start - b.span.start);
    const byLine = new Map<number, Mark[]>();
    for (const mark of ordered) {
      const { line } = file.position(mark.span.start);
      byLine.set(line, [...(byLine.get(line) ?? []), mark]);
    }
    const lines: string[] = [];
    let previous = 0;
    for (const [line, marked] of byLine) {
      if (previous !== 0 && line > previous + 1) lines.push(this.colors.blue("..."));
      lines.push(...this.#excerpts(file, line, marked));
      previous = line;
    }
    return lines;
  }

  /** A line, or the parts of it that are marked, and below each what is said of it. */
  #excerpts(file: SourceFile, line: number, marks: readonly Mark[]): string[] {
    const number = this.colors.blue(`${String(line).padStart(this.#gutter)} |`);
    const stretches = marks.map((mark) => {
      const start = file.position(mark.span.start).column - 1;
      return { mark, start, end: start + mark.span.end - mark.span.start };
    });
    const shown = excerptsOf(file.line(line), stretches, this.width - this.#gutter - 3);
    return shown.flatMap(({ text, marked }) => [
      `${number} ${text}`.trimEnd(),
      ...marked.flatMap(({ stretch, column, length }) =>
        this.#underline(stretch.mark, column, length),
      ),
    ]);
  }

  #underline(mark: Mark, start: number, length: number): string[] {
    const { colors } = this;
    const paint = mark.primary ? this.#accent : colors.blue;
    const strokes = (mark.primary ? "^" : "-").repeat(length);
    const indent = `${this.#bar()} ${" ".repeat(start)}`;
    if (mark.text === "") return [`${indent}${paint(strokes)}`];
    const beside = this.width - this.#gutter - 4 - start - length;
    const words = visible(mark.text);
    if (columns(words) <= beside) return [`${indent}${paint(`${strokes} ${words}`)}`];
    // Too long to stand beside the strokes: below them, as far to the left as it needs.
    const least = Math.min(columns(words), 44);
    const left = Math.max(0, Math.min(start, this.width - this.#gutter - 4 - least));
    const below = wrap(words, this.width - this.#gutter - 4 - left);
    return [
      `${indent}${paint(strokes)}`,
      ...below.map((each) => `${this.#bar()} ${" ".repeat(left)}${paint(each)}`),
    ];
  }

  #remark(kind: string, text: string): string[] {
    const { colors } = this;
    const indent = " ".repeat(this.#gutter + 1);
    const room = this.width - this.#gutter - 3 - kind.length;
    const [first = "", ...rest] = wrap(visible(text), room);
    const head = `${indent}${colors.blue("=")} ${colors.bold(kind)}${first}`;
    return [head, ...rest.map((each) => `${indent}  ${" ".repeat(kind.length)}${each}`)];
  }
}
