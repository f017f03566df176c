/** What of a document can be folded, and how a selection grows. */
import {
  FoldingRangeKind,
  type FoldingRange,
  type Position,
  type SelectionRange,
} from "vscode-languageserver";
import type { SourceFile, Span } from "../../source/source.js";
import { everyNode, syntaxPath } from "../names/syntax-path.js";
import { offsetAt, positionAt, rangeOf, wordAround } from "../project/positions.js";
import type { Project } from "../project/project.js";

/** Bodies in braces, runs of comments and of imports. */
export function foldingRanges(project: Project, path: string): readonly FoldingRange[] {
  const unit = project.unit(path);
  if (unit === undefined) return [];
  const { file } = unit;
  const folds = new Map<string, FoldingRange>();
  const add = (fold: FoldingRange): void => {
    if (fold.endLine > fold.startLine) folds.set(`${fold.startLine}`, fold);
  };
  for (const declaration of unit.declarations) {
    for (const { is, node } of everyNode({ is: "declaration", node: declaration })) {
      const braced = is === "chain" || is === "declaration" || is === "item" || is === "step";
      if (braced) add(bracedFold(file, node.span));
    }
  }
  const imports = unit.declarations.filter(({ kind }) => kind === "import").map(({ span }) => span);
  for (const run of runs(file, imports)) add({ ...run, kind: FoldingRangeKind.Imports });
  const comments = project.parsed(file).unit.comments.map(({ span }) => span);
  const whole = comments.filter((span) => isAlone(file, span));
  for (const run of runs(file, whole)) add({ ...run, kind: FoldingRangeKind.Comment });
  return [...folds.values()].sort((a, b) => a.startLine - b.startLine);
}

/** From the line of the opening brace to the line before the closing one. */
function bracedFold(file: SourceFile, { start, end }: Span): FoldingRange {
  const last = positionAt(file, end).line;
  const closes = /^\s*[}\])]/.test(file.line(last + 1));
  return { startLine: positionAt(file, start).line, endLine: closes ? last - 1 : last };
}

function isAlone(file: SourceFile, { start }: Span): boolean {
  const { line, character } = positionAt(file, start);
  return (
    file
      .line(line + 1)
      .slice(0, character)
      .trim() === ""
  );
}

/** Stretches of lines that follow one another. */
function runs(file: SourceFile, spans: readonly Span[]): FoldingRange[] {
  const found: FoldingRange[] = [];
  for (const { start, end } of spans) {
    const [first, last] = [positionAt(file, start).line, positionAt(file, end).line];
    const before = found.at(-1);
    if (before && first <= before.endLine + 1) before.endLine = Math.max(before.endLine, last);
    else found.push({ startLine: first, endLine: last });
  }
  return found;
}

/** What a selection at each position grows to: the word, then the syntax around it, out to the whole text. */
export function selectionRanges(
  project: Project,
  path: string,
  positions: readonly Position[],
): readonly SelectionRange[] {
  const unit = project.unit(path);
  if (unit === undefined) return [];
  const { file } = unit;
  return positions.map((position) => {
    const offset = offsetAt(file, position);
    const around = syntaxPath(unit, offset).map(({ node }) => node.span);
    const spans = [file.span(0, file.text.length), ...around, wordAround(file, offset)];
    return nested(spans, file.span(offset, offset));
  });
}

/** Ranges from the outermost to the innermost, each strictly inside the one before. */
function nested(spans: readonly Span[], least: Span): SelectionRange {
  let range: SelectionRange | undefined;
  let outer: Span | undefined;
  for (const span of spans) {
    const inside = outer === undefined || (span.start >= outer.start && span.end <= outer.end);
    const smaller = outer === undefined || span.end - span.start < outer.end - outer.start;
    if (!inside || !smaller || span.end === span.start) continue;
    range = { range: rangeOf(span), ...(range && { parent: range }) };
    outer = span;
  }
  return range ?? { range: rangeOf(least) };
}
