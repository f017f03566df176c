/**
 * Comments that take findings back: `// resnetc-ignore RULE: reason` for its line, or the next where it has a line
 * to itself, and `// resnetc-ignore-file RULE: reason`. None works without a reason, and none stands unused.
 */
import { withoutItem } from "../diagnostics/edits.js";
import { nearest } from "../diagnostics/nearest.js";
import { fill, type Severity } from "../diagnostics/catalog.js";
import {
  finding,
  type Diagnostic,
  type Edit,
  type SuppressedFinding,
} from "../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../source/source.js";
import type { SourceComment } from "../syntax/ast.js";
import type { RuleFacts } from "./rule.js";

const reasonRule = {
  name: "suppression-reason",
  group: "tidiness",
  level: "error",
  description: "A comment that suppresses a rule says why",
  needs: "syntax",
  messages: {
    missing: "this comment suppresses `{rules}` and gives no reason",
    nothing: "this comment names no rule to suppress",
  },
  options: {},
} as const satisfies RuleFacts;

const unknownRule = {
  name: "suppression-unknown",
  group: "tidiness",
  level: "error",
  description: "A comment that suppresses a rule names one that there is",
  needs: "syntax",
  messages: {
    unknown: "there is no rule named `{name}`",
    code: "{name} is an error of the compiler, which no comment suppresses",
  },
  options: {},
} as const satisfies RuleFacts;

const unusedRule = {
  name: "suppression-unused",
  group: "tidiness",
  level: "warn",
  description: "A comment that suppresses a rule stands where the rule finds something",
  needs: "syntax",
  messages: { unused: "`{name}` finds nothing here to suppress" },
  options: {},
} as const satisfies RuleFacts;

/** The rules about suppressions themselves; no comment suppresses them. */
export const suppressionRules: readonly RuleFacts[] = [reasonRule, unknownRule, unusedRule];

/** One rule that one comment suppresses. */
interface Suppressed {
  readonly name: string;
  readonly span: Span;
}

export interface Suppression {
  /** The whole comment. */
  readonly span: Span;
  readonly rules: readonly Suppressed[];
  readonly reason: string;
  /** The line whose findings it takes back; undefined for the whole file. */
  readonly line?: number;
}

const form = /^\/\/\s*resnetc-ignore(-file)?(?![\w-])\s*([^:]*)(?::(.*))?$/s;

/** The suppressions that a file's comments write, in order. */
export function suppressionsOf(comments: readonly SourceComment[]): readonly Suppression[] {
  const linesBelow = new LinesBelow();
  return comments.flatMap(({ text, span }): Suppression[] => {
    const match = form.exec(text);
    if (match === null) return [];
    const [, whole, names = "", reason = ""] = match;
    const { file } = span;
    const from = span.start + text.indexOf(names, text.indexOf("resnetc-ignore") + 14);
    const rules = [...names.matchAll(/[^\s,]+/g)].map(({ 0: name, index }) => ({
      name,
      span: file.span(from + index, from + index + name.length),
    }));
    const line = whole === undefined ? { line: lineMeant(span, linesBelow) } : {};
    return [{ span, rules, reason: reason.trim(), ...line }];
  });
}

/** The comment's own line, or where it has that to itself, the next line with something else on it. */
function lineMeant({ file, start }: Span, linesBelow: LinesBelow): number {
  const { line, column } = file.position(start);
  if (
    file
      .line(line)
      .slice(0, column - 1)
      .trim() !== ""
  )
    return line;
  return linesBelow.after(file, line);
}

/** Which lines have something on them besides a comment: thousands of comments in a row are gone through once. */
class LinesBelow {
  /** By line, the next one that has: from the first line that was asked for. */
  readonly #next = new Map<number, number>();

  /** The first such line below one; the last line of the file where there is none. */
  after(file: SourceFile, line: number): number {
    const passed: number[] = [];
    let at = line;
    for (let next = this.#next.get(at); next === undefined; next = this.#next.get(at)) {
      passed.push(at++);
      if (at < file.lineStarts.length && /^\s*(\/\/.*)?$/.test(file.line(at))) continue;
      for (const each of passed) this.#next.set(each, at);
      return at;
    }
    const found = this.#next.get(at) ?? at;
    for (const each of passed) this.#next.set(each, found);
    return found;
  }
}

/** What a rule's findings weigh; undefined where it is off or did not run. */
export type SeverityOf = (rule: string) => Severity | undefined;

export interface Kept {
  readonly findings: readonly Diagnostic[];
  /** The others, each with the first comment that takes it back. */
  readonly suppressed: readonly SuppressedFinding[];
  /** What is to be said of the suppressions themselves. */
  readonly remarks: readonly Diagnostic[];
}

