/** `resnetc lint --list-rules`: every rule with its level in the working folder, by what it is about. */
import { join } from "node:path";
import { wrap } from "../diagnostics/display-width.js";
import { ProjectConfigs } from "../host/project-config.js";
import { defaultSettings, levelOf, type RuleSetting } from "../lint/lint.js";
import { everyRule } from "../lint/registry.js";
import { ruleGroups, type RuleFacts, type RuleGroup, type RuleLevel } from "../lint/rule.js";
import type { LintFlags } from "./lint-command.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

/** @param rules levels over what the configuration says. @returns the exit status. */
export async function printRules(
  { config, format }: LintFlags,
  rules: Readonly<Record<string, RuleSetting>>,
  terminal: Terminal,
): Promise<number> {
  const { out } = terminal;
  // Any file of the folder: what overrides say of some is not shown.
  const settings =
    config === false
      ? defaultSettings
      : await new ProjectConfigs(config).settings(join(process.cwd(), "spec.resnet"));
  const levels = new Map(
    everyRule.map((rule) => [rule.name, rules[rule.name]?.level ?? levelOf(rule, settings)]),
  );
  if (format === "json") out(`${JSON.stringify(asData(levels), undefined, 2)}\n`);
  else printGroups(levels, terminal);
  return status.fine;
}

function asData(levels: ReadonlyMap<string, RuleLevel>): readonly object[] {
  return everyRule.map(({ name, group, level, description, options }) => ({
    name,
    group,
    level: levels.get(name),
    default: level,
    description,
    options,
  }));
}

function printGroups(levels: ReadonlyMap<string, RuleLevel>, terminal: Terminal): void {
  const { out, outColor, width } = terminal;
  const { bold, dim } = colorsFor(outColor);
  const names = Math.max(...everyRule.map(({ name }) => name.length));
  const [nameColumn, levelColumn] = [names + 4, 7];
  for (const group of Object.keys(ruleGroups) as RuleGroup[]) {
    const own = everyRule.filter((rule) => rule.group === group);
    if (own.length === 0) continue;
    out(`${bold(group)} ${dim(`(${ruleGroups[group]})`)}\n`);
    for (const rule of own) {
      const level = levels.get(rule.name) ?? rule.level;
      const room = Math.max(30, width - nameColumn - levelColumn);
      const [first = "", ...rest] = wrap(described(rule), room);
      out(`  ${rule.name.padEnd(nameColumn - 2)}${level.padEnd(levelColumn)}${first}\n`);
      for (const line of rest) out(`${" ".repeat(nameColumn + levelColumn)}${line}\n`);
    }
    out("\n");
  }
  out("`resnetc explain NAME` shows a rule's page; docs/lint.md says how to set them.\n");
}

function described({ description, options }: RuleFacts): string {
  const names = Object.entries(options).map(
    ([name, { default: value }]) =>
      `${name}: ${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}`,
  );
  return names.length === 0 ? description : `${description} (${names.join(", ")})`;
}
