/** The two ways in which a call can be wrong before any tensor exists: a spec in error, a wrong request. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { isPattern } from "../host/spec-files.js";

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

/**
 * The refusal of files, folders and patterns that stand for no spec.
 *
 * @param what such as "spec to lint".
 * @param patterns as they were given; none for the working folder.
 */
export function noneMeant(what: string, patterns: readonly string[], help: string): UsageError {
  const where = patterns.length === 0 ? "below this folder" : `in ${patterns.join(", ")}`;
  return new UsageError(`there is no ${what} ${where}`, help);
}

/**
 * Refuses a pattern among the files that are meant, which is there because no spec fits it.
 *
 * @throws UsageError where there is one.
 */
export function refusePatterns(files: readonly string[]): void {
  const pattern = files.find((file) => isPattern(file));
  if (pattern === undefined) return;
  throw new UsageError(
    `no spec fits the pattern ${pattern}`,
    "patterns are from the working folder; in a shell, put them in quotes",
  );
}

/**
 * Refuses empty texts where files and folders are named: the working folder is not what is meant.
 *
 * @param named by option: `{ folder: "runs/mine" }`.
 * @throws UsageError for the first that is empty.
 */
export function refuseEmpty(named: Readonly<Record<string, unknown>>): void {
  for (const [option, given] of Object.entries(named)) {
    if (typeof given !== "string" || given.trim() !== "") continue;
    throw new UsageError(`\`${option}\` is empty`, "name a file or a folder, or leave it out");
  }
}

/**
 * Refuses what is no list of texts. A program in JavaScript may give one text, and it would be taken
 * letter by letter: `/` is a folder too.
 *
 * @param what in the plural: "specs".
 * @param help what to do where something in the list is no text.
 * @throws UsageError
 */
export function requireTexts(what: string, given: unknown, help = "give their paths"): void {
  if (typeof given === "string") {
    throw new UsageError(
      `${what} come as a list, not as one text`,
      `give \`[${JSON.stringify(given)}]\``,
    );
  }
  if (!Array.isArray(given)) {
    throw new UsageError(`${what} come as a list of texts`, "give an array of paths");
  }
  const other = given.findIndex((each) => typeof each !== "string");
  if (other < 0) return;
  throw new UsageError(`${what} are texts, and number ${other + 1} of the list is none`, help);
}
