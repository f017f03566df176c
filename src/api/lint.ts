/** `lint` for programs: what rules find in the specs of a project, file by file. */
import { check } from "../check/check.js";
import type { SourceHost } from "../check/host.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { lintedFiles } from "../host/linted-files.js";
import { NodeHost } from "../host/node-host.js";
import { defaultSettings, lint, type LintSettings, type RuleSetting } from "../lint/lint.js";

export interface LintOptions {
  /** Levels and options of rules, over what configurations say. */
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** Where files come from; the file system where left out. */
  readonly host?: SourceHost;
}

export interface LintedFile {
  /** As messages name it. */
  readonly file: string;
  /** What the check and the rules found, in order. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LintReport {
  readonly files: readonly LintedFile[];
  readonly errors: number;
  readonly warnings: number;
}

/**
 * Lints files, folders and patterns.
 *
 * @param patterns what to lint; the working folder where there is none.
 */
export async function lintSpecs(
  patterns: readonly string[] = [],
  options: LintOptions = {},
): Promise<LintReport> {
  const { host = new NodeHost(), rules = {} } = options;
  const paths = await lintedFiles(patterns);
  const settings: LintSettings = { ...defaultSettings, rules };
  const told = new Set<string>();
  const files = paths.map((path): LintedFile => {
    const found = lint(check(path, host), settings);
    // An error in a file that several import is told once.
    const diagnostics = found.filter((each) => {
      const key = placeOf(each);
      const isNew = !told.has(key);
      told.add(key);
      return isNew;
    });
    return { file: path, diagnostics };
  });
  return { files, ...countsOf(files) };
}

function placeOf({ code, message, span }: Diagnostic): string {
  const at = span ? `${span.file.path}:${span.start}:${span.end}` : "";
  return `${code} ${at} ${message}`;
}

function countsOf(files: readonly LintedFile[]): { errors: number; warnings: number } {
  const all = files.flatMap(({ diagnostics }) => diagnostics);
  const count = (kind: string): number => all.filter(({ severity }) => severity === kind).length;
  return { errors: count("error"), warnings: count("warning") };
}
