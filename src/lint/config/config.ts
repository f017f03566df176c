/** What a resnet.config.json says, as it is written and as it comes to for one file. */
import type { LintSettings, RuleSetting } from "../lint.js";
import { ruleLevels, type RuleLevel } from "../rule.js";
import type { DataSetFacts } from "../subject.js";

export const configName = "resnet.config.json";

/** A level alone, or a level, options or both. */
export type WrittenRule =
  | RuleLevel
  | { readonly severity?: RuleLevel; readonly options?: Readonly<Record<string, unknown>> };

/** What holds for all files, or by an override for some. */
export interface ConfigPart {
  readonly engines?: readonly string[];
  readonly datasets?: Readonly<Record<string, DataSetFacts>>;
  readonly rules?: Readonly<Record<string, WrittenRule>>;
}

export interface WrittenConfig extends ConfigPart {
  readonly $schema?: string;
  readonly extends?: string | readonly string[];
  /** Patterns of files that are not linted when a folder or a pattern stands for them. */
  readonly ignore?: readonly string[];
  readonly overrides?: readonly (ConfigPart & { readonly files: string | readonly string[] })[];
}

/** Whether a file, by its path from the project's folder, is one of a pattern's. */
export type MatchesPattern = (path: string, pattern: string) => boolean;

/** The configurations that hold together: those that are extended first, the project's own last. */
export type ConfigLayers = readonly WrittenConfig[];

/** What some configurations come to for one file. @param path from the project's folder, with slashes. */
export function settingsFor(
  layers: ConfigLayers,
  path: string,
  matches: MatchesPattern,
): LintSettings {
  const parts = layers.flatMap((layer): readonly ConfigPart[] => {
    const overrides = (layer.overrides ?? []).filter(({ files }) =>
      listOf(files).some((pattern) => matches(path, pattern)),
    );
    return [layer, ...overrides];
  });
  return parts.reduce(withPart, { rules: {}, project: { engines: [], datasets: {} } });
}

/** Whether a file is left out where a folder or a pattern stands for it. */
export function isIgnored(layers: ConfigLayers, path: string, matches: MatchesPattern): boolean {
  return layers.some(({ ignore = [] }) => ignore.some((pattern) => matches(path, pattern)));
}

function withPart({ rules, project }: LintSettings, part: ConfigPart): LintSettings {
  const changed = { ...rules };
  for (const [name, written] of Object.entries(part.rules ?? {})) {
    changed[name] = withRule(changed[name] ?? {}, written);
  }
  return {
    rules: changed,
    project: {
      engines: part.engines ?? project.engines,
      datasets: { ...project.datasets, ...part.datasets },
    },
  };
}

/** A rule's setting with what is written over it. */
export function withRule(before: RuleSetting, written: WrittenRule): RuleSetting {
  if (typeof written === "string") return { ...before, level: written };
  const { severity, options } = written;
  return {
    ...before,
    ...(severity && { level: severity }),
    ...(options && { options: { ...before.options, ...options } }),
  };
}

/** One text or several, as a list. */
export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

export function isRuleLevel(text: string): text is RuleLevel {
  return (ruleLevels as readonly string[]).includes(text);
}
