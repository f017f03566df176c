/** Exit statuses, and the errors that end a command with one. */

export const status = {
  fine: 0,
  /** Something was found: a diagnostic, data that does not fit, a run that diverged. */
  found: 1,
  /** The command was used in a way that it does not understand. */
  usage: 2,
  /** A bug in resnetc (EX_SOFTWARE of sysexits.h). */
  internal: 70,
  /** Stopped by Ctrl-C, with everything saved. */
  interrupted: 130,
} as const;

/** The command line asks for something that cannot be meant. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** @param help what to write instead. */
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}

/** What was wrong has been said; only the status is left to give. */
export class Reported extends Error {
  override readonly name = "Reported";
  constructor(readonly exitStatus: number = status.found) {
    super("reported");
  }
}

const expected: ReadonlySet<string> = new Set([
  "EngineError",
  "DataError",
  "TrainingError",
  "CheckpointError",
]);

/** An error that is a message for the user, by the name of its class. */
export function isExpected(error: unknown): error is Error & { readonly help?: string } {
  return error instanceof Error && expected.has(error.name);
}
