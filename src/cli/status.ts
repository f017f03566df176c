/** Exit statuses, and which errors are messages for the user. */
import { nameOfError } from "../storage/error-code.js";

export const status = {
  fine: 0,
  /** Something was found: a diagnostic, data or weights that do not fit, a run that diverged or ran out of memory. */
  found: 1,
  /** Wrong use, or something of the machine that was asked for cannot be had: a place to write, a port, an engine. */
  usage: 2,
  /** A bug in resnetc (EX_SOFTWARE of sysexits.h). */
  internal: 70,
  /** Stopped by Ctrl-C, with everything saved. */
  interrupted: 130,
} as const;

const expected: ReadonlySet<string> = new Set([
  "UsageError",
  "EngineError",
  "EngineUnavailableError",
  "DataError",
  "TrainingError",
  "CheckpointError",
  "WriteError",
  "ReportError",
  "ReplacementError",
  "GitError",
  "ImageLibraryError",
]);

/** Errors for which the command line, or what it names of the machine, is to be changed: nothing was found. */
const misused: ReadonlySet<string> = new Set([
  "UsageError",
  "WriteError",
  "ReplacementError",
  "ReportError",
  "EngineUnavailableError",
  "ImageLibraryError",
]);

/** The exit status of an error that is a message for the user. */
export function statusOfError({ name }: Error): number {
  return misused.has(name) ? status.usage : status.found;
}

/**
 * Whether an error is a message for the user. The commands that run tensors are a bundle of their own,
 * whose classes are others than this bundle's: what tells is the name.
 */
export function isExpected(error: unknown): error is Error & { readonly help?: string } {
  return expected.has(nameOfError(error) ?? "");
}
