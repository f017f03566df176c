/** `resnetc lint`: says what rules find in specs, in the form that was asked for, and mends what it can. */
import { cacheFolder } from "../api/lint-cache.js";
import { UsageError } from "../api/errors.js";
import { writeExport } from "../api/export-file.js";
import { writeFixes } from "../api/fix.js";
import {
  fixLint,
  lintSpecs,
  type LintFixReport,
  type LintOptions,
  type LintReport,
} from "../api/lint.js";
import { nearest } from "../diagnostics/nearest.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { wrap } from "../diagnostics/display-width.js";
import { counted } from "../diagnostics/numbers.js";
import { ConfigError } from "../host/project-config.js";
import { configName, isRuleLevel } from "../lint/config/config.js";
import type { RuleSetting } from "../lint/lint.js";
import { everyRule } from "../lint/registry.js";
import { ruleLevels } from "../lint/rule.js";
import { explainLine } from "./explain-line.js";
import { patchOf, printDiff, printLeft, printMends } from "./fix-command.js";
import { withOutput } from "./given.js";
import { answer, formatted, type LintFormat } from "./lint-formats.js";
import { ruleList } from "./lint-rules.js";
import { mendLine } from "./mend-line.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";
import { isOfInput, unsavedInput, type InputFlags } from "./unsaved-input.js";

export interface LintFlags extends InputFlags {
  readonly format: LintFormat;
  /** A file for what would be printed. */
  readonly output?: string;
  readonly config?: string | false;
  /** `NAME=LEVEL`, over the configuration. */
  readonly rule?: readonly string[];
  readonly listRules?: boolean;
  /** Only errors. */
  readonly quiet?: boolean;
  /** False for `--no-suppressed`. */
  readonly suppressed?: boolean;
  /** Leave out what the configuration ignores also where it is named. */
  readonly forceIgnore?: boolean;
  readonly maxWarnings?: number;
  readonly fix?: boolean;
  readonly unsafe?: boolean;
  readonly dryRun?: boolean;
  /** False for `--no-cache`. */
  readonly cache: boolean;
  readonly cacheLocation?: string;
}

/** @param patterns files, folders and patterns. @returns the exit status. */
export async function lintCommand(
  patterns: readonly string[],
  given: LintFlags,
  terminal: Terminal,
): Promise<number> {
  const flags = withOutput(given);
  try {
    return await linted(patterns, flags, terminal);
  } catch (error) {
    // Whoever reads the report alone must see why there is nothing of the specs in it.
    if (error instanceof ConfigError && reports.has(flags.format)) {
      const { diagnostics } = error;
      const place = diagnostics.find(({ span }) => span !== undefined)?.span?.file.path;
      const file = place ?? (flags.config || configName);
      const files = [{ file, diagnostics, suppressed: [] }];
      const report = { files, errors: diagnostics.length, warnings: 0, cached: 0 };
      const style = { color: false, width: terminal.width, isFine: false };
      await write(formatted(report, flags.format, style), flags, terminal);
    }
    throw error;
  }
}

/** Formats that services read, and not the person who started the command. */
const reports: ReadonlySet<LintFormat> = new Set(["github", "sarif", "junit"]);

async function linted(
  patterns: readonly string[],
  flags: LintFlags,
  terminal: Terminal,
): Promise<number> {
  const { config, rule = [], format } = flags;
  const rules = ruleSettings(rule);
  if (flags.listRules) {
    await write(await ruleList(patterns, flags, rules, terminal), flags, terminal);
    return status.fine;
  }
  if (!flags.fix && (flags.unsafe || flags.dryRun)) {
    const option = flags.unsafe ? "--unsafe" : "--dry-run";
    throw new UsageError(`${option} is for --fix`, `write \`--fix ${option}\``);
  }
  const options: LintOptions = { rules, config, forceIgnore: flags.forceIgnore };
  if (isOfInput(patterns, flags)) {
    return lintInput(patterns, flags, options, terminal);
  }
  if (flags.fix) return fix(patterns, flags, options, terminal);
  const folder = flags.cache ? (flags.cacheLocation ?? cacheFolder(process.cwd())) : undefined;
  const report = await lintSpecs(patterns, { ...options, cache: folder });
  await show(report, flags, terminal);
  if (report.cacheFault !== undefined && format === "pretty") {
    const words = `the findings cannot be kept for the next run: ${report.cacheFault}`;
    for (const line of wrap(words, terminal.width)) terminal.err(`${line}\n`);
  }
  return statusOf(report, flags);
}

/** Lints what stands on standard input as the text of a file, by the configuration that holds for that. */
async function lintInput(
  patterns: readonly string[],
  flags: LintFlags,
  options: LintOptions,
  terminal: Terminal,
): Promise<number> {
  if (flags.fix || patterns.some((pattern) => pattern !== "-")) {
    throw new UsageError(
      `standard input cannot be linted together with ${flags.fix ? "--fix" : "a file"}`,
      "`resnetc lint - --format json` has the changes that mend",
    );
  }
  const { path, host } = await unsavedInput(flags);
  const report = await lintSpecs([path], { ...options, host, files: true });
  await show(report, flags, terminal, true);
  return statusOf(report, flags);
}

