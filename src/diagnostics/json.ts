/** Diagnostics for programs: plain data with lines and columns (from 1) beside offsets (UTF-16). */
import type { Span } from "../source/source.js";
import type { Diagnostic } from "./diagnostic.js";

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
  readonly help?: {
    readonly text: string;
    readonly edits: readonly { readonly place: JsonPlace; readonly text: string }[];
  };
}

function placeOf({ file, start, end }: Span): JsonPlace {
  return {
    file: file.path,
    start: { offset: start, ...file.position(start) },
    end: { offset: end, ...file.position(end) },
  };
}

/** The diagnostics as plain data. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): readonly JsonDiagnostic[] {
  return diagnostics.map(({ code, severity, message, span, label, related, notes, help }) => ({
    code,
    severity,
    message,
    ...(span && { place: placeOf(span) }),
    ...(label !== undefined && { label }),
    related: related.map((each) => ({ place: placeOf(each.span), text: each.text })),
    notes,
    ...(help && {
      help: {
        text: help.text,
        edits: (help.edits ?? []).map((edit) => ({ place: placeOf(edit.span), text: edit.text })),
      },
    }),
  }));
}
