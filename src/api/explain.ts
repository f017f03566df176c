/** `explain` for programs: the page of an error or of a rule, and the list of all that have one. */
import { nearest } from "../check/suggestion.js";
import { catalog, type Severity } from "../diagnostics/catalog.js";
import { exampleFiles, readPage, type Page } from "../diagnostics/page.js";
import { pageText, type PageKind } from "../host/page-files.js";
import { everyRule } from "../lint/registry.js";
import { ruleGroups, type RuleLevel } from "../lint/rule.js";
import { UsageError } from "./errors.js";

/** One thing that has a page. */
export interface ExplainedName {
  /** `R0301`, or the name of a rule. */
  readonly name: string;
  readonly kind: PageKind;
  /** What it is grouped under, such as `shapes` or `training`. */
  readonly group: string;
  /** How much a finding weighs where nothing else is configured. */
  readonly level: Severity | RuleLevel;
  /** One line without a full stop. */
  readonly title: string;
}

export interface Explanation extends ExplainedName {
  /** The page as it was written. */
  readonly markdown: string;
  readonly page: Page;
  /** The examples' files by path; the spec itself is `spec.resnet`. */
  readonly broken: ReadonlyMap<string, string>;
  readonly mended: ReadonlyMap<string, string>;
}

/** The groups of the errors, by the digits behind the `R`. */
export const errorGroups: Readonly<Record<string, string>> = {
  "00": "files",
  "01": "syntax",
  "02": "names and arguments",
  "03": "shapes",
  "04": "expectations",
  "05": "recipes",
  "06": "limits",
};

/** The page of an error (`R0301`, `r301`, `0301`) or of a rule. @throws UsageError where there is none. */
export function explain(wanted: string): Explanation {
  const name = nameOf(wanted.trim());
  const kind = name in catalog ? "error" : "rule";
  const markdown = pageText(kind, name);
  const page = readPage(markdown);
  return {
    ...(kind === "error" ? errorNamed(name, page) : ruleNamed(name)),
    markdown,
    page,
    broken: exampleFiles(page, "broken"),
    mended: exampleFiles(page, "mended"),
  };
}

/** Everything that has a page: the errors by their codes, then the rules in the order of the linter's list. */
export function explainedNames(): readonly ExplainedName[] {
  return [
    ...Object.keys(catalog).map((code) => errorNamed(code, readPage(pageText("error", code)))),
    ...everyRule.map(({ name }) => ruleNamed(name)),
  ];
}

function errorNamed(name: string, { title }: Page): ExplainedName {
  const code = name as keyof typeof catalog;
  const group = errorGroups[name.slice(1, 3)];
  if (group === undefined) throw new RangeError(`${name} belongs to no group`);
  const shown = title.replace(/^R\d{4}:\s*/, "");
  return { name, kind: "error", group, level: catalog[code].severity, title: shown };
}

function ruleNamed(name: string): ExplainedName {
  const rule = everyRule.find((each) => each.name === name);
  if (rule === undefined) throw new RangeError(`there is no rule ${name}`);
  const { group, level, description } = rule;
  return { name, kind: "rule", group, level, title: description };
}

/** What a rule's group is about. */
export function groupDescription(group: string): string | undefined {
  return Object.entries(ruleGroups).find(([name]) => name === group)?.[1];
}

function nameOf(wanted: string): string {
  const digits = /^(?:(?:error|warning)\[)?r?(\d{1,4})\]?$/i.exec(wanted)?.[1];
  const name = digits === undefined ? wanted : `R${digits.padStart(4, "0")}`;
  const rules = everyRule.map((rule) => rule.name as string);
  const known = [...Object.keys(catalog), ...rules];
  const found = known.find((each) => each.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(name, known);
  const all = "`resnetc explain` lists all errors and rules";
  throw new UsageError(
    `there is no page for ${wanted}`,
    near === undefined ? all : `did you mean ${near}? ${all}`,
  );
}
