/**
 * The command: reads the command line, runs one command, and ends with its status. Whatever goes
 * wrong is said in words; a stack is shown only on request.
 */
import { CommanderError, type Command } from "commander";
import { isGivenPath } from "../host/node-host.js";
import { packageVersion } from "../host/version.js";
import type { LoadCommands } from "./grammar/command.js";
import { makeProgram } from "./grammar/program.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { counted } from "../diagnostics/numbers.js";
import { nameOfError, textOfError } from "../storage/error-code.js";
import { errorText } from "./error-text.js";
import { explainLine } from "./explain-line.js";
import { jsonFailure } from "./json-failure.js";
import { isExpected, status, statusOfError } from "./status.js";
import { faultOfSurroundings } from "./surroundings.js";
import { colorsFor, processTerminal, type Terminal } from "./terminal.js";

/** Runs the command line `given` (without node and the script). @returns the exit status. */
export async function main(
  given: readonly string[],
  load: LoadCommands,
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let exit: number = status.fine;
  const program = makeProgram({
    terminal,
    load,
    finish: (ended) => (exit = ended),
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => Math.min(terminal.width, 100),
      getErrHelpWidth: () => Math.min(terminal.width, 100),
    });
  }
  if (given.length === 0) {
    program.outputHelp();
    return status.fine;
  }
  if (given.length === 1 && (given[0] === "--version" || given[0] === "-V")) {
    terminal.out(`${packageVersion()}\n`);
    return status.fine;
  }
  try {
    await program.parseAsync(withoutHelp(given, program), { from: "user" });
    return exit;
  } catch (error) {
    return statusOf(error, asksForJson(given), terminal);
  }
}

/** `help train`, as other commands have it, is `train --help`; what is no command is told as that. */
function withoutHelp([first = "", ...rest]: readonly string[], { commands }: Command): string[] {
  if (first !== "help") return [first, ...rest];
  const [name] = rest;
  const isKnown = name === undefined || commands.some((command) => command.name() === name);
  return isKnown ? [...rest, "--help"] : rest;
}

/** The errors that carry what is wrong as diagnostics. */
const withDiagnostics: ReadonlySet<string> = new Set(["SpecError", "ConfigError"]);

/** Goes by the name, as `isExpected` does. */
function hasDiagnostics(error: unknown): error is Error & { diagnostics: readonly Diagnostic[] } {
  return withDiagnostics.has(nameOfError(error) ?? "") && "diagnostics" in (error as object);
}

/** Whether a program is to read the answer; the command line may be wrong otherwise. */
function asksForJson(given: readonly string[]): boolean {
  const end = given.indexOf("--");
  const words = end < 0 ? given : given.slice(0, end);
  const formats = words.flatMap((word, index) =>
    word === "--format" ? [words[index + 1]] : (/^--format=(.*)$/.exec(word)?.slice(1) ?? []),
  );
  return words.includes("--json") || formats.at(-1) === "json";
}

/** Says what ended the command, as JSON where JSON was asked for. @returns the exit status. */
function statusOf(error: unknown, json: boolean, terminal: Terminal): number {
  // What is wrong with the command line is a UsageError; of commander's own there is left that it has shown the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? status.fine : status.usage;
  if (hasDiagnostics(error)) {
    const { name, diagnostics } = error;
    reportSpec(diagnostics, json, terminal);
    if (name === "ConfigError") return status.usage;
    return onlyInWhatIsGiven(diagnostics) ? status.usage : status.found;
  }
  if (isExpected(error)) {
    const { message, help } = error;
    tell(message, help, json, terminal);
    return statusOfError(error);
  }
  const fault = faultOfSurroundings(error);
  if (fault !== undefined) {
    tell(fault.message, fault.help, json, terminal);
    return status.usage;
  }
  const text = textOfError(error);
  const request = "this is a bug in resnetc: please report it with the command and the spec";
  const message = text.startsWith("internal error") ? text : `internal error: ${text}`;
  tell(message, request, json, terminal);
  if (process.env["RESNETC_DEBUG"] === "1" && error instanceof Error) {
    terminal.err(`${error.stack ?? ""}\n`);
  }
  return status.internal;
}

function reportSpec(
  diagnostics: readonly Diagnostic[],
  json: boolean,
  { out, err, errColor, width }: Terminal,
): void {
  if (json) {
    out(`${JSON.stringify({ ok: false, diagnostics: diagnosticsToJson(diagnostics) })}\n`);
    return;
  }
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  err(`${renderDiagnostics(diagnostics, { color: errColor, width })}\n`);
  const colors = colorsFor(errColor);
  err(`${colors.bold(counted(errors, "error"))}\n${explainLine(diagnostics, colors)}`);
}

/** Whether the spec itself is sound, and only what is given beside it is not. */
function onlyInWhatIsGiven(diagnostics: readonly Diagnostic[]): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.every(({ span }) => span !== undefined && isGivenPath(span.file.path));
}

/** @param help how to mend it. */
function tell(message: string, help: string | undefined, json: boolean, to: Terminal): void {
  if (json) to.out(jsonFailure(message, help));
  else to.err(errorText(message, help, to, to.errColor));
}

/**
 * Runs the process's own command line and sets its exit status. An answer that is not whole must not pass for one:
 * that is said at the end.
 */
export async function run(load: LoadCommands): Promise<void> {
  const given = process.argv.slice(2);
  const terminal = processTerminal();
  process.on("exit", () => {
    if (terminal.lost === undefined) return;
    const message = `the answer cannot be written: ${terminal.lost}`;
    terminal.err(errorText(message, undefined, terminal, terminal.errColor));
    process.exitCode = status.usage;
  });
  // What is thrown where nothing awaits it is a bug like any other, and no finding.
  process.on("uncaughtException", (error) =>
    process.exit(statusOf(error, asksForJson(given), terminal)),
  );
  process.exitCode = await main(given, load, terminal);
}
