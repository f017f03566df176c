/** Lints texts in memory. */
import { check } from "../../src/check/check.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { defaultSettings, lint, type LintSettings } from "../../src/lint/lint.js";
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
