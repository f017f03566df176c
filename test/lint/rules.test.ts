/**
 * Every rule has a page that tells the truth: its broken example checks and has a finding of the rule, its mended
 * one has none, and the edits that the finding offers mend the broken one.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { settingsFor } from "../../src/lint/config/config.js";
import { readConfig } from "../../src/lint/config/validation.js";
import { defaultSettings, type LintSettings } from "../../src/lint/lint.js";
import { everyRule } from "../../src/lint/registry.js";
import type { RuleFacts } from "../../src/lint/rule.js";
import { SourceFile } from "../../src/source/source.js";
import { applyEdits, render } from "../check/memory-host.js";
import { lintText } from "./lint-text.js";

const folder = new URL("../../docs/rules/", import.meta.url);

interface RulePage {
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly broken: string;
  readonly mended: string;
  /** What the project is, where the page says that by a configuration. */
  readonly settings: LintSettings;
}

function pageOf(name: string): RulePage {
  const text = readFileSync(new URL(`${name}.md`, folder), "utf8");
  const example = (kind: string): string =>
    new RegExp("^```resnet " + kind + "\\n(.*?)^```$", "ms").exec(text)?.[1] ?? "";
  return {
    title: /^# (.*)$/m.exec(text)?.[1],
    summary: text.split("\n\n")[1]?.replaceAll("\n", " "),
    broken: example("broken"),
    mended: example("mended"),
    settings: settingsOf(/^```jsonc\n(.*?)^```$/ms.exec(text)?.[1]),
  };
}

function settingsOf(text: string | undefined): LintSettings {
  if (text === undefined) return defaultSettings;
  const { config, diagnostics } = readConfig(new SourceFile("resnet.config.json", text));
  expect(render(diagnostics)).toBe("");
  return settingsFor(config ? [config] : [], "spec.resnet", () => true);
}

/** What a rule finds, whatever its level is by default. */
function found(
  { name, level }: RuleFacts,
  text: string,
  { rules, project }: LintSettings,
): readonly Diagnostic[] {
  const own = { level: level === "off" ? ("warn" as const) : level, ...rules[name] };
  const all = lintText(text, { rules: { ...rules, [name]: own }, project });
  const broken = all.filter(({ code }) => /^R\d{4}$/.test(code));
  expect(render(broken)).toBe("");
  return all.filter(({ code }) => code === name);
}

describe.each(everyRule.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  it("has a name with a hyphen, a description, and messages as lines without a full stop", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(rule.description).toMatch(/^[A-Z].*[^.]$/);
    for (const message of Object.values(rule.messages)) expect(message).toMatch(/^\S.*[^.]$/);
  });

  it("has a page, titled by its name, that begins with its description", () => {
    expect(existsSync(new URL(`${name}.md`, folder))).toBe(true);
    const { title, summary } = pageOf(name);
    expect(title).toBe(name);
    expect(summary).toBe(`${rule.description}.`);
  });

  it("finds something in the page's broken example, and nothing in the mended one", () => {
    const { broken, mended, settings } = pageOf(name);
    expect(found(rule, broken, settings)).not.toEqual([]);
    expect(render(found(rule, mended, settings))).toBe("");
  });

  it("mends the broken example by its own edits, where it offers some", () => {
    const { broken, settings } = pageOf(name);
    const findings = found(rule, broken, settings);
    const edits = findings.flatMap(({ help }) => help?.edits ?? []);
    const unique = new Map(edits.map((edit) => [`${edit.span.start}:${edit.span.end}`, edit]));
    const after = found(rule, applyEdits(broken, [...unique.values()]), settings);
    const left = findings.filter(({ help }) => help?.edits === undefined);
    expect(after.length).toBeLessThanOrEqual(left.length);
  });
});

it("has no page of a rule that is not there", () => {
  const names = everyRule.map(({ name }) => `${name}.md`);
  expect(readdirSync(folder).filter((page) => !names.includes(page as `${string}-`))).toEqual([]);
});
