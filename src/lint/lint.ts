/**
 * Lints a checked file: runs the rules that are on, takes back what comments suppress, and adds what the check
 * found. Pure: the same file, imports and settings give the same findings.
 */
import type { CheckResult } from "../check/check.js";
import { fill, type Severity } from "../diagnostics/catalog.js";
import {
  finding,
  type Details,
  type Diagnostic,
  type SuppressedFinding,
} from "../diagnostics/diagnostic.js";
import { listed } from "../diagnostics/lists.js";
import { fitCodes } from "../recipe/fit/misfit.js";
import type { SourceFile, Span } from "../source/source.js";
import { optionDefaults } from "./options.js";
import type { Place } from "./place.js";
import { everyRule, rules } from "./registry.js";
import type { Rule, RuleContext, RuleFacts, RuleLevel } from "./rule.js";
import { subjectOf, type ProjectFacts, type Subject } from "./subject.js";
import { suppress, suppressionsOf } from "./suppression.js";

/** What a configuration says of one rule; its own defaults hold for what it does not. */
export interface RuleSetting {
  readonly level?: RuleLevel;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface LintSettings {
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly project: ProjectFacts;
}

export const defaultSettings: LintSettings = { rules: {}, project: { engines: [], datasets: {} } };

/** What a finding of a level weighs. */
export const severities: Readonly<Record<Exclude<RuleLevel, "off">, Severity>> = {
  info: "info",
  warn: "warning",
  error: "error",
};

/** What linting one file comes to. */
export interface Linted {
  /** Those of the check among them, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** What comments take back, in the order of the text. */
  readonly suppressed: readonly SuppressedFinding[];
}

/** The findings of a checked file that no comment takes back, those of the check among them. */
export function lint(
  result: CheckResult,
  settings: LintSettings = defaultSettings,
): readonly Diagnostic[] {
  return lintWhole(result, settings).diagnostics;
}

/** The findings of a checked file, and those that its comments take back. */
export function lintWhole(result: CheckResult, settings: LintSettings = defaultSettings): Linted {
  const { diagnostics, program } = result;
  if (program === undefined) return { diagnostics, suppressed: [] };
  // Where a recipe does not fit its network, there is all the same all that rules look at.
  const fit: readonly string[] = fitCodes;
  const whole = diagnostics.every(
    ({ severity, code }) => severity !== "error" || fit.includes(code),
  );
  const subject = subjectOf(program, result, settings.project, whole);
  const running = rules.filter(
    (rule) => levelOf(rule, settings) !== "off" && (whole || rule.needs === "syntax"),
  );
  const found = running.flatMap((rule) => run(rule, subject, settings));
  const severityOf = (name: string): Severity | undefined => {
    const rule = everyRule.find((each) => each.name === name);
    if (rule === undefined || (!whole && rule.needs === "graph")) return undefined;
    return severity(rule, settings);
  };
  const names = everyRule.map(({ name }) => name);
  const suppressions = suppressionsOf(program.entry.comments);
  const kept = suppress(found, suppressions, names, severityOf);
  return {
    diagnostics: [...diagnostics, ...inOrder([...kept.findings, ...kept.remarks], (each) => each)],
    suppressed: inOrder(kept.suppressed, ({ finding: found }) => found),
  };
}

/** The level of a rule under some settings. */
export function levelOf(rule: RuleFacts, { rules: given }: LintSettings): RuleLevel {
  return given[rule.name]?.level ?? rule.level;
}

function severity(rule: RuleFacts, settings: LintSettings): Severity | undefined {
  const level = levelOf(rule, settings);
  return level === "off" ? undefined : severities[level];
}

function run(rule: Rule, subject: Subject, settings: LintSettings): readonly Diagnostic[] {
  const weight = severity(rule, settings);
  if (weight === undefined) return [];
  const found = new Map<string, Repeated>();
  const report = (
    message: string,
    at: Span | Place,
    holes: Readonly<Record<string, string | number>>,
    details: Details = {},
  ): void => {
    const place: Place = "file" in at ? { span: at, related: [], notes: [] } : at;
    const { span } = place;
    if (span.file !== subject.file) return;
    const text = fill<string>(rule.messages[message] ?? message, holes);
    const key = `${span.start}:${span.end}:${message}`;
    const known = found.get(key);
    if (known) {
      known.texts.add(text);
      return;
    }
    const related = [...place.related, ...(details.related ?? [])];
    const notes = [...(details.notes ?? []), ...place.notes];
    const help = ownHelp(details.help, subject.file);
    const said = { ...details, related, notes, ...(help !== undefined && { help }) };
    const first = finding(rule.name, weight, text, span, said);
    found.set(key, { first, texts: new Set([text]) });
  };
  const options = { ...optionDefaults(rule.options), ...settings.rules[rule.name]?.options };
  rule.check({ ...subject, options, report } as RuleContext<Rule["messages"], Rule["options"]>);
  return [...found.values()].map(withRest);
}

/** The help without its edits where they would change another file, which is linted by itself. */
function ownHelp(help: Details["help"], file: SourceFile): Details["help"] {
  if (help === undefined || typeof help === "string") return help;
  const isOwn = help.edits?.every(({ span }) => span.file === file) ?? true;
  return isOwn ? help : help.text;
}

/** A finding, with the messages of all that would stand at its place. */
interface Repeated {
  readonly first: Diagnostic;
  readonly texts: Set<string>;
}

/** How many of the others at one place are written out. */
const othersShown = 3;

function withRest({ first, texts }: Repeated): Diagnostic {
  const others = [...texts].slice(1);
  if (others.length === 0) return first;
  const note = `likewise elsewhere: ${listed(others, othersShown, ";")}`;
  return { ...first, notes: [...first.notes, note] };
}

function inOrder<T>(items: readonly T[], foundOf: (item: T) => Diagnostic): readonly T[] {
  const start = (item: T): number => foundOf(item).span?.start ?? 0;
  return [...items].sort((a, b) => start(a) - start(b));
}
