/**
 * JUnit's XML, as build servers read it: a suite for each file, a failed case for each error and warning, and one
 * that passes for a file without any.
 */
import type { Diagnostic } from "../diagnostic.js";
import { wholeText, type FoundFile } from "./found-file.js";

/** The whole document. */
export function junit(files: readonly FoundFile[]): string {
  const suites = files.map(({ file, diagnostics }) => {
    const cases =
      diagnostics.length === 0
        ? [`    <testcase name="lint"${attribute("classname", file)} />\n`]
        : diagnostics.map((each) => testCase(file, each));
    const counts = `tests="${cases.length}" failures="${failuresOf(diagnostics)}" errors="0"`;
    return `  <testsuite${attribute("name", file)} ${counts}>\n${cases.join("")}  </testsuite>\n`;
  });
  const all = files.flatMap(({ diagnostics }) => diagnostics);
  const tests = files.reduce((sum, each) => sum + Math.max(1, each.diagnostics.length), 0);
  const counts = `tests="${tests}" failures="${failuresOf(all)}" errors="0"`;
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return `${head}<testsuites name="resnetc lint" ${counts}>\n${suites.join("")}</testsuites>\n`;
}

function failuresOf(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity !== "info").length;
}

function testCase(file: string, diagnostic: Diagnostic): string {
  const { code, severity, message, span } = diagnostic;
  const { line, column } = span?.file.position(span.start) ?? { line: 1, column: 1 };
  // What is in error may be in a file that this one imports.
  const path = span?.file.path ?? file;
  const at = `${line}:${column}`;
  const where = path === file ? at : `${path}:${at}`;
  const name = `${attribute("name", `${code} at ${where}`)}${attribute("classname", file)}`;
  const text = escape([`${path}:${at}`, ...wholeText(diagnostic)].join("\n"));
  const inner =
    severity === "info"
      ? `<system-out>${text}</system-out>`
      : `<failure${attribute("message", message)}${attribute("type", severity)}>${text}</failure>`;
  return `    <testcase${name}>\n      ${inner}\n    </testcase>\n`;
}

function attribute(name: string, value: string): string {
  // A parser would read a line's end in an attribute as a blank.
  return ` ${name}="${escape(value).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`;
}

/** Text as XML 1.0 takes it: control characters, which no document may hold, are their pictures. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) =>
      String.fromCodePoint(0x2400 + control.charCodeAt(0)),
    )
    .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
