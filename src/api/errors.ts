/** The two ways in which a call can be wrong before any tensor exists: a spec in error, a wrong request. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";

/** A spec that cannot be used; its message is everything that was found, as the command prints it. */
export class SpecError extends Error {
  override readonly name = "SpecError";
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(renderDiagnostics(diagnostics, { color: false, width: 100 }));
  }
}

/** A request that names something that is not there, or leaves open what is meant. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** @param help what to ask for instead. */
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}
