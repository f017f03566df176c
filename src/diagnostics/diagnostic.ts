/**
 * Diagnostics as data: what was found, where, what met what, where each number came from, and the
 * change that mends it. Text is made from the catalog; the renderers only lay it out.
 */
import type { Span } from "../source/source.js";
import { catalog, fill, type Code, type Holes, type Severity } from "./catalog.js";

/** A second place that has to do with the finding, with a few words on how. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** Replaces the text of a span. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface Help {
  readonly text: string;
  /** The change itself, where a program can make it. */
  readonly edits?: readonly Edit[];
  /**
   * Whether the edits may be made without asking. `unsafe` is what changes the meaning of something
   * that was as likely right, such as what a test expects; `safe` where left out.
   */
  readonly applicability?: Applicability;
}

export type Applicability = "safe" | "unsafe";

/** The name of a rule, in kebab-case: what a finding has where the compiler's errors have a code. */
export type RuleName = `${string}-${string}`;

export interface Diagnostic {
  readonly code: Code | RuleName;
  readonly severity: Severity;
  /** One line, no full stop. */
  readonly message: string;
  /** Absent only for findings about a file as a whole. */
  readonly span?: Span;
  /** A few words under the span itself. */
  readonly label?: string;
  readonly related: readonly Label[];
  /** Where it happened: the instance, the stage, the call. Outermost last. */
  readonly notes: readonly string[];
  readonly help?: Help;
  /** What would mend it as well: other ways than `help`, none of them taken by itself. */
  readonly alternatives?: readonly Help[];
}

/** What a diagnostic says beside its message. */
export type Details = {
  readonly label?: string;
  readonly related?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: Help | string;
  readonly alternatives?: readonly Help[];
};

/** Makes a diagnostic from its code and what fills the holes of its message. */
export function diagnostic<C extends Code>(
  code: C,
  span: Span | undefined,
  holes: Holes<C>,
  details: Details = {},
): Diagnostic {
  const { message, severity } = catalog[code];
  return finding(code, severity, fill<string>(message, holes), span, details);
}

/** Makes a diagnostic of a message that stands outside of the catalog: that of a rule. */
export function finding(
  code: Code | RuleName,
  severity: Severity,
  message: string,
  span: Span | undefined,
  details: Details = {},
): Diagnostic {
  const help = typeof details.help === "string" ? { text: details.help } : details.help;
  return {
    code,
    severity,
    message,
    related: details.related ?? [],
    notes: details.notes ?? [],
    ...(span && { span }),
    ...(details.label !== undefined && { label: details.label }),
    ...(help && { help }),
    ...(details.alternatives?.length && { alternatives: details.alternatives }),
  };
}

const flood = 500;

/** Gathers findings; a finding with the code and the span of an earlier one is the same mistake. */
export class Collector {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #errors = 0;

  /** @returns whether the finding is new. */
  add(found: Diagnostic): boolean {
    const place = found.span
      ? `${found.span.file.path}:${found.span.start}:${found.span.end}`
      : found.message;
    const key = `${found.code} ${place}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#found.push(found);
    if (found.severity === "error") this.#errors++;
    return true;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** Whether there are more errors than anyone would read at once. */
  get isFlooded(): boolean {
    return this.#errors > flood;
  }

  get errorCount(): number {
    return this.#errors;
  }

  /** By file in the order of appearance, then by place. */
  get all(): readonly Diagnostic[] {
    const files = new Map<string, number>();
    for (const { span } of this.#found) {
      if (span && !files.has(span.file.path)) files.set(span.file.path, files.size);
    }
    const rank = ({ span }: Diagnostic): number => (span ? (files.get(span.file.path) ?? 0) : -1);
    return [...this.#found].sort(
      (a, b) => rank(a) - rank(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0),
    );
  }
}
