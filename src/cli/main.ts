/**
 * The command: reads the command line, runs one command, and ends with its status. Whatever goes
 * wrong is said in words; a stack is shown only on request.
 */
import { CommanderError } from "commander";
import { wrap } from "../diagnostics/display-width.js";
import { packageVersion } from "../host/version.js";
import { makeProgram, type LoadTensorCommands } from "./program.js";
import { isExpected, Reported, status, UsageError } from "./status.js";
import { colorsFor, processTerminal, type Terminal } from "./terminal.js";

/** Runs the command line `given` (without node and the script). @returns the exit status. */
export async function main(
  given: readonly string[],
  load: LoadTensorCommands,
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
      outputError: (text, write) => write(text),
    });
  }
  if (given.length === 0) {
    terminal.out(program.helpInformation());
    terminal.out("\nStart with: resnetc check specs/resnet50.resnet\n");
    return status.fine;
  }
  if (given.length === 1 && (given[0] === "--version" || given[0] === "-V")) {
    terminal.out(`${packageVersion()}\n`);
    return status.fine;
  }
  try {
    await program.parseAsync([...given], { from: "user" });
    return exit;
  } catch (error) {
    return statusOf(error, terminal);
  }
}

function statusOf(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Commander has said it. Asking for help is no mistake.
    return error.exitCode === 0 ? status.fine : status.usage;
  }
  if (error instanceof Reported) return error.exitStatus;
  if (error instanceof UsageError) {
    say(error.message, error.help, terminal);
    return status.usage;
  }
  if (isExpected(error)) {
    say(error.message, error.help, terminal);
    return status.found;
  }
  const text = error instanceof Error ? error.message : String(error);
  const request = "this is a bug in resnetc: please report it with the command and the spec";
  say(`internal error: ${text}`, request, terminal);
  if (process.env["RESNETC_DEBUG"] === "1" && error instanceof Error) {
    terminal.err(`${error.stack ?? ""}\n`);
  }
  return status.internal;
}

function say(message: string, help: string | undefined, { err, errColor, width }: Terminal): void {
  const colors = colorsFor(errColor);
  const [first = "", ...rest] = wrap(message, width - 7);
  err(`${colors.red(colors.bold("error"))}${colors.bold(`: ${first}`)}\n`);
  for (const line of rest) err(`       ${colors.bold(line)}\n`);
  if (help === undefined) return;
  const [helpFirst = "", ...helpRest] = wrap(help, width - 10);
  err(`  ${colors.blue("=")} ${colors.bold("help:")} ${helpFirst}\n`);
  for (const line of helpRest) err(`          ${line}\n`);
}

/** Runs the process's own command line and sets its exit status. */
export async function run(load: LoadTensorCommands): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever reads may stop reading: `resnetc check … | head -1`.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
  process.exitCode = await main(process.argv.slice(2), load);
}
