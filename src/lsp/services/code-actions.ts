/** The changes that mend what is found: one by one, all that are safe at once, and what suppresses a finding of a rule. */
import { CodeActionKind, type Diagnostic } from "vscode-languageserver";
import { check } from "../../check/check.js";
import { OverlayHost } from "../../check/overlay-host.js";
import type { Diagnostic as Finding, Edit, Help } from "../../diagnostics/diagnostic.js";
import { changeOf, type Texts } from "../../diagnostics/edits.js";
import { mend } from "../../diagnostics/mending.js";
import { lint } from "../../lint/lint.js";
import { everyRule } from "../../lint/registry.js";
import type { Span } from "../../source/source.js";
import type { Locations } from "../project/locations.js";
import type { Project } from "../project/project.js";
import { importable, importEdit } from "./completion/imports.js";
import { spanOf } from "../project/positions.js";
import { findingsByFile, toDiagnostic, type Located } from "./diagnostics.js";

/** Of the action that mends all: the editor's kind for that, and our own name, by which it can be asked for alone. */
export const fixAllKind: CodeActionKind = `${CodeActionKind.SourceFixAll}.resnetc`;

/** How long a title may be. */
const titleLength = 120;

export interface Action {
  readonly title: string;
  readonly kind: CodeActionKind;
  readonly edits: readonly Edit[];
  /** What it mends. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it is the one that an editor makes when asked to mend without a choice. */
  readonly preferred: boolean;
}

export interface ActionRequest {
  readonly path: string;
  readonly span: Span;
  /** The kinds that are asked for; all where left out. */
  readonly only?: readonly string[];
  readonly standard: readonly string[];
  /** Whether a file may be changed. */
  readonly isOurs: (path: string) => boolean;
}

/** The actions for a part of a document. */
export function codeActions(
  project: Project,
  locations: Locations,
  request: ActionRequest,
): readonly Action[] {
  const { only, isOurs } = request;
  const wanted = (kind: string): boolean =>
    only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
  const actions: Action[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    for (const located of touched(project, request)) {
      actions.push(...quickFixes(project, locations, located, request));
    }
  }
  // An editor asks for it by name; among the mends of one place it would be in the way.
  if (only !== undefined && wanted(fixAllKind)) {
    const edits = fixAll(project, request.path);
    const title = "Mend all that can be mended safely";
    const kind = fixAllKind;
    if (edits.length > 0) actions.push({ title, kind, edits, diagnostics: [], preferred: false });
  }
  return actions.filter(({ edits }) => edits.every(({ span }) => isOurs(span.file.path)));
}

/** The findings of a document that touch a span. */
function touched(project: Project, { path, span }: ActionRequest): readonly Located[] {
  const found = findingsByFile(project, project.host.openPaths).get(path) ?? [];
  return found.filter(({ finding }) => {
    const at = finding.span;
    return at !== undefined && at.start <= span.end && span.start <= at.end;
  });
}

function quickFixes(
  project: Project,
  locations: Locations,
  located: Located,
  request: ActionRequest,
): readonly Action[] {
  const { finding } = located;
  const diagnostics = [toDiagnostic(located, locations)];
  const kind = CodeActionKind.QuickFix;
  const helps = [...(finding.help ? [finding.help] : []), ...(finding.alternatives ?? [])];
  const mends = helps.flatMap((help, index): Action[] => {
    const { edits = [], applicability = "safe" } = help;
    const preferred = index === 0 && applicability === "safe";
    if (edits.length === 0) return [];
    return [{ title: titleOf(help), kind, edits, diagnostics, preferred }];
  });
  const imports = missingImport(project, finding, request)
    .filter(({ title }) => mends.every((mend) => mend.title !== title))
    .map((action) => ({ ...action, diagnostics }));
  const suppressed = suppression(finding);
  const other = suppressed
    ? [{ ...suppressed, kind, diagnostics, preferred: false } satisfies Action]
    : [];
  return [...mends, ...imports, ...other];
}

function titleOf({ text }: Help): string {
  const [first = ""] = text.split("\n");
  const capital = first.charAt(0).toUpperCase() + first.slice(1);
  return capital.length > titleLength ? `${capital.slice(0, titleLength - 1)}…` : capital;
}

/** A name that means nothing here and is declared in another file: the import that it needs. */
function missingImport(
  project: Project,
  { code, span }: Finding,
  { path, standard }: ActionRequest,
): readonly Omit<Action, "diagnostics">[] {
  const unit = project.unit(path);
  if (code !== "R0201" || span === undefined || unit?.file !== span.file) return [];
  const name = span.file.text.slice(span.start, span.end);
  const cursor = { around: [], declaration: { parameters: [] }, word: "", start: span.start };
  const context = { project, unit, cursor, offset: span.start, snippets: false, standard };
  return importable(context).flatMap(({ declaration, specifier }) => {
    if (declaration.name.text !== name) return [];
    const { range, newText } = importEdit(context, name, specifier);
    const edits = [{ span: spanOf(unit.file, range), text: newText }];
    const title = `Import \`${name}\` from "${specifier}"`;
    return [{ title, kind: CodeActionKind.QuickFix, edits, preferred: true }];
  });
}

/** A comment above the line that takes a rule's finding back; the reason is for the user to write. */
function suppression({ code, span }: Finding): Pick<Action, "title" | "edits"> | undefined {
  if (span === undefined || !everyRule.some(({ name }) => name === code)) return undefined;
  const { file } = span;
  const { line } = file.position(span.start);
  const start = file.lineStarts[line - 1] ?? 0;
  const indent = /^[ \t]*/.exec(file.line(line))?.[0] ?? "";
  const text = `${indent}// resnetc-ignore ${code}: reason${file.newline}`;
  return { title: `Suppress \`${code}\` here`, edits: [{ span: file.span(start, start), text }] };
}

/** What mending makes of one document, as the change of its text. */
function fixAll(project: Project, path: string): readonly Edit[] {
  const file = project.file(path);
  if (file === undefined) return [];
  const settings = project.lintSettings(path);
  const find = (texts: Texts): readonly Finding[] =>
    lint(check(path, new OverlayHost(project.host, texts), { parse: project.parsed }), settings);
  const { texts } = mend(find, { mayChange: (each) => each === path });
  const after = texts.get(path);
  return after === undefined || after === file.text ? [] : [changeOf(file, after)];
}
