/** Lints texts in memory. */
import { check } from "../../src/check/check.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { defaultSettings, lint, type LintSettings, type RuleSetting } from "../../src/lint/lint.js";
import { rules } from "../../src/lint/registry.js";
import { MemoryHost } from "../check/memory-host.js";

/** What is found in one text, as `spec.resnet`, beside other files that it may import. */
export function lintText(
  text: string,
  settings: Partial<LintSettings> = {},
  others: Readonly<Record<string, string>> = {},
): readonly Diagnostic[] {
  const host = new MemoryHost({ ...others, "spec.resnet": text });
  return lint(check("spec.resnet", host), { ...defaultSettings, ...settings });
}

/** Settings in which only these rules are on, beside those about suppressions: others may come. */
export function justRules(...names: readonly string[]): Readonly<Record<string, RuleSetting>> {
  const others = rules.filter(({ name }) => !names.includes(name));
  return Object.fromEntries(others.map(({ name }) => [name, { level: "off" as const }]));
}
