/** Exit statuses, and which errors are messages for the user. */

export const status = {
  fine: 0,
  /** Something was found: a diagnostic, data that does not fit, a run that diverged. */
  found: 1,
  /** The command was used in a way that it does not understand, or cannot write where it is to write. */
  usage: 2,
  /** A bug in resnetc (EX_SOFTWARE of sysexits.h). */
  internal: 70,
  /** Stopped by Ctrl-C, with everything saved. */
  interrupted: 130,
} as const;

const expected: ReadonlySet<string> = new Set([
  "UsageError",
  "EngineError",
  "DataError",
  "TrainingError",
  "CheckpointError",
  "WriteError",
  "ReportError",
  "ReplacementError",
  "GitError",
]);

/** Errors for which the command line, or the place that it names, is to be changed: nothing was found. */
const misused: ReadonlySet<string> = new Set(["UsageError", "WriteError", "ReplacementError"]);

/** The exit status of an error that is a message for the user. */
export function statusOfError({ name }: Error): number {
  return misused.has(name) ? status.usage : status.found;
}

/**
 * Whether an error is a message for the user. The commands that run tensors are a bundle of their own,
 * whose classes are others than this bundle's: what tells is the name.
 */
export function isExpected(error: unknown): error is Error & { readonly help?: string } {
  return error instanceof Error && expected.has(error.name);
}
