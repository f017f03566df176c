/** What every format is given: findings by file, and what is known of the rules and codes that they are of. */
import type { Severity } from "../catalog.js";
import type { Diagnostic, SuppressedFinding } from "../diagnostic.js";

export interface FoundFile {
  /** As messages name it. */
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What comments take back: SARIF alone has a place for it. */
  readonly suppressed?: readonly SuppressedFinding[];
}

/** A file's path as a report names it, from one as messages do: from the root of the sources, or as it is. */
export type ReportedPath = (path: string) => string;

/** A rule or a code, for formats that describe them. */
export interface CodeFacts {
  readonly code: string;
  /** What is asked for, or what is found, in one sentence. */
  readonly description: string;
  /** What its findings weigh by default; undefined for what is off by default. */
  readonly severity?: Severity;
  readonly group?: string;
}

/** The message with its label, its notes and its help: a line for each. */
export function wholeText({ message, label, related, notes, help }: Diagnostic): readonly string[] {
  const places = related.map(({ span, text }) => {
    const { line, column } = span.file.position(span.start);
    return `${span.file.path}:${line}:${column}: ${text}`;
  });
  return [
    message,
    ...(label === undefined ? [] : [label]),
    ...places,
    ...notes,
    ...(help ? [`help: ${help.text}`] : []),
  ];
}
