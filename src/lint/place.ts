/** Where a finding is told, and how it came about. */
import type { Label } from "../diagnostics/diagnostic.js";
import type { Span } from "../source/source.js";

/** A place of the linted file, and what has to be said of how it led to the finding. */
export interface Place {
  readonly span: Span;
  readonly related: readonly Label[];
  readonly notes: readonly string[];
}
