/** `lint` for programs: what rules find in the specs of a project, file by file, and mending it. */
import { resolve } from "node:path";
import { check } from "../check/check.js";
import type { SourceHost } from "../check/host.js";
import { KeptFiles } from "../check/kept-files.js";
import { OverlayHost } from "../check/overlay-host.js";
import type { Diagnostic, SuppressedFinding } from "../diagnostics/diagnostic.js";
import { mend, type Mend } from "../diagnostics/mending.js";
import { lintedFiles, type MeantFile } from "../host/linted-files.js";
import { NodeHost } from "../host/node-host.js";
import { partsOf } from "../host/spec-files.js";
import { ProjectConfigs } from "../host/project-config.js";
import {
  defaultSettings,
  lint,
  lintWhole,
  type LintSettings,
  type RuleSetting,
} from "../lint/lint.js";
import { noneMeant, refusePatterns, requireTexts, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { byPlace, changedTexts, placed, type FixReport } from "./fix.js";
import { ruleSettings, type GivenRule } from "./given-rules.js";
import { LintCache } from "./lint-cache.js";

export interface LintOptions {
  /** Levels and options of rules, over what configurations say. A rule that is undefined is left as it is. */
  readonly rules?: Readonly<Record<string, GivenRule | undefined>> | undefined;
  /** The configuration for every file, or false for none; each file's own where left out. */
  readonly config?: string | false | undefined;
  /** The folder in which findings are kept for the next run; none where left out. */
  readonly cache?: string | undefined;
  /** Where files come from; the file system where left out. */
  readonly host?: SourceHost | undefined;
  /** Whether every path is a file of the host, and none a folder or a pattern. */
  readonly files?: boolean | undefined;
  /** Whether what configurations ignore is left out also where it is named by its own path; there may be nothing left. */
  readonly forceIgnore?: boolean | undefined;
}

const lintOptions: OptionTable<LintOptions> = {
  rules: "open",
  config: "configuration",
  cache: "text",
  host: "open",
  files: "flag",
  forceIgnore: "flag",
};

export interface LintedFile {
  /** As messages name it. */
  readonly file: string;
  /** What the check and the rules found, in order. */
  readonly diagnostics: readonly Diagnostic[];
  /** What comments take back, in order. It counts for nothing. */
  readonly suppressed: readonly SuppressedFinding[];
}

export interface LintReport {
  readonly files: readonly LintedFile[];
  readonly errors: number;
  readonly warnings: number;
  /** How many of the files had not changed since an earlier run. */
  readonly cached: number;
  /** Why what was found could not be kept for the next run. */
  readonly cacheFault?: string;
}

/** What mending does, and what is found afterwards. */
export interface LintFixReport extends Pick<FixReport, "files" | "mends" | "unsafe" | "refused"> {
  readonly report: LintReport;
}

/**
 * Lints files, folders and patterns.
 *
 * @param patterns what to lint; the working folder where there is none.
 * @throws UsageError where there is no spec to lint.
 * @throws ConfigError where a configuration is in error.
 */
export async function lintSpecs(
  patterns: readonly string[] = [],
  options: LintOptions = {},
): Promise<LintReport> {
  checkOptions("lint", options, lintOptions);
  const { host = new NodeHost(), cache: folder } = options;
  const meant = await filesMeant(patterns, options);
  const kept = new KeptFiles(host);
  const cache = folder === undefined ? undefined : new LintCache(folder);
  let cached = 0;
  const files = meant.map(({ path, settings }): LintedFile => {
    const known = cache?.find(path, settings, kept);
    if (known) {
      cached++;
      return { file: path, ...known };
    }
    const recording = kept.recording();
    const found = lintWhole(check(path, recording, { parse: kept.parse }), settings);
    cache?.keep(path, settings, recording.reads, found);
    return { file: path, ...found };
  });
  return { ...reportOf(files, cached), ...(await written(cache)) };
}

/**
 * What mending makes of files, folders and patterns; nothing is written. Only what is linted is changed.
 *
 * @throws UsageError, ConfigError likewise.
 */
export async function fixLint(
  patterns: readonly string[],
  given: LintOptions & { readonly unsafe?: boolean } = {},
): Promise<LintFixReport> {
  checkOptions("fixLint", given, { ...lintOptions, unsafe: "flag" });
  const { unsafe = false, ...options } = given;
  // Read once: what is written must be what was mended, and not what has come to the disk since.
  const host = new KeptFiles(options.host ?? new NodeHost()).recording();
  const meant = await filesMeant(patterns, options);
  const linted = new Set(meant.map(({ path }) => resolve(path)));
  let texts: ReadonlyMap<string, string> = new Map();
  const mends: Mend[] = [];
  const left = { unsafe: 0, refused: 0 };
  for (const { path, settings } of meant) {
    const before = texts;
    const find = (changed: ReadonlyMap<string, string>): readonly Diagnostic[] =>
      lint(check(path, new OverlayHost(host, new Map([...before, ...changed]))), settings);
    const mended = mend(find, { unsafe, mayChange: (file) => linted.has(resolve(file)) });
    texts = new Map([...texts, ...mended.texts]);
    mends.push(...mended.mends);
    left.unsafe += mended.unsafe;
    left.refused += mended.refused;
  }
  const after = new KeptFiles(new OverlayHost(host, texts));
  const files = meant.map(({ path, settings }) => ({
    file: path,
    ...lintWhole(check(path, after.recording(), { parse: after.parse }), settings),
  }));
  return {
    files: changedTexts(texts, host),
    mends: mends.map((each) => placed(each, texts)).sort(byPlace),
    ...left,
    report: reportOf(files, 0),
  };
}

interface LintedPath {
  readonly path: string;
  readonly settings: LintSettings;
}

/** The files to lint, each with its settings. */
async function filesMeant(
  patterns: readonly string[],
  { config, rules: given = {}, files = false, forceIgnore = false }: LintOptions,
): Promise<readonly LintedPath[]> {
  requireTexts("specs", patterns);
  const rules = await ruleSettings(given);
  const configs = config === false ? undefined : new ProjectConfigs(config);
  const meant: LintedPath[] = [];
  let ignored = 0;
  const merged = new Map<string, LintSettings>();
  const named = (path: string): MeantFile => ({ path, named: true });
  for (const file of files ? patterns.map(named) : await lintedFiles(patterns)) {
    if (!files) refusePatterns([file.path]);
    refuseNetwork(file);
    const mayBeLeftOut = forceIgnore || !file.named;
    if (mayBeLeftOut && (await configs?.ignores(file.path))) {
      ignored++;
      continue;
    }
    const settings = withRules((await configs?.settings(file.path)) ?? defaultSettings, rules);
    const key = JSON.stringify(settings);
    const known = merged.get(key) ?? settings;
    merged.set(key, known);
    meant.push({ path: file.path, settings: known });
  }
  if (meant.length > 0 || (forceIgnore && ignored > 0)) return meant;
  const help = "specs end in .resnet; `ignore` of resnet.config.json leaves some out";
  throw noneMeant("spec to lint", patterns, help);
}

function refuseNetwork({ path }: MeantFile): void {
  const { file, network } = partsOf(path);
  if (network === undefined) return;
  throw new UsageError(`lint takes whole files, and no single network`, `write ${file}`);
}

function withRules(
  settings: LintSettings,
  rules: Readonly<Record<string, RuleSetting>>,
): LintSettings {
  const changed = { ...settings.rules };
  for (const [name, setting] of Object.entries(rules)) {
    changed[name] = { ...changed[name], ...setting };
  }
  return { ...settings, rules: changed };
}

function reportOf(files: readonly LintedFile[], cached: number): LintReport {
  const told = new Set<string>();
  // An error in a file that several import is told once.
  const once = files.map(({ file, diagnostics, suppressed }) => ({
    file,
    suppressed,
    diagnostics: diagnostics.filter((each) => {
      const key = placeOf(each);
      const isNew = !told.has(key);
      told.add(key);
      return isNew;
    }),
  }));
  const all = once.flatMap(({ diagnostics }) => diagnostics);
  const count = (kind: string): number => all.filter(({ severity }) => severity === kind).length;
  return { files: once, errors: count("error"), warnings: count("warning"), cached };
}

function placeOf({ code, message, span }: Diagnostic): string {
  const at = span ? `${span.file.path}:${span.start}:${span.end}` : "";
  return `${code} ${at} ${message}`;
}

/** Writes the cache; a disk that refuses it takes nothing from what was found. */
async function written(cache: LintCache | undefined): Promise<Pick<LintReport, "cacheFault">> {
  try {
    await cache?.write();
    return {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { cacheFault: (error as Error).message };
  }
}
