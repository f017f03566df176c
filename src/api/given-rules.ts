/** Levels and options of rules as a program gives them, held to what a configuration is held to. */
import { givenPaths } from "../host/node-host.js";
import { withRule, type WrittenRule } from "../lint/config/config.js";
import type { RuleSetting } from "../lint/lint.js";
import { SourceFile } from "../source/source.js";
import { UsageError } from "./errors.js";
import { isRecord, written } from "./written-value.js";

/** What a rule is set to: `{ level, options }`, or as a configuration writes it, `"off"` or `{ severity, options }`. */
export type GivenRule = RuleSetting | WrittenRule;

/**
 * The settings of some rules.
 *
 * @throws UsageError for a rule, a level or an option that there is not, with what there is.
 */
export async function ruleSettings(given: unknown): Promise<Readonly<Record<string, RuleSetting>>> {
  if (!isRecord(given)) {
    throw new UsageError(
      `\`rules\` are settings by the names of rules, not ${written(given)}`,
      'give an object, such as `{ "channel-multiple": { level: "error" } }`',
    );
  }
  const settings: Record<string, RuleSetting> = {};
  for (const [name, rule] of Object.entries(given)) {
    if (rule !== undefined) settings[name] = withRule({}, await checked(name, asWritten(rule)));
  }
  return settings;
}

/** A setting as a configuration writes it, where it is one at all. */
function asWritten(rule: unknown): unknown {
  if (!isRecord(rule) || !("level" in rule) || "severity" in rule) return rule;
  const { level: severity, ...others } = rule;
  return { severity, ...others };
}

async function checked(name: string, rule: unknown): Promise<WrittenRule> {
  const { readConfig } = await import("../lint/config/validation.js");
  const text = JSON.stringify({ rules: { [name]: rule } }, inWords);
  const { config, diagnostics } = readConfig(new SourceFile(givenPaths.options, text));
  const [fault] = diagnostics;
  if (fault !== undefined) {
    const where = fault.code === "config-rule" ? "" : `in the rule ${name}, `;
    throw new UsageError(`${where}${fault.message}`, fault.help?.text);
  }
  const own = config?.rules?.[name];
  if (own === undefined) throw new RangeError(`the rule ${name} was checked and not read`);
  return own;
}

/** What JSON has no words for is a text, which no option is: it would be left out, and so go by in silence. */
function inWords(_key: string, value: unknown): unknown {
  const isData =
    Array.isArray(value) || isRecord(value) || value === null || Number.isFinite(value);
  if (isData || ["string", "boolean", "undefined"].includes(typeof value)) return value;
  return written(value);
}
