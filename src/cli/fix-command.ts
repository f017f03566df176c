/** `resnetc check --fix`: mends what can be mended, says what that was, and checks what is left. */
import { createTwoFilesPatch } from "diff";
import { fixSpecs, writeFixes, type FixedPlace, type FixReport } from "../api/fix.js";
import { visible } from "../diagnostics/display-width.js";
import { counted } from "../diagnostics/numbers.js";
import type { TextReplacement } from "../storage/text-replacement.js";
import { answer, checkedFile, printFiles, type CheckFlags } from "./check-command.js";
import { assignments } from "./given.js";
import { status } from "./status.js";
import { colorsFor, type Colors, type Terminal } from "./terminal.js";

/** @param specs the files, patterns expanded. @returns the exit status. */
export async function fixCommand(
  specs: readonly string[],
  flags: CheckFlags,
  terminal: Terminal,
): Promise<number> {
  const parameters = assignments("--set", flags.set);
  const report = fixSpecs(specs, { parameters, unsafe: flags.unsafe ?? false });
  if (!flags.dryRun) await writeFixes(report);
  if (flags.json) terminal.out(`${JSON.stringify(jsonOf(specs, report, flags), undefined, 2)}\n`);
  else if (flags.dryRun) printDryRun(report, terminal);
  else {
    printMends(report, terminal);
    printFiles(filesOf(specs, report), terminal);
    printLeft(report, flags, terminal);
  }
  const sound = report.reports.every(({ ok }) => ok);
  return sound && !(flags.dryRun && report.files.length > 0) ? status.fine : status.found;
}

function filesOf(
  specs: readonly string[],
  { reports }: FixReport,
): ReturnType<typeof checkedFile>[] {
  return reports.map((each, index) => checkedFile(specs[index] ?? "", each));
}

function jsonOf(
  specs: readonly string[],
  report: FixReport,
  { dryRun = false }: CheckFlags,
): object {
  return {
    ...answer(filesOf(specs, report)),
    fix: {
      written: !dryRun,
      mends: report.mends,
      unsafe: report.unsafe,
      refused: report.refused,
      ...(dryRun && { diff: report.files.map(patchOf).join("") }),
    },
  };
}

/** The change of a file in unified form, as `patch` and `git apply -p0` take it. */
export function patchOf({ path, before, after }: TextReplacement): string {
  const patch = createTwoFilesPatch(path, path, before, after, "", "", { context: 3 });
  return patch.replace(/^Index: .*\n=+\n/, "").replace(/^((?:---|\+\+\+) .*?)\t$/gm, "$1");
}

/** What would be changed, as a diff, and what would be left. */
function printDryRun(report: FixReport, terminal: Terminal): void {
  printDiff(report, terminal);
  const errors = report.reports
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ severity }) => severity === "error").length;
  if (errors > 0) terminal.err(`${counted(errors, "error")} would be left\n`);
}

/** What mending did, without what is found afterwards. */
export type Mending = Pick<FixReport, "files" | "mends" | "unsafe" | "refused">;

/** The changes as a diff, and what is left to mend. */
export function printDiff(report: Mending, terminal: Terminal): void {
  const { out, err, outColor, errColor } = terminal;
  const colors = colorsFor(outColor);
  for (const file of report.files) {
    const lines = patchOf(file).split("\n");
    out(lines.map((line, index) => paint(line, index, colors)).join("\n"));
  }
  const { bold } = colorsFor(errColor);
  const { mends, files } = report;
  const what = `${counted(mends.length, "change")} in ${counted(files.length, "file")}`;
  err(`${bold(mends.length === 0 ? "nothing to mend" : what)}: nothing is written\n`);
  printLeft(report, {}, terminal);
}

function paint(line: string, index: number, colors: Colors): string {
  if (index < 2) return colors.bold(line);
  if (line.startsWith("@@")) return colors.cyan(line);
  if (line.startsWith("+")) return colors.green(line);
  return line.startsWith("-") ? colors.red(line) : line;
}

/** What was changed, a line for each place. */
export function printMends({ mends, files }: Mending, { err, errColor }: Terminal): void {
  const colors = colorsFor(errColor);
  for (const each of mends) {
    err(`${each.file}:${each.line}: ${said(each)} ${colors.dim(`(${each.code})`)}\n`);
  }
  if (mends.length === 0) return;
  err(
    `${colors.bold(`${counted(mends.length, "change")} in ${counted(files.length, "file")}`)}\n\n`,
  );
}

function said({ was, now }: FixedPlace): string {
  if (was === "") return `${quoted(now)} is put in`;
  if (now === "") return `${quoted(was)} is taken out`;
  return `${quoted(was)} is now ${quoted(now)}`;
}

function quoted(text: string): string {
  const line = visible(text.trim().replace(/\s+/g, " "));
  return `\`${line.length > 60 ? `${line.slice(0, 59)}…` : line}\``;
}

/** What could be mended and was not. */
export function printLeft(
  { unsafe, refused }: Mending,
  flags: Pick<CheckFlags, "unsafe">,
  { err }: Terminal,
): void {
  if (unsafe > 0 && !flags.unsafe) {
    err(
      `${counted(unsafe, "mend")} may change what was meant: --fix --unsafe makes ${them(unsafe)}\n`,
    );
  }
  if (refused > 0) {
    err(
      `${counted(refused, "mend")} would bring another error and ${refused === 1 ? "is" : "are"} not made\n`,
    );
  }
}

function them(count: number): string {
  return count === 1 ? "it" : "them";
}
