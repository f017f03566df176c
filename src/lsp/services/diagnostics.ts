/**
 * What is wrong with files, as an editor shows it: every finding in the file that it is in, with the places that have
 * to do with it, and once more at the import or the call that leads there where that is in another file.
 */
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type DiagnosticRelatedInformation,
} from "vscode-languageserver";
import type { Unit } from "../../check/program.js";
import type { Diagnostic as Finding } from "../../diagnostics/diagnostic.js";
import { counted } from "../../diagnostics/numbers.js";
import type { Span } from "../../source/source.js";
import type { ImportDeclaration } from "../../syntax/ast.js";
import type { Locations } from "../project/locations.js";
import { pageAddress } from "../project/pages.js";
import { rangeOf } from "../project/positions.js";
import type { Analysis, Project } from "../project/project.js";

/** How many related places a finding carries. */
const relatedShown = 20;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

const fileStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A finding, and where a program can find its mend again. */
export interface Located {
  readonly finding: Finding;
  readonly analysis: Analysis;
}

/** The findings of open files, of the rules for those that are linted, and of all that they import, by file; files without any have an empty list. */
export function findingsByFile(
  project: Project,
  entries: readonly string[],
  isLinted: (path: string) => boolean = () => true,
): ReadonlyMap<string, readonly Located[]> {
  const files = new Map<string, Map<string, Located>>();
  for (const entry of entries) {
    const analysis = project.analysis(entry);
    for (const path of analysis.paths) if (!files.has(path)) files.set(path, new Map());
    const found = isLinted(entry) ? project.findings(entry) : analysis.result.diagnostics;
    for (const finding of found) {
      const list = files.get(finding.span?.file.path ?? entry);
      const key = keyOf(finding);
      if (list && !list.has(key)) list.set(key, { finding, analysis });
    }
  }
  return new Map([...files].map(([path, found]) => [path, [...found.values()]]));
}

function keyOf({ code, message, span }: Finding): string {
  return `${code} ${span?.start ?? -1}:${span?.end ?? -1} ${message}`;
}

/** Everything that is to be shown of open files and of what they import, by file. */
export function diagnosticsByFile(
  project: Project,
  entries: readonly string[],
  locations: Locations,
  isLinted: (path: string) => boolean = () => true,
): ReadonlyMap<string, readonly Diagnostic[]> {
  const shown = new Map<string, Diagnostic[]>();
  for (const [path, found] of findingsByFile(project, entries, isLinted)) {
    shown.set(
      path,
      found.map((each) => toDiagnostic(each, locations)),
    );
  }
  for (const entry of entries) {
    const list = shown.get(entry);
    list?.push(...elsewhere(project.analysis(entry), locations));
  }
  return shown;
}

/** One finding for an editor: what it says below its first line goes into the message. */
export function toDiagnostic({ finding, analysis }: Located, locations: Locations): Diagnostic {
  return shownFinding(finding, locations, (note) => analysis.trace.callOf(note));
}

/** The same of a finding that no check made, as those of configurations. @param callOf the call that a note speaks of. */
export function shownFinding(
  { code, severity, message, span, label, related, notes, help }: Finding,
  locations: Locations,
  callOf: (note: string) => Span | undefined = () => undefined,
): Diagnostic {
  const called = notes.map((text) => ({ text, span: callOf(text) }));
  const text = [
    message,
    ...(label === undefined ? [] : [label]),
    ...called.filter((note) => note.span === undefined).map((note) => note.text),
    ...(help ? [`help: ${help.text}`] : []),
  ];
  const places = [...related, ...called].flatMap((each) => place(each.text, each.span, locations));
  return {
    range: span ? rangeOf(span) : fileStart,
    severity: severities[severity],
    ...codeOf(code),
    source: "resnetc",
    ...(String(code).startsWith("unused-") && { tags: [DiagnosticTag.Unnecessary] }),
    message: text.join("\n"),
    ...(places.length > 0 && { relatedInformation: places.slice(0, relatedShown) }),
  };
}

/** A code, with the address of its page where it has one. */
function codeOf(code: string): Pick<Diagnostic, "code" | "codeDescription"> {
  const href = pageAddress(code);
  return { code, ...(href !== undefined && { codeDescription: { href } }) };
}

function place(
  message: string,
  span: Span | undefined,
  locations: Locations,
): DiagnosticRelatedInformation[] {
  if (span === undefined) return [];
  return [{ message, location: { uri: locations.uriOf(span.file.path), range: rangeOf(span) } }];
}

/** Findings in other files, at the call or the import of the entry that leads to them. */
function elsewhere(analysis: Analysis, locations: Locations): readonly Diagnostic[] {
  const entry = analysis.result.program?.entry;
  if (entry === undefined) return [];
  const byPlace = new Map<string, { span: Span; findings: Finding[] }>();
  for (const finding of analysis.result.diagnostics) {
    const file = finding.span?.file;
    if (file === undefined || file === entry.file) continue;
    const span = callInside(finding, analysis, entry) ?? importLeadingTo(entry, file.path);
    if (span === undefined) continue;
    const key = `${span.start}:${span.end}`;
    const known = byPlace.get(key);
    if (known) known.findings.push(finding);
    else byPlace.set(key, { span, findings: [finding] });
  }
  return [...byPlace.values()].map(({ span, findings }) => mirrored(span, findings, locations));
}

/** The call of the entry from which a finding in another file comes: the outermost one. */
function callInside({ notes }: Finding, { trace }: Analysis, entry: Unit): Span | undefined {
  const calls = notes.flatMap((note) => trace.callOf(note) ?? []);
  return calls.findLast(({ file }) => file === entry.file);
}

function importLeadingTo(entry: Unit, path: string): Span | undefined {
  const imports = entry.declarations.filter((each) => each.kind === "import");
  const leads = ({ names }: ImportDeclaration): boolean =>
    names.some(({ name, alias }) => {
      const binding = entry.names.get((alias ?? name).text);
      return binding !== undefined && reaches(binding.unit, path, new Set());
    });
  return imports.find(leads)?.from.span;
}

/** Whether a file is `path`, or imports it, directly or not. */
function reaches(unit: Unit, path: string, seen: Set<Unit>): boolean {
  if (unit.file.path === path) return true;
  if (seen.has(unit)) return false;
  seen.add(unit);
  return [...unit.names.values()].some((binding) => reaches(binding.unit, path, seen));
}

function mirrored(span: Span, findings: readonly Finding[], locations: Locations): Diagnostic {
  const [first, ...others] = findings as readonly [Finding, ...Finding[]];
  const more = others.length === 0 ? "" : ` (and ${counted(others.length, "more finding")} there)`;
  const relatedInformation = findings
    .slice(0, relatedShown)
    .flatMap(({ message, span: at }) => place(message, at, locations));
  return {
    range: rangeOf(span),
    severity: severities[first.severity],
    ...codeOf(first.code),
    source: "resnetc",
    message: `${first.message}${more}\nin ${first.span?.file.path ?? ""}`,
    relatedInformation,
  };
}
