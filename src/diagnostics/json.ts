/** Diagnostics for programs: plain data with lines and columns (from 1) beside offsets (UTF-16). */
import type { Span } from "../source/source.js";
import type { Diagnostic, Help, SuppressedFinding } from "./diagnostic.js";

export interface JsonPlace {
  readonly file: string;
  readonly start: { readonly offset: number; readonly line: number; readonly column: number };
  readonly end: { readonly offset: number; readonly line: number; readonly column: number };
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly place?: JsonPlace;
  readonly label?: string;
  readonly related: readonly { readonly place: JsonPlace; readonly text: string }[];
  readonly notes: readonly string[];
  readonly help?: JsonHelp;
  /** Other ways to mend it than `help`. */
  readonly alternatives?: readonly JsonHelp[];
}

/** A finding that a comment takes back. */
export interface JsonSuppressed extends JsonDiagnostic {
  readonly suppression: { readonly reason: string; readonly place: JsonPlace };
}

export interface JsonHelp {
  readonly text: string;
  readonly edits: readonly { readonly place: JsonPlace; readonly text: string }[];
  /** Whether the edits may be made without asking; absent where there are none. */
  readonly applicability?: string;
}

function placeOf({ file, start, end }: Span): JsonPlace {
  return {
    file: file.path,
    start: { offset: start, ...file.position(start) },
    end: { offset: end, ...file.position(end) },
  };
}

function helpOf({ text, edits = [], applicability = "safe" }: Help): JsonHelp {
  return {
    text,
    edits: edits.map((edit) => ({ place: placeOf(edit.span), text: edit.text })),
    ...(edits.length > 0 && { applicability }),
  };
}

/** The diagnostics as plain data. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): readonly JsonDiagnostic[] {
  return diagnostics.map(diagnosticToJson);
}

/** Suppressed findings as plain data, each with its reason and the place of its comment. */
export function suppressedToJson(
  suppressed: readonly SuppressedFinding[],
): readonly JsonSuppressed[] {
  return suppressed.map(({ finding, reason, comment }) => ({
    ...diagnosticToJson(finding),
    suppression: { reason, place: placeOf(comment) },
  }));
}

function diagnosticToJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { span, label, related, help, alternatives, ...found } = diagnostic;
  return {
    code: found.code,
    severity: found.severity,
    message: found.message,
    ...(span && { place: placeOf(span) }),
    ...(label !== undefined && { label }),
    related: related.map((each) => ({ place: placeOf(each.span), text: each.text })),
    notes: found.notes,
    ...(help && { help: helpOf(help) }),
    ...(alternatives && { alternatives: alternatives.map(helpOf) }),
  };
}