async function fix(
  patterns: readonly string[],
  flags: LintFlags,
  options: LintOptions,
  terminal: Terminal,
): Promise<number> {
  const fixed = await fixLint(patterns, { ...options, unsafe: flags.unsafe ?? false });
  if (!flags.dryRun) await writeFixes(fixed);
  if (flags.format === "json") await write(jsonOf(fixed, flags), flags, terminal);
  else if (flags.dryRun) printDiff(fixed, terminal);
  else {
    printMends(fixed, terminal);
    await show(fixed.report, flags, terminal);
    printLeft(fixed, flags, terminal);
  }
  const ended = statusOf(fixed.report, flags);
  return flags.dryRun && fixed.files.length > 0 ? status.found : ended;
}

function jsonOf({ report, ...fixed }: LintFixReport, flags: LintFlags): string {
  const { mends, unsafe, refused, files } = fixed;
  const diff = flags.dryRun ? { diff: files.map(patchOf).join("") } : {};
  const made = { written: !flags.dryRun, mends, unsafe, refused, ...diff };
  const isFine = statusOf(report, flags) === status.fine;
  const whole = { ...answer(shown(report, flags), isFine), fix: made };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

/**
 * Writes the findings where they were asked for, and for a person how many there are.
 *
 * @param isInput whether they are of standard input, which `--fix` does not take.
 */
async function show(
  report: LintReport,
  flags: LintFlags,
  terminal: Terminal,
  isInput = false,
): Promise<void> {
  const { format, output } = flags;
  const color = terminal.outColor && output === undefined;
  const isFine = statusOf(report, flags) === status.fine;
  const text = formatted(shown(report, flags), format, { color, width: terminal.width, isFine });
  await write(text, flags, terminal);
  if (format !== "pretty" && output === undefined) return;
  const colors = colorsFor(output === undefined ? terminal.outColor : terminal.errColor);
  const say = output === undefined ? terminal.out : terminal.err;
  say(`${colors.bold(summary(report, flags))}\n`);
  if (format !== "pretty") return;
  const { files } = shown(report, flags);
  const found = files.flatMap(({ diagnostics }) => diagnostics);
  if (!flags.fix && !isInput) say(mendLine(found, new Set(files.map(({ file }) => file))));
  say(explainLine(found, colors));
}

async function write(text: string, { output }: LintFlags, { out }: Terminal): Promise<void> {
  if (output === undefined) return out(text);
  await writeExport(output, [Buffer.from(text)]);
}

function shown(report: LintReport, { quiet = false, suppressed = true }: LintFlags): LintReport {
  const isShown = ({ severity }: Diagnostic): boolean => !quiet || severity === "error";
  const files = report.files.map((each) => ({
    file: each.file,
    diagnostics: each.diagnostics.filter(isShown),
    suppressed: suppressed ? each.suppressed.filter(({ finding }) => isShown(finding)) : [],
  }));
  return { ...report, files };
}

function summary({ files, errors, warnings }: LintReport, { maxWarnings }: LintFlags): string {
  const where = counted(files.length, "file");
  if (errors + warnings === 0) return `nothing found in ${where}`;
  const most =
    maxWarnings !== undefined && warnings > maxWarnings ? `, where ${maxWarnings} may be` : "";
  return `${counted(errors, "error")} and ${counted(warnings, "warning")} in ${where}${most}`;
}

function statusOf({ errors, warnings }: LintReport, { maxWarnings = Infinity }: LintFlags): number {
  return errors > 0 || warnings > maxWarnings ? status.found : status.fine;
}

/** `--rule NAME=LEVEL` as settings. @throws UsageError for a rule or a level that there is not. */
function ruleSettings(given: readonly string[]): Readonly<Record<string, RuleSetting>> {
  return Object.fromEntries(
    given.map((text) => {
      const [name = "", level = "", ...rest] = text.split("=");
      if (rest.length > 0 || !text.includes("=")) {
        throw new UsageError(`--rule ${text} sets no level`, "write `--rule channel-multiple=off`");
      }
      const names = everyRule.map((rule) => rule.name as string);
      if (!names.includes(name)) {
        const near = nearest(name, names);
        const help = near === undefined ? "`--list-rules` lists them" : `did you mean ${near}?`;
        throw new UsageError(`there is no rule named ${name}`, help);
      }
      if (!isRuleLevel(level)) {
        throw new UsageError(
          `${name} cannot be set to ${level || "nothing"}`,
          `it is one of ${ruleLevels.join(", ")}`,
        );
      }
      return [name, { level }];
    }),
  );
}
