/**
 * Annotations of a pull request, as GitHub Actions reads them from a log: `::error file=…,line=…::message`, with
 * percent escapes for what would end a property or a line (actions/toolkit, core/src/command.ts).
 */
import type { Severity } from "../catalog.js";
import type { Diagnostic } from "../diagnostic.js";
import { wholeText, type FoundFile, type ReportedPath } from "./found-file.js";

const commands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** The commands, one a line. @param reported a path as GitHub knows the file: from the root of the repository. */
export function github(
  files: readonly FoundFile[],
  reported: ReportedPath = (path) => path,
): string {
  return files
    .flatMap(({ file, diagnostics }) => diagnostics.map((each) => annotation(file, each, reported)))
    .join("");
}

function annotation(file: string, diagnostic: Diagnostic, reported: ReportedPath): string {
  const { code, severity, span } = diagnostic;
  const properties: (readonly [string, string | number])[] = [
    ["file", reported(span?.file.path ?? file).replaceAll("\\", "/")],
  ];
  if (span) {
    const start = span.file.position(span.start);
    const end = span.file.position(Math.max(span.end, span.start));
    properties.push(["line", start.line], ["endLine", end.line]);
    // Columns of several lines mean nothing to GitHub.
    if (start.line === end.line) properties.push(["col", start.column], ["endColumn", end.column]);
  }
  properties.push(["title", code]);
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const text = wholeText(diagnostic).join("\n");
  return `::${commands[severity]} ${list.join(",")}::${escapeData(text)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
