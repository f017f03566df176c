/** `explain` for programs: the page of an error, of a configuration's among them, or of a rule; and the list of all. */
import { nearest } from "../diagnostics/nearest.js";
import { catalog, type Code, type Severity } from "../diagnostics/catalog.js";
import { exampleFiles, readPage, type Page } from "../diagnostics/page.js";
import { pageText, type PageKind } from "../host/page-files.js";
import { configCodes, isConfigCode } from "../lint/config/codes.js";
import { everyRule } from "../lint/registry.js";
import { ruleGroups, type RuleLevel } from "../lint/rule.js";
import { UsageError } from "./errors.js";

/** One thing that has a page. */
export interface ExplainedName {
  /** `R0301`, `config-rule`, or the name of a rule. */
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
  /** The examples' files by path; the spec itself is `spec.resnet`, a configuration `resnet.config.json`. */
  readonly broken: ReadonlyMap<string, string>;
  readonly mended: ReadonlyMap<string, string>;
}

/** The groups of the errors of the compiler, by the digits behind the `R`. */
const codeGroups: Readonly<Record<string, string>> = {
  "00": "files",
  "01": "syntax",
  "02": "names and arguments",
  "03": "shapes",
  "04": "expectations",
  "05": "recipes",
  "06": "limits",
};

const configGroup = "configuration";

/** The groups of the errors, in the order of their lists. */
export const errorGroups: readonly string[] = [...Object.values(codeGroups), configGroup];

const errorNames: readonly string[] = [...Object.keys(catalog), ...configCodes];

/** The page of an error (`R0301`, `r301`, `0301`, `config-rule`) or of a rule. @throws UsageError where there is none. */
export function explain(wanted: string): Explanation {
  // What types promise, a program in JavaScript may not keep.
  if (typeof wanted !== "string") {
    throw new UsageError(
      "what is to be explained is a text: the code of an error, or the name of a rule",
      'such as "R0301" or "missing-expect"',
    );
  }
  const name = nameOf(wanted.trim());
  const kind = errorNames.includes(name) ? "error" : "rule";
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
    ...errorNames.map((code) => errorNamed(code, readPage(pageText("error", code)))),
    ...everyRule.map(({ name }) => ruleNamed(name)),
  ];
}

function errorNamed(name: string, { title }: Page): ExplainedName {
  const group = isConfigCode(name) ? configGroup : codeGroups[name.slice(1, 3)];
  if (group === undefined) throw new RangeError(`${name} belongs to no group`);
  const level = isConfigCode(name) ? "error" : catalog[name as Code].severity;
  return { name, kind: "error", group, level, title: title.replace(`${name}: `, "") };
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
  // As a message has it: `error[R0301]`.
  const bare = /^\w+\[(.*)\]$/.exec(wanted)?.[1] ?? wanted;
  const digits = /^r?(\d{1,4})$/i.exec(bare)?.[1];
  const name = digits === undefined ? bare : `R${digits.padStart(4, "0")}`;
  const rules = everyRule.map((rule) => rule.name as string);
  const known = [...errorNames, ...rules];
  const found = known.find((each) => each.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(name, known);
  const all = "`resnetc explain` lists all errors and rules";
  throw new UsageError(
    `there is no page for ${wanted}`,
    near === undefined ? all : `did you mean ${near}? ${all}`,
  );
}
