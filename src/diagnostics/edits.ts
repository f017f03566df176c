/**
 * Edits as changes of texts: which of them go together, what a text is afterwards, and where its places
 * have gone. Pure; serves `--fix`, the editor and tests alike.
 */
import type { SourceFile, Span } from "../source/source.js";
import type { Diagnostic, Edit } from "./diagnostic.js";

/** Texts by the path of their file. */
export type Texts = ReadonlyMap<string, string>;

/** A diagnostic with edits that mend it. */
export interface Mendable {
  readonly diagnostic: Diagnostic;
  readonly edits: readonly Edit[];
}

/** The edits of one file, first to last. */
function ordered(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/**
 * The text of one file with edits made, none of which may touch another.
 *
 * @throws RangeError where two overlap.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let changed = "";
  let at = 0;
  for (const { span, text: put } of ordered(edits)) {
    if (span.start < at) throw new RangeError("edits of one place overlap");
    changed += text.slice(at, span.start) + put;
    at = span.end;
  }
  return changed + text.slice(at);
}

/** Edits by the path of the file that they are in. */
export function editsByPath(edits: readonly Edit[]): ReadonlyMap<string, readonly Edit[]> {
  const byPath = new Map<string, Edit[]>();
  for (const edit of edits) {
    const { path } = edit.span.file;
    const known = byPath.get(path);
    if (known) known.push(edit);
    else byPath.set(path, [edit]);
  }
  return byPath;
}

/** The texts after edits, which carry the text that they were made for. */
export function editedTexts(edits: readonly Edit[]): Texts {
  const texts = new Map<string, string>();
  for (const [path, own] of editsByPath(edits)) {
    texts.set(path, applyEdits(own[0]?.span.file.text ?? "", own));
  }
  return texts;
}

/** Whether two spans of one file overlap or touch. */
export function spansTouch(one: Span, other: Span): boolean {
  return one.file.path === other.file.path && one.start <= other.end && other.start <= one.end;
}

function isSameEdit(one: Edit, other: Edit): boolean {
  return (
    one.text === other.text &&
    one.span.file.path === other.span.file.path &&
    one.span.start === other.span.start &&
    one.span.end === other.span.end
  );
}

/** The diagnostics whose first help can be made by a program. @param unsafe whether any may be. */
export function mendable(diagnostics: readonly Diagnostic[], unsafe: boolean): Mendable[] {
  return diagnostics.flatMap((diagnostic) => {
    const { edits = [], applicability = "safe" } = diagnostic.help ?? {};
    const may = edits.length > 0 && (unsafe || applicability === "safe");
    return may ? [{ diagnostic, edits }] : [];
  });
}

/**
 * Those whose edits can be made at once: all edits of a diagnostic or none, and none that touches one of
 * a diagnostic before it. Diagnostics that ask for the very same edits go together.
 */
export function compatible(candidates: readonly Mendable[]): readonly Mendable[] {
  const taken: Edit[] = [];
  return candidates.filter(({ edits }) => {
    const fresh = edits.filter((edit) => !taken.some((other) => isSameEdit(edit, other)));
    const clashes = fresh.some((edit) => taken.some((other) => spansTouch(edit.span, other.span)));
    if (clashes || (fresh.length > 0 && fresh.length < edits.length)) return false;
    taken.push(...fresh);
    return true;
  });
}

/** The edits of several diagnostics, each once. */
export function allEdits(mended: readonly Mendable[]): readonly Edit[] {
  const all: Edit[] = [];
  for (const edit of mended.flatMap(({ edits }) => edits)) {
    if (!all.some((known) => isSameEdit(known, edit))) all.push(edit);
  }
  return all;
}

/** Where an offset of a text has gone once `edits` of that text are made. */
export function movedOffset(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { span, text } of ordered(edits)) {
    if (span.end <= offset && (span.end > span.start || span.start <= offset)) {
      shift += text.length - (span.end - span.start);
    } else if (span.start < offset) return span.start + shift;
    else break;
  }
  return offset + shift;
}

/** The smallest single edit that makes one text of another. */
export function changeOf(file: SourceFile, after: string): Edit {
  const before = file.text;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let [end, last] = [before.length, after.length];
  while (end > start && last > start && before[end - 1] === after[last - 1]) {
    end--;
    last--;
  }
  return { span: file.span(start, end), text: after.slice(start, last) };
}

/**
 * The span of one item of a list that commas part, with the comma to the next, or with that from the one before.
 *
 * @throws RangeError where the list has no such item.
 */
export function withoutItem(items: readonly Span[], index: number): Span {
  const [before, own, after] = [items[index - 1], items[index], items[index + 1]];
  if (own === undefined) throw new RangeError(`a list of ${items.length} has no item ${index}`);
  if (after) return own.file.span(own.start, after.start);
  return own.file.span(before?.end ?? own.start, own.end);
}