/**
 * The findings that no comment takes back, and what is wrong with the comments.
 *
 * @param known the names of all rules.
 */
export function suppress(
  findings: readonly Diagnostic[],
  suppressions: readonly Suppression[],
  known: readonly string[],
  severityOf: SeverityOf,
): Kept {
  const takersOf = byLine(suppressions.filter(({ reason }) => reason !== ""));
  const used = new Set<Suppressed>();
  const [kept, suppressed]: [Diagnostic[], SuppressedFinding[]] = [[], []];
  for (const found of findings) {
    const { code, span } = found;
    const line = span?.file.position(span.start).line;
    const takers = takersOf(line).filter(({ rules }) => rules.some(({ name }) => name === code));
    for (const { rules } of takers) {
      for (const rule of rules) if (rule.name === code) used.add(rule);
    }
    const [taker] = takers;
    if (taker === undefined) kept.push(found);
    else suppressed.push({ finding: found, reason: taker.reason, comment: taker.span });
  }
  const remarks = suppressions.flatMap((each) => remarksOn(each, used, known, severityOf));
  return { findings: kept, suppressed, remarks };
}

/** Suppressions by the line of what they take back; those of the whole file are of every line. In order. */
function byLine(
  suppressions: readonly Suppression[],
): (line: number | undefined) => readonly Suppression[] {
  const whole = suppressions.filter(({ line }) => line === undefined);
  const lines = new Map<number, Suppression[]>();
  for (const each of suppressions) {
    if (each.line === undefined) continue;
    const own = lines.get(each.line);
    if (own) own.push(each);
    else lines.set(each.line, [each]);
  }
  const inOrder = (one: Suppression, other: Suppression): number =>
    one.span.start - other.span.start;
  return (line) => {
    const own = (line !== undefined && lines.get(line)) || [];
    return whole.length === 0 ? own : [...whole, ...own].sort(inOrder);
  };
}

function remarksOn(
  suppression: Suppression,
  used: ReadonlySet<Suppressed>,
  known: readonly string[],
  severityOf: SeverityOf,
): readonly Diagnostic[] {
  const { rules, reason, span } = suppression;
  const missing = severityOf(reasonRule.name);
  if (rules.length === 0 || reason === "") {
    if (missing === undefined) return [];
    const names = rules.map(({ name }) => name).join(", ");
    const { messages, name } = reasonRule;
    const message =
      rules.length === 0 ? messages.nothing : fill(messages.missing, { rules: names });
    const help = `write \`// resnetc-ignore ${names || "rule-name"}: why it is right here\``;
    return [finding(name, missing, message, span, { help })];
  }
  return rules.flatMap((rule): Diagnostic[] => {
    if (!known.includes(rule.name)) return unknown(rule, known, severityOf(unknownRule.name));
    const severity = severityOf(unusedRule.name);
    // A rule that did not run may have found something.
    if (used.has(rule) || severity === undefined || severityOf(rule.name) === undefined) return [];
    const message = fill(unusedRule.messages.unused, { name: rule.name });
    const help = { text: "remove it", edits: [removal(suppression, rule)] };
    return [finding(unusedRule.name, severity, message, rule.span, { help })];
  });
}

function unknown(
  { name, span }: Suppressed,
  known: readonly string[],
  severity: Severity | undefined,
): Diagnostic[] {
  if (severity === undefined) return [];
  const isCode = /^R\d{4}$/.test(name);
  const message = fill(isCode ? unknownRule.messages.code : unknownRule.messages.unknown, { name });
  const near = isCode ? undefined : nearest(name, known);
  const help =
    near === undefined
      ? { text: "`resnetc lint --list-rules` lists them" }
      : { text: `did you mean \`${near}\`?`, edits: [{ span, text: near }] };
  return [finding(unknownRule.name, severity, message, span, isCode ? {} : { help })];
}

/** Removes one rule from a comment, or with its last rule the comment, or with that its whole line. */
function removal({ span, rules }: Suppression, rule: Suppressed): Edit {
  if (rules.length === 1) return { span: commentAlone(span.file, span), text: "" };
  const spans = rules.map((each) => each.span);
  return { span: withoutItem(spans, rules.indexOf(rule)), text: "" };
}

/** A comment with the blanks before it, and with its line's end where it has the line to itself. */
function commentAlone(file: SourceFile, { start, end }: Span): Span {
  const { line } = file.position(start);
  const lineStart = file.lineStarts[line - 1] ?? 0;
  if (file.text.slice(lineStart, start).trim() === "") {
    return file.span(lineStart, file.lineStarts[line] ?? end);
  }
  const blanks = /\s*$/.exec(file.text.slice(lineStart, start))?.[0].length ?? 0;
  return file.span(start - blanks, end);
}
