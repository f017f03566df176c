/** A round of `resnetc watch` as it is shown: its findings and one line, or one line of JSON. */
import { relative } from "node:path";
import { UsageError } from "../../api/errors.js";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { diagnosticsToJson } from "../../diagnostics/json.js";
import { counted } from "../../diagnostics/numbers.js";
import { renderDiagnostics } from "../../diagnostics/pretty.js";
import { partsOf } from "../../host/spec-files.js";
import { answer } from "../check-command.js";
import { errorText } from "../error-text.js";
import { summarise } from "../summary-command.js";
import { colorsFor, type Terminal } from "../terminal.js";
import {
  isConfigError,
  type Problem,
  type RoundResult,
  type SpecResult,
  type WatchedCommand,
} from "./round.js";

export interface Round {
  readonly number: number;
  readonly command: WatchedCommand;
  readonly result: RoundResult;
  /** Absolute paths of what changed before it; none before the first. */
  readonly changed: readonly string[];
  /** When it began. */
  readonly time: Date;
  readonly milliseconds: number;
  /** Values for parameters, as the command line gives them. */
  readonly set: readonly string[];
}

const done: Readonly<Record<WatchedCommand, string>> = {
  check: "checked",
  lint: "linted",
  summary: "summarised",
};

/** What stands in a round's findings. */
function tally({ specs, problem }: RoundResult): {
  readonly errors: number;
  readonly warnings: number;
} {
  const found = specs.flatMap(({ diagnostics }) => diagnostics);
  const count = (wanted: Diagnostic["severity"]): number =>
    found.filter(({ severity }) => severity === wanted).length;
  const problems = specs.filter((each) => each.problem).length + (problem ? 1 : 0);
  return { errors: count("error") + problems, warnings: count("warning") };
}

/** One line of JSON. */
export function jsonLine({ number, command, result, changed, time, milliseconds }: Round): string {
  const { specs, problem } = result;
  const { errors, warnings } = tally(result);
  const checked = specs.flatMap((each) => each.checked ?? []);
  const described = answer(checked) as { readonly files: readonly object[] };
  let next = 0;
  const files = specs.map((each) => {
    if (each.checked) return described.files[next++];
    const { spec: file, diagnostics, problem: fault } = each;
    const ok = fault === undefined && diagnostics.every(({ severity }) => severity !== "error");
    const error = fault && { message: fault.message, help: fault.help };
    return { file, ok, diagnostics: diagnosticsToJson(diagnostics), ...(error && { error }) };
  });
  const line = {
    round: number,
    time: time.toISOString(),
    milliseconds: Math.round(milliseconds),
    command,
    ok: errors === 0,
    errors,
    warnings,
    changed: changed.map((path) => relative(process.cwd(), path)),
    files,
    ...(problem && { error: { message: problem.message, help: problem.help } }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Everything that a person sees of a round, the line last. */
export function printRound(round: Round, terminal: Terminal): void {
  const { result, command } = round;
  for (const each of result.specs) {
    printFindings(each.diagnostics, terminal);
    if (each.problem) printProblem(each.problem, terminal);
    if (command === "summary") printSummaries(each, round, terminal);
  }
  if (result.problem) printProblem(result.problem, terminal);
  terminal.out(roundLine(round, terminal));
}

function roundLine(round: Round, { outColor }: Terminal): string {
  const { command, result, time, milliseconds } = round;
  const { dim, green, red, yellow } = colorsFor(outColor);
  const { errors, warnings } = tally(result);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
  const clean = command === "lint" ? "nothing found" : "sound";
  const found = [
    ...(errors > 0 ? [red(counted(errors, "error"))] : []),
    ...(warnings > 0 ? [yellow(counted(warnings, "warning"))] : []),
  ].join(", ");
  const what = `${counted(result.specs.length, "spec")} ${done[command]}`;
  const took = `in ${Math.round(milliseconds)} ms`;
  return `${dim(clock)} ${what} ${took}: ${found === "" ? green(clean) : found}\n`;
}

function printFindings(
  diagnostics: readonly Diagnostic[],
  { out, outColor, width }: Terminal,
): void {
  if (diagnostics.length === 0) return;
  out(`${renderDiagnostics(diagnostics, { color: outColor, width })}\n`);
}

function printProblem(problem: Problem, terminal: Terminal): void {
  if (isConfigError(problem)) return printFindings(problem.diagnostics, terminal);
  const { out, outColor } = terminal;
  out(`${errorText(problem.message, problem.help, terminal, outColor)}\n`);
}

/** The table of every network of a spec that is sound. */
function printSummaries({ spec, checked }: SpecResult, { set }: Round, terminal: Terminal): void {
  if (checked === undefined || !checked.ok) return;
  for (const { name } of checked.networks) {
    const one = partsOf(spec).network !== undefined ? spec : `${spec}#${name}`;
    try {
      summarise(one, { set }, terminal);
    } catch (error) {
      // A file that changed since the check: the next round has it.
      if (!(error instanceof UsageError)) throw error;
      printProblem(error, terminal);
    }
    terminal.out("\n");
  }
}
