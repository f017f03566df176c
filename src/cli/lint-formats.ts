/** What `resnetc lint` writes, by the name of the format. */
import { pathToFileURL } from "node:url";
import type { LintReport } from "../api/lint.js";
import { catalog, type Code } from "../diagnostics/catalog.js";
import { compact } from "../diagnostics/formats/compact.js";
import type { CodeFacts, FoundFile, ReportedPath } from "../diagnostics/formats/found-file.js";
import { github } from "../diagnostics/formats/github.js";
import { junit } from "../diagnostics/formats/junit.js";
import { sarif, type SarifRoot } from "../diagnostics/formats/sarif.js";
import { diagnosticsToJson, suppressedToJson } from "../diagnostics/json.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { gitRoot, githubRoot, pathFrom } from "../host/source-root.js";
import { packageVersion } from "../host/version.js";
import { isConfigCode } from "../lint/config/codes.js";
import { configName } from "../lint/config/config.js";
import { severities } from "../lint/lint.js";
import { everyRule } from "../lint/registry.js";

const lintFormats = ["pretty", "compact", "json", "sarif", "github", "junit"] as const;

export type LintFormat = (typeof lintFormats)[number];

export interface FormatOptions {
  readonly color: boolean;
  readonly width: number;
  /** Whether nothing fails, too many warnings among it. */
  readonly isFine: boolean;
}

/** The findings in a format, with the end of the last line. */
export function formatted(
  report: LintReport,
  format: LintFormat,
  { color, width, isFine }: FormatOptions,
): string {
  const { files } = report;
  switch (format) {
    case "pretty": {
      const all = files.flatMap(({ diagnostics }) => diagnostics);
      return all.length === 0 ? "" : `${renderDiagnostics(all, { color, width })}\n`;
    }
    case "compact":
      return compact(files);
    case "json":
      return `${JSON.stringify(answer(report, isFine), undefined, 2)}\n`;
    case "sarif": {
      const tool = { version: packageVersion(), codes: codesOf(report), root: sarifRoot() };
      return `${JSON.stringify(sarif(files, tool), undefined, 2)}\n`;
    }
    case "github":
      return annotations(files);
    case "junit":
      return junit(files);
  }
}

/** GitHub's annotations, whose files are named from the root of its workspace, wherever in it the command runs. */
function annotations(files: readonly FoundFile[]): string {
  const here = process.cwd();
  return github(files, reportedFrom(githubRoot(here) ?? here));
}

/** The root of the repository, of which code scanning knows the files; the working folder outside of any. */
function sarifRoot(): SarifRoot {
  const here = process.cwd();
  const root = githubRoot(here) ?? gitRoot(here) ?? here;
  const { href } = pathToFileURL(root);
  return { uri: href.endsWith("/") ? href : `${href}/`, reported: reportedFrom(root) };
}

function reportedFrom(root: string): ReportedPath {
  return (path) => pathFrom(root, path);
}

/** A report as data. @param ok whether nothing fails. */
export function answer({ files, errors, warnings }: LintReport, ok: boolean): object {
  return {
    ok,
    errors,
    warnings,
    files: files.map(({ file, diagnostics, suppressed }) => ({
      file,
      diagnostics: diagnosticsToJson(diagnostics),
      suppressed: suppressedToJson(suppressed),
    })),
  };
}

/** Every rule, and the codes of the errors that were found. */
function codesOf({ files }: LintReport): readonly CodeFacts[] {
  const rules = everyRule.map(({ name, description, level, group }) => ({
    code: name,
    description,
    group,
    ...(level !== "off" && { severity: severities[level] }),
  }));
  const found = new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
  const codes = [...found]
    .filter((code): code is Code => Object.hasOwn(catalog, code))
    .sort()
    .map((code) => ({
      code,
      description: catalog[code].message,
      severity: catalog[code].severity,
    }));
  const ofConfig = [...found].filter(isConfigCode).map((code) => ({
    code,
    description: `What can be wrong with a ${configName}: \`resnetc explain ${code}\``,
    severity: "error" as const,
  }));
  return [...codes, ...ofConfig, ...rules];
}
