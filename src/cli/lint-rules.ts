/** `resnetc lint --list-rules`: every rule with its level in a place, by what it is about. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../api/errors.js";
import { wrap } from "../diagnostics/display-width.js";
import { isFolder } from "../host/folders.js";
import { ProjectConfigs } from "../host/project-config.js";
import { defaultSettings, levelOf, type RuleSetting } from "../lint/lint.js";
import { everyRule } from "../lint/registry.js";
import { ruleGroups, type RuleFacts, type RuleGroup, type RuleLevel } from "../lint/rule.js";
import type { LintFlags } from "./lint-command.js";
import { colorsFor, type Terminal } from "./terminal.js";

/**
 * The list as text, or as JSON where that is asked for.
 *
 * @param patterns the one file or folder whose levels are meant; the working folder where there is none.
 * @param rules levels over what the configuration says.
 * @throws UsageError for options that a list has no use for. @throws ConfigError for a wrong configuration.
 */
export async function ruleList(
  patterns: readonly string[],
  flags: LintFlags,
  rules: Readonly<Record<string, RuleSetting>>,
  { outColor, width }: Terminal,
): Promise<string> {
  refuseOthers(flags);
  const { config, format, output } = flags;
  const file = fileMeant(patterns, flags);
  const settings =
    config === false ? defaultSettings : await new ProjectConfigs(config).settings(file);
  const levels = new Map(
    everyRule.map((rule) => [rule.name, rules[rule.name]?.level ?? levelOf(rule, settings)]),
  );
  if (format === "json") return `${JSON.stringify(asData(levels), undefined, 2)}\n`;
  return asText(levels, { width, outColor: outColor && output === undefined });
}

function refuseOthers({ format, fix, unsafe, dryRun }: LintFlags): void {
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(
      `rules cannot be listed as ${format}, which is for findings`,
      "`--list-rules` writes a text, or data with `--json`",
    );
  }
  const mend = fix ? "--fix" : unsafe ? "--unsafe" : dryRun ? "--dry-run" : undefined;
  if (mend === undefined) return;
  throw new UsageError(
    `--list-rules looks at no spec, so that ${mend} mends nothing`,
    "leave one out",
  );
}

/** The file whose levels are listed; any file of a folder, so that what overrides say of some is not shown. */
function fileMeant(patterns: readonly string[], { stdinFilepath }: LintFlags): string {
  const [place = stdinFilepath ?? ".", second] = patterns.filter((pattern) => pattern !== "-");
  if (second !== undefined) {
    throw new UsageError(
      "--list-rules is for one file or folder: levels may differ between them",
      `write \`resnetc lint --list-rules ${place}\``,
    );
  }
  if (isFolder(place)) return join(resolve(place), "spec.resnet");
  if (place === stdinFilepath || existsSync(place)) return resolve(place);
  throw new UsageError(
    `there is no file or folder ${place}`,
    "--list-rules takes one, to show the levels of rules there",
  );
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

function asText(
  levels: ReadonlyMap<string, RuleLevel>,
  { outColor, width }: Pick<Terminal, "outColor" | "width">,
): string {
  let text = "";
  const { bold, dim } = colorsFor(outColor);
  const names = Math.max(...everyRule.map(({ name }) => name.length));
  const [nameColumn, levelColumn] = [names + 4, 7];
  for (const group of Object.keys(ruleGroups) as RuleGroup[]) {
    const own = everyRule.filter((rule) => rule.group === group);
    if (own.length === 0) continue;
    text += `${bold(group)} ${dim(`(${ruleGroups[group]})`)}\n`;
    for (const rule of own) {
      const level = levels.get(rule.name) ?? rule.level;
      const room = Math.max(30, width - nameColumn - levelColumn);
      const [first = "", ...rest] = wrap(described(rule), room);
      text += `  ${rule.name.padEnd(nameColumn - 2)}${level.padEnd(levelColumn)}${first}\n`;
      for (const line of rest) text += `${" ".repeat(nameColumn + levelColumn)}${line}\n`;
    }
    text += "\n";
  }
  return `${text}\`resnetc explain NAME\` shows a rule's page; docs/lint.md says how to set them.\n`;
}

function described({ description, options }: RuleFacts): string {
  const names = Object.entries(options).map(
    ([name, { default: value }]) =>
      `${name}: ${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}`,
  );
  return names.length === 0 ? description : `${description} (${names.join(", ")})`;
}
