/** `resnetc check`: says what is wrong, or that nothing is. */
import { noneMeant, refusePatterns, UsageError } from "../api/errors.js";
import { checkReport, type CheckReport } from "../api/check.js";
import { specPlace } from "../api/spec.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { lintedFiles } from "../host/linted-files.js";
import { explainLine } from "./explain-line.js";
import type { LoadCommands } from "./grammar/command.js";
import { assignments, type SpecFlags } from "./given.js";
import { counted, grouped, scaled } from "../diagnostics/numbers.js";
import { sizesLines } from "./sizes-lines.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";
import { isOfInput, unsavedInput, type InputFlags } from "./unsaved-input.js";

export interface CheckedFile extends CheckReport {
  readonly file: string;
  /** How many errors it has. */
  readonly errors: number;
}

export interface CheckFlags extends SpecFlags, InputFlags {
  /** Mend what can be mended. */
  readonly fix?: boolean;
  /** Mend also what may change the meaning. */
  readonly unsafe?: boolean;
  /** Show what `fix` would change, and write nothing. */
  readonly dryRun?: boolean;
  /** Say which sizes every network takes. */
  readonly sizes?: boolean;
}

/**
 * @param patterns files, with `#Network` or without, folders and patterns; the working folder where there is none.
 * @param load what runs `--fix`.
 * @returns the exit status.
 */
export async function checkCommand(
  patterns: readonly string[],
  flags: CheckFlags,
  terminal: Terminal,
  load: LoadCommands,
): Promise<number> {
  const parameters = assignments("--set", flags.set);
  if (!flags.fix && (flags.unsafe || flags.dryRun)) {
    const option = flags.unsafe ? "--unsafe" : "--dry-run";
    throw new UsageError(`${option} is for --fix`, `write \`--fix ${option}\``);
  }
  if (isOfInput(patterns, flags)) {
    refuseBesideInput(patterns, flags);
    const { path, host } = await unsavedInput(flags);
    return show([checkedFile(path, checkReport(path, { parameters, host }))], flags, terminal);
  }
  const specs = (await lintedFiles(patterns)).map(({ path }) => path);
  if (specs.length === 0) throw noneMeant("spec to check", patterns, "specs end in .resnet");
  refusePatterns(specs);
  if (flags.fix) return (await load.tool()).fixCommand(specs, flags, terminal);
  const files = specs.map((spec) => checkedFile(spec, checkReport(spec, { parameters })));
  return show(files, flags, terminal);
}

/** What is found is told, and nothing is mended. */
function refuseBesideInput(patterns: readonly string[], { fix }: CheckFlags): void {
  if (!fix && patterns.every((pattern) => pattern === "-")) return;
  throw new UsageError(
    `standard input cannot be checked together with ${fix ? "--fix" : "a file"}`,
    "`resnetc check - --json` has the changes that mend",
  );
}

/** @returns the exit status. */
function show(files: readonly CheckedFile[], flags: CheckFlags, terminal: Terminal): number {
  if (flags.json) terminal.out(`${JSON.stringify(answer(files), undefined, 2)}\n`);
  else printFiles(files, terminal, flags);
  return files.every(({ ok }) => ok) ? status.fine : status.found;
}

/** A spec's report, as it is printed. */
export function checkedFile(spec: string, report: CheckReport): CheckedFile {
  const errors = report.diagnostics.filter(({ severity }) => severity === "error").length;
  return { ...report, file: specPlace(spec).file, errors };
}

/** The answer as JSON. */
export function answer(files: readonly CheckedFile[]): object {
  return {
    ok: files.every(({ ok }) => ok),
    files: files.map(({ file, ok, networks, open, recipes, diagnostics }) => ({
      file,
      ok,
      networks: networks.map(({ graph: _graph, ...network }) => network),
      open: Object.fromEntries(open),
      recipes: recipes.map(({ name, network }) => ({ name, network })),
      diagnostics: diagnosticsToJson(diagnostics),
    })),
  };
}

/** What is wrong with the files, and what those that are sound hold. */
export function printFiles(
  files: readonly CheckedFile[],
  terminal: Terminal,
  flags: Pick<CheckFlags, "sizes"> = {},
): void {
  const { err, errColor, width } = terminal;
  for (const each of files) {
    if (each.diagnostics.length > 0) {
      err(`${renderDiagnostics(each.diagnostics, { color: errColor, width })}\n`);
    }
    if (each.ok) printSound(each, terminal, flags);
  }
  const broken = files.filter(({ ok }) => !ok);
  if (broken.length === 0) return;
  const errors = broken.reduce((sum, each) => sum + each.errors, 0);
  const colors = colorsFor(errColor);
  err(`${colors.bold(`${counted(errors, "error")} in ${counted(broken.length, "file")}`)}\n`);
  const found = broken.flatMap(({ diagnostics }) => diagnostics);
  err(explainLine(found, colors));
}

function printSound(
  { file, networks, open, recipes }: CheckedFile,
  terminal: Terminal,
  flags: Pick<CheckFlags, "sizes">,
): void {
  const { out, outColor, width } = terminal;
  const colors = colorsFor(outColor);
  for (const network of networks) {
    const { name, parameters, macs, sizes } = network;
    const where = sizes.length === 0 || flags.sizes ? "" : ` for every ${sizes.join(", ")}`;
    const cost = macs === undefined ? "" : `, ${scaled(macs)} multiply-adds`;
    const what = `${colors.bold(name)} is ${colors.green("sound")}${where}`;
    out(`${file}: ${what}: ${grouped(parameters)} parameters${cost}\n`);
    if (flags.sizes) for (const line of sizesLines(network, width)) out(`${line}\n`);
  }
  for (const [name, missing] of open) {
    const used = `is checked where it is used, as it needs ${missing.join(", ")}`;
    out(`${file}: ${colors.bold(name)} ${used}\n`);
  }
  for (const { name, network, epochs, batch } of recipes) {
    const recipe = `recipe ${colors.bold(name)} trains ${network}`;
    out(`${file}: ${recipe}: ${counted(epochs, "epoch")} at batch ${batch}\n`);
  }
  if (networks.length + open.size + recipes.length === 0) {
    out(`${file}: ${colors.green("sound")}; it declares no network\n`);
  }
}
