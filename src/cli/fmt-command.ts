/** `resnetc fmt`: gives specs their one layout, or says which do not have it. */
import { UsageError } from "../api/errors.js";
import { formatFiles, formatUnsaved, type FormattedFile } from "../api/format-files.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { counted } from "../diagnostics/numbers.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { errorText } from "./error-text.js";
import { readInput } from "./standard-input.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

export interface FmtFlags {
  /** Say what is not formatted, and write nothing. */
  readonly check?: boolean;
  /** The file that the text on standard input will be. */
  readonly stdinFilepath?: string;
  readonly json?: boolean;
}

/** @param patterns files, folders and patterns; `-` for standard input. @returns the exit status. */
export async function fmtCommand(
  patterns: readonly string[],
  flags: FmtFlags,
  terminal: Terminal,
): Promise<number> {
  const { check = false, stdinFilepath, json = false } = flags;
  const fromInput = stdinFilepath !== undefined || patterns.includes("-");
  if (fromInput) {
    if (json || patterns.some((pattern) => pattern !== "-")) {
      const what = json ? "--json" : "a file";
      const help = "`resnetc fmt -` reads one text and writes it, formatted, to standard output";
      throw new UsageError(`standard input cannot be formatted together with ${what}`, help);
    }
    return formatInput(stdinFilepath, check, terminal);
  }
  const files = await formatFiles(patterns, { check });
  if (json) terminal.out(`${JSON.stringify(answer(files, check), undefined, 2)}\n`);
  else print(files, check, terminal);
  if (files.some(({ problem }) => problem !== undefined)) return status.usage;
  return isFine(files, check) ? status.fine : status.found;
}

/** Whether all are formatted, or are now. */
function isFine(files: readonly FormattedFile[], check: boolean): boolean {
  return files.every(({ state }) => state !== "failed" && !(check && state === "formatted"));
}

async function formatInput(
  path: string | undefined,
  check: boolean,
  { out, err }: Terminal,
): Promise<number> {
  const name = path ?? "standard-input.resnet";
  const text = await readInput();
  const formatted = await formatUnsaved(text, name);
  if (!check) out(formatted);
  else if (formatted !== text) err(`${path ?? "standard input"} is not formatted\n`);
  return check && formatted !== text ? status.found : status.fine;
}

function answer(files: readonly FormattedFile[], check: boolean): object {
  return {
    ok: isFine(files, check),
    written: !check,
    files: files.map(({ file, state, diagnostics, problem }) => ({
      file,
      state,
      ...(diagnostics && { diagnostics: diagnosticsToJson(diagnostics) }),
      ...(problem && { error: { message: problem.message, help: problem.help } }),
    })),
  };
}

function print(files: readonly FormattedFile[], check: boolean, terminal: Terminal): void {
  const { out, err, errColor, width } = terminal;
  const { bold } = colorsFor(errColor);
  for (const { file, state, diagnostics, problem } of files) {
    if (state === "formatted") out(`${file}\n`);
    if (diagnostics) err(`${renderDiagnostics(diagnostics, { color: errColor, width })}\n`);
    if (problem) err(errorText(problem.message, problem.help, terminal, errColor));
  }
  err(
    `${summary(files, check)
      .map((line) => bold(line))
      .join("\n")}\n`,
  );
}

/** What the command came to, in a line or two. */
function summary(files: readonly FormattedFile[], check: boolean): readonly string[] {
  const count = (wanted: string): number => files.filter(({ state }) => state === wanted).length;
  const [changed, failed, ignored] = [count("formatted"), count("failed"), count("ignored")];
  const seen = files.length - ignored;
  if (seen === 0) return [`${counted(ignored, "file")} ignored, by .gitignore or .prettierignore`];
  const failures = failed === 0 ? [] : [`${counted(failed, "file")} could not be formatted`];
  if (check && changed > 0) {
    return [
      `${counted(changed, "file")} of ${seen} not formatted: run \`resnetc fmt\``,
      ...failures,
    ];
  }
  const before = seen - changed - failed;
  if (changed === 0) {
    return before === 0 ? failures : [`${counted(before, "file")} formatted already`, ...failures];
  }
  return [`${counted(changed, "file")} formatted${unchanged(before)}`, ...failures];
}

function unchanged(count: number): string {
  return count === 0 ? "" : `, ${count} ${count === 1 ? "was" : "were"} already`;
}
