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

/** What two edits have in common that are the same. */
function keyOf({ span, text }: Edit): string {
  return `${span.file.path}\n${span.start} ${span.end} ${text}`;
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
  const taken = new Set<string>();
  const spans = new Map<string, Span[]>();
  return candidates.filter(({ edits }) => {
    const fresh = edits.filter((edit) => !taken.has(keyOf(edit)));
    if (fresh.some(({ span }) => touchesAny(spans.get(span.file.path) ?? [], span))) return false;
    if (fresh.length > 0 && fresh.length < edits.length) return false;
    for (const edit of fresh) {
      const { span } = edit;
      taken.add(keyOf(edit));
      const others = spans.get(span.file.path) ?? [];
      others.splice(
        countWhile(others, ({ start }) => start < span.start),
        0,
        span,
      );
      spans.set(span.file.path, others);
    }
    return true;
  });
}

/** Whether a span touches one of others, which ascend; only those of one diagnostic touch each other. */
function touchesAny(others: readonly Span[], span: Span): boolean {
  const after = countWhile(others, ({ end }) => end < span.start);
  const next = others[after];
  return next !== undefined && next.start <= span.end;
}

/** How many of the first items have a property that all behind one without it lack. */
function countWhile<T>(items: readonly T[], has: (item: T) => boolean): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = items[middle];
    if (item !== undefined && has(item)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The edits of several diagnostics, each once. */
export function allEdits(mended: readonly Mendable[]): readonly Edit[] {
  const edits = mended.flatMap((each) => each.edits);
  return [...new Map(edits.map((edit) => [keyOf(edit), edit])).values()];
}

/** Where the places of a text go once edits of it are made, none of which overlaps another. */
export class Moves {
  readonly #edits: readonly Edit[];
  /** By how much what stands before each edit has moved; last, what stands behind all. */
  readonly #shifts: readonly number[];

  constructor(edits: readonly Edit[]) {
    this.#edits = ordered(edits);
    let shift = 0;
    const after = this.#edits.map(
      ({ span, text }) => (shift += text.length - (span.end - span.start)),
    );
    this.#shifts = [0, ...after];
  }

  /** Where an offset has gone; one within an edit is where its text begins. */
  of(offset: number): number {
    const passed = countWhile(this.#edits, ({ span }) => span.end <= offset);
    const start = this.#edits[passed]?.span.start ?? offset;
    return Math.min(start, offset) + (this.#shifts[passed] ?? 0);
  }

  /** Where the text of the edit begins that is made at `start`. */
  ofEdit(start: number): number {
    const before = countWhile(this.#edits, ({ span }) => span.start < start);
    return start + (this.#shifts[before] ?? 0);
  }
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

/** A diagnostic whose mends are said and not made. */
export function withoutEdits(found: Diagnostic): Diagnostic {
  const { help, alternatives } = found;
  return {
    ...found,
    ...(help && { help: { text: help.text } }),
    ...(alternatives && { alternatives: alternatives.map(({ text }) => ({ text })) }),
  };
}
