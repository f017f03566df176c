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
  /** Whether it refuses what was taken before: it is made only where no other mend has made it needless. */
  readonly narrows?: true;
}

/** What mends a fault, and other ways to mend it. */
export type Mends = Help & { readonly alternatives?: readonly Help[] };

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

/** A finding that a comment takes back: it counts for nothing, and only programs are told of it. */
export interface SuppressedFinding {
  readonly finding: Diagnostic;
  /** What the comment says for it. */
  readonly reason: string;
  readonly comment: Span;
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

/** Codes that say of one place in different cases what is one mistake: a shortcut that does not fit. */
const sameMistake: Readonly<Partial<Record<string, string>>> = { R0307: "R0301", R0309: "R0301" };

const flood = 500;

/** A mistake at one of two places. */
interface Either {
  readonly site: object;
  readonly inside: Diagnostic;
  readonly outside: Diagnostic;
}

/** Gathers findings; a finding with the code and the span of an earlier one is the same mistake. */
export class Collector {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  readonly #sound = new Set<object>();
  readonly #open: Either[] = [];
  #errors = 0;

  /** @returns whether the finding is new. */
  add(found: Diagnostic): boolean {
    const place = found.span
      ? `${found.span.file.path}:${found.span.start}:${found.span.end}`
      : found.message;
    const key = `${sameMistake[found.code] ?? found.code} ${place}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#found.push(found);
    if (found.severity === "error") this.#errors++;
    return true;
  }

  /**
   * Takes note of a mistake that is at one of two places: inside of what is used several times, or where it
   * is used. It is the latter if the same `site` was sound in another use.
   */
  addEither(site: object, inside: Diagnostic, outside: Diagnostic): void {
    this.#open.push({ site, inside, outside });
    this.#errors++;
  }

  /** Takes note that nothing is wrong with a site in one of its uses. */
  sound(site: object): void {
    this.#sound.add(site);
  }

  /** Decides where the mistakes are that could be at two places. */
  #decide(): void {
    for (const { site, inside, outside } of this.#open.splice(0)) {
      this.#errors--;
      this.add(this.#sound.has(site) ? outside : inside);
    }
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
    this.#decide();
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
