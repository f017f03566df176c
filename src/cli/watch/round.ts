/** One round of `resnetc watch`: what a command finds in the specs as they are now, and what it read on the way. */
import { resolve } from "node:path";
import { checkReport } from "../../api/check.js";
import { lintSpecs } from "../../api/lint.js";
import type { GivenValue } from "../../api/values.js";
import type { SourceHost } from "../../check/host.js";
import { RecordingHost } from "../../check/recording-host.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { lintedFiles } from "../../host/linted-files.js";
import { NodeHost } from "../../host/node-host.js";
import { partsOf } from "../../host/spec-files.js";
import type { ConfigError } from "../../host/project-config.js";
import { nameOfError } from "../../storage/error-code.js";
import { checkedFile, type CheckedFile } from "../check-command.js";
import { isExpected } from "../status.js";

export type WatchedCommand = "check" | "lint" | "summary";

/** What was found of one spec. */
export interface SpecResult {
  readonly spec: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Of a check or a summary that could be made. */
  readonly checked?: CheckedFile;
  /** What cannot be done with it, where that is no finding. */
  readonly problem?: Problem;
}

/** A message for the user that is no finding. */
export type Problem = Error & { readonly help?: string | undefined };

export interface RoundResult {
  readonly specs: readonly SpecResult[];
  /** Why nothing could be done at all: a configuration in error. */
  readonly problem?: Problem;
  /** The specs that the patterns stood for. */
  readonly meant: readonly string[];
  /** Absolute paths of all files that were asked for, there or not. */
  readonly reads: ReadonlySet<string>;
}

export interface RoundRequest {
  readonly command: WatchedCommand;
  readonly patterns: readonly string[];
  readonly parameters: readonly GivenValue[];
}

/** Runs the command over the specs that the patterns stand for now. What a spec gets wrong is in its result. */
export async function runRound({
  command,
  patterns,
  parameters,
}: RoundRequest): Promise<RoundResult> {
  const host = new RecordingHost(new NodeHost());
  const meant = await specsMeant(patterns);
  const reads = (): ReadonlySet<string> => {
    const named = meant.map((path) => partsOf(path).file);
    return new Set([...named, ...host.reads.keys()].map((path) => resolve(path)));
  };
  if (command === "lint") {
    return { ...(await lintRound(patterns, host)), meant, reads: reads() };
  }
  const specs = meant.map((spec): SpecResult => {
    try {
      const checked = checkedFile(spec, checkReport(spec, { parameters, host }));
      return { spec, diagnostics: checked.diagnostics, checked };
    } catch (error) {
      // Such as a network that the file does not declare (any more).
      if (!isExpected(error)) throw error;
      return { spec, diagnostics: [], problem: error };
    }
  });
  return { specs, meant, reads: reads() };
}

/** The specs that patterns stand for now. */
export async function specsMeant(patterns: readonly string[]): Promise<readonly string[]> {
  return (await lintedFiles(patterns)).map(({ path }) => path);
}

async function lintRound(
  patterns: readonly string[],
  host: SourceHost,
): Promise<Pick<RoundResult, "specs" | "problem">> {
  try {
    const { files } = await lintSpecs(patterns, { host });
    return { specs: files.map(({ file, diagnostics }) => ({ spec: file, diagnostics })) };
  } catch (error) {
    if (!isExpected(error) && !isConfigError(error)) throw error;
    return { specs: [], problem: error };
  }
}

/** Whether what went wrong is a configuration, which carries its findings. */
export function isConfigError(error: unknown): error is ConfigError {
  return nameOfError(error) === "ConfigError";
}
